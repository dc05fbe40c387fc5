/** The engine killed once in every step of the main job; a hundred times at random: test/bench/engine-kills.ts. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { articles, writeArticle } from '../retrieve/knowledge.js';
import { type Killing, prepare, runJob } from './kills.js';
import { steps } from './main-job.js';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-kills-'));
  for (const article of articles) await writeArticle(join(folder, 'documents'), article);
  await prepare(join(folder, 'template'), join(folder, 'documents'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('killed once in every step of the main job, it loses nothing', { timeout: 900_000 }, async () => {
  const killings: Killing[] = [];
  mkdirSync(join(folder, 'work'));
  /** Long enough that the step has begun; the short ones are done or not, as it comes. */
  const delays: Record<string, number> = { 'import documents': 700, draft: 300 };
  const { losses } = await runJob(
    join(folder, 'work'),
    join(folder, 'template'),
    {
      delay: (step) => (step === 'again' ? undefined : (delays[step] ?? 1)),
      onKill: (killing) => killings.push(killing),
    },
    join(folder, 'documents'),
  );
  expect(losses).toEqual([]);
  // Two that follow within their few milliseconds may be one.
  expect(killings.length).toBeGreaterThanOrEqual(steps.length - 3);
  expect(killings.filter(({ outcome }) => outcome === 'lost')).toEqual([]);
});
