import { expect, test } from 'vitest';
import { fromRoot } from '../../../.ci/root.js';
import { summaryOf } from '../../../.ci/test-results.js';

const counts = { numPassedTests: 7, numFailedTests: 0, numPendingTests: 2, numTodoTests: 0 };
const file = (name: string, message: string, ...assertionResults: object[]) => ({
  ...{ name: fromRoot(`test/${name}`), message, status: 'failed' },
  assertionResults: assertionResults as { status: string; fullName: string; failureMessages: string[] }[],
});
const failed = (fullName: string, error: string) => ({
  ...{ status: 'failed', fullName, failureMessages: [error] },
});

test('the counts are the last line', () => {
  expect(summaryOf({ ...counts, testResults: [] })).toEqual({
    failed: 0,
    lines: ['7 passed, 0 failed, 2 skipped'],
  });
});

test('a failed test is named with its first error and its place', () => {
  const stack = `AssertionError: \u001b[31mexpected 3 to be greater than 3\u001b[39m\n    at inner (/node_modules/x.js:1:1)\n    at ${fromRoot('test/a.test.ts')}:43:28`;
  const { lines } = summaryOf({
    ...counts,
    testResults: [file('a.test.ts', '', { status: 'passed', fullName: 'fine' }, failed('one', stack))],
  });
  expect(lines).toEqual([
    'FAILED test/a.test.ts > one',
    '    AssertionError: expected 3 to be greater than 3',
    expect.stringMatching(/^ {4}at .*test\/a\.test\.ts:43:28$/),
    '7 passed, 1 failed, 2 skipped',
  ]);
  expect(lines.join()).not.toContain(fromRoot('test'));
});

test('a file that does not load counts as a failure, and many are cut short', () => {
  const many = Array.from({ length: 40 }, (_, n) => failed(`test ${n}`, `${'long '.repeat(100)}\n\n\n`));
  const { lines, failed: count } = summaryOf({
    ...counts,
    testResults: [file('b.test.ts', 'Cannot find module x'), file('c.test.ts', '', ...many)],
  });
  expect(count).toBe(41);
  expect(lines.slice(0, 2)).toEqual(['FAILED test/b.test.ts', '    Cannot find module x']);
  expect(lines.length).toBeLessThan(50);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
  expect(lines.slice(-2)).toEqual(['… and 26 more', '7 passed, 41 failed, 2 skipped']);
});
