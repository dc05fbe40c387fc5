import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importKnowledge, interruptedImports } from '../../../main/import/index.js';
import { openLibrary } from '../../../main/retrieve/index.js';
import { hashingEmbedder } from '../retrieve/hashing-embedder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-killed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = () =>
  openLibrary({ folder: join(folder, 'library'), embed: hashingEmbedder().embed, embedder: 'hashing' });

test('killed, it is told as interrupted, and run again it has everything once', async () => {
  const files = join(folder, 'files');
  await mkdir(files);
  const rows = Array.from(
    { length: 400 },
    (_, n) => `${n},CT abdomen,The liver has a cyst of ${n} millimetres.`,
  );
  await writeFile(join(files, 'a.csv'), `id,exam,findings\n${rows.join('\n')}\n`);
  const first = await open();
  const { id: dataset } = await first.add({ title: 'Own' });
  await first.dispose();

  const script = fileURLToPath(new URL('./killed-import.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, join(folder, 'library'), files, dataset, '4'],
    { stdio: 'ignore' },
  );
  expect((await once(child, 'exit'))[1]).toBe('SIGKILL');

  const library = await open();
  try {
    const [interrupted] = await interruptedImports(library);
    expect(interrupted).toEqual({ dataset, paths: [files], vectors: true });
    const before = (await library.documents(dataset, { offset: 0, limit: 1 })).total;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(400);
    if (interrupted === undefined) return;
    const result = await importKnowledge(library, interrupted, { embedImages: async () => [] });
    expect(result).toMatchObject({ added: 400 - before, updated: 0, unchanged: before, version: 1 });
    expect((await library.documents(dataset, { offset: 0, limit: 1 })).total).toBe(400);
    expect(await library.versions(dataset)).toMatchObject([{ documents: 400, snippets: 400, current: true }]);
    expect(await interruptedImports(library)).toEqual([]);
  } finally {
    await library.dispose();
  }
});
