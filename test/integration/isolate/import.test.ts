import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecords } from '../../../main/import/read-records.js';
import { forkReader, readers } from '../../../main/isolate/index.js';
import type { Problem } from '../../../preload/values.js';

const rows = 3000;
let folder: string;
let file: string;
const started: { kill(): void }[] = [];
beforeAll(() => {
  readers.launchBy(() => {
    const child = forkReader();
    started.push(child);
    return child;
  });
  folder = mkdtempSync(join(tmpdir(), 'wetread-table-'));
  file = join(folder, 'reports.csv');
  const lines = Array.from({ length: rows }, (_, n) => `${n},Clear lungs in case ${n}.,No acute disease.`);
  writeFileSync(file, ['id,findings,impression', ...lines].join('\n'));
});
afterAll(async () => {
  await readers.dispose();
  rmSync(folder, { recursive: true, force: true });
});

test('a table is read on where its reader was when it was ended, nothing twice and nothing lost', async () => {
  const problems: Problem[] = [];
  const keys: string[] = [];
  const source = { file, kind: 'CSV' as const, images: [], root: folder };
  for await (const { key } of readRecords(source, { onProblem: (one) => problems.push(one) })) {
    keys.push(key);
    if (keys.length % 1000 === 500) for (const child of started) child.kill();
  }
  expect(problems).toEqual([]);
  expect(keys).toEqual(Array.from({ length: rows }, (_, n) => `${n}`));
  expect(started.length).toBeGreaterThan(3);
});
