/** What a run of the tests comes to, in a few lines: a log is often read from its end, and only a part of it. */
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { fromRoot } from './root.js';

const Test = z.object({
  status: z.string(),
  fullName: z.string(),
  failureMessages: z.array(z.string()).nullish(),
});

/** As vitest's JSON reporter writes them. */
export const TestResults = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().nullish(),
      assertionResults: z.array(Test),
    }),
  ),
});
export type TestResults = z.infer<typeof TestResults>;

const most = 15;
const widest = 180;

/** Every failed test with its first error and where it was thrown, then the counts as the last line. */
export function summaryOf({ testResults, ...counts }: TestResults): { lines: string[]; failed: number } {
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(fromRoot('.'), name);
    const tests = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ fullName, failureMessages }) => failure(`${file} > ${fullName}`, failureMessages?.[0]));
    // One that does not even load, or whose preparation fails, has no test of its own to fail.
    return status === 'failed' && tests.length === 0 ? [failure(file, message ?? undefined)] : tests;
  });
  const skipped = counts.numPendingTests + counts.numTodoTests;
  return {
    failed: failures.length,
    lines: [
      ...failures.slice(0, most).flat(),
      ...(failures.length > most ? [`… and ${failures.length - most} more`] : []),
      `${counts.numPassedTests} passed, ${failures.length} failed, ${skipped} skipped`,
    ],
  };
}

function failure(what: string, error = 'no message'): string[] {
  const lines = stripVTControlCharacters(error)
    .split('\n')
    // What vitest makes of a test that took longer than it may.
    .map((line) => line.trim().replace('STACK_TRACE_ERROR', 'it took too long'))
    .filter(Boolean);
  const stack = lines.filter((line) => line.startsWith('at '));
  const place = stack.find((line) => line.includes('/test/')) ?? stack[0];
  const said = lines.filter((line) => !line.startsWith('at ')).slice(0, 2);
  const cut = (line: string) => (line.length > widest ? `${line.slice(0, widest)}…` : line);
  return [
    `FAILED ${cut(what)}`,
    ...[...said, ...(place ? [place.replaceAll(fromRoot('.'), '')] : [])].map((line) => `    ${cut(line)}`),
  ];
}
