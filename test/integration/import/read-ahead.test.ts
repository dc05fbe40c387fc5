import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { limits } from '../../../main/import/limits.js';
import { readAhead } from '../../../main/import/read-ahead.js';
import { readers } from '../../../main/isolate/index.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-ahead-'));
});
afterAll(async () => {
  await readers.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function* sources(files: readonly string[]) {
  for (const file of files) {
    const kind = file.endsWith('.csv') ? ('CSV' as const) : ('text' as const);
    yield { file: join(folder, file), kind, images: [], root: folder };
  }
}

test('texts are read many at a time and in order; a long one leaves the rest of its batch to be read alone', async () => {
  const long = 'The nodule is stable. '.repeat(limits.charsAtOnce / 20);
  for (const [name, text] of Object.entries({
    'a.txt': 'Findings: Clear.',
    'b.txt': long,
    'c.txt': 'Findings: Small.',
  }))
    await writeFile(join(folder, name), text);
  const files = ['a.txt', 'gone.txt', 'b.txt', 'c.txt', 'd.csv'];
  const told: [string | undefined, string][] = [];
  for await (const { source, reads } of readAhead(sources(files)))
    told.push([
      source.file.split('/').at(-1),
      reads?.map((one) => ('problem' in one ? one.problem.code : 'record')).join() ?? 'alone',
    ]);
  expect(told).toEqual([
    ['a.txt', 'record'],
    ['gone.txt', 'not-found'],
    ['b.txt', 'record'],
    ['c.txt', 'alone'],
    ['d.csv', 'alone'],
  ]);
});

test('left before its end or cancelled, it waits for nothing', async () => {
  const many = Array.from({ length: 3 * limits.filesAtOnce }, (_, at) => `${at}.txt`);
  await Promise.all(many.map((name) => writeFile(join(folder, name), 'Findings: Clear.')));
  for await (const { source } of readAhead(sources(many))) {
    expect(source.file).toBe(join(folder, '0.txt'));
    break;
  }
  const rest = async () => {
    for await (const one of readAhead(sources(many), { signal: AbortSignal.abort() })) expect(one).toBe(0);
  };
  await expect(rest()).rejects.toThrow(/abort/i);
});
