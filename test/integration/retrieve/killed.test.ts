import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type Library, openLibrary } from '../../../main/retrieve/index.js';
import { hashingEmbedder } from './hashing-embedder.js';
import { report } from './source-documents.js';

const count = 120;
const batch = 20;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-killed-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function withLibrary<T>(use: (library: Library) => Promise<T>): Promise<T> {
  const { embed } = hashingEmbedder();
  const library = await openLibrary({ folder, embed, embedder: 'hashing' });
  try {
    return await use(library);
  } finally {
    await library.dispose();
  }
}

/** Runs the import in a process of its own and kills it `afterMs` after it began to write; what it had said by then. */
async function importAndKill(
  edition: number,
  afterMs: number,
): Promise<{ written: number; finished: boolean }> {
  const script = fileURLToPath(new URL('./killed-import.ts', import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', script, folder, String(edition), String(count), String(batch)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  const started = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      resolve();
    });
    child.once('exit', () => resolve());
  });
  const exited = once(child, 'exit');
  await started;
  await Promise.race([exited, sleep(afterMs)]);
  child.kill('SIGKILL');
  await exited;
  const numbers = said.split('\n').filter((line) => /^\d+$/.test(line));
  return { written: Number(numbers.at(-1) ?? 0), finished: said.includes('finished') };
}

const Row = z.object({ id: z.string(), document: z.string(), text: z.string() });
const OwnRow = z.object({ id: z.string(), contentHash: z.string() });

/** Every row of the dataset, checked to be whole: each document once, with all its snippets and images of one edition. */
async function checkWhole(library: Library): Promise<Map<string, number>> {
  const index = library.index('own');
  const editions = new Map<string, number>();
  if (!(await index.holds('XR'))) return editions;
  await index.read('XR', async ({ documents, snippets, images }) => {
    const hashes = new Map(
      [1, 2].flatMap((edition) =>
        Array.from(
          { length: count },
          (_, n) => [report(n, { edition, images: 1 }).contentHash, edition] as const,
        ),
      ),
    );
    for (const row of await documents.query().select(['id', 'contentHash']).toArray()) {
      const { id, contentHash } = OwnRow.parse(row);
      expect(editions.has(id), `${id} is there once`).toBe(false);
      editions.set(id, hashes.get(contentHash) ?? Number.NaN);
    }
    const texts = (await snippets.query().select(['id', 'document', 'text']).toArray()).map((row) =>
      Row.parse(row),
    );
    expect(new Set(texts.map(({ id }) => id)).size).toBe(texts.length);
    expect(texts).toHaveLength(editions.size * 3);
    for (const { id, document, text } of texts)
      if (id.endsWith('#0')) expect(text).toContain(`edition ${editions.get(document)}.`);
    expect((await images?.countRows()) ?? 0).toBe(editions.size);
  });
  return editions;
}

test('killed at any moment, an import loses nothing and doubles nothing', { timeout: 400_000 }, async () => {
  await withLibrary((library) => library.add({ title: 'Own' }));
  // A first import and one that replaces everything, each killed at random moments until it comes to its end.
  for (const edition of [1, 2]) {
    let kills = 0;
    for (let finished = false; !finished; ) {
      const run = await importAndKill(edition, kills < 2 ? Math.random() * 700 : 60_000);
      finished = run.finished;
      kills += finished ? 0 : 1;
      await withLibrary(async (library) => {
        const editions = await checkWhole(library);
        // What it said was written is there, and what an earlier edition had brought was not lost.
        for (let n = 0; n < count; n += 1) {
          if (n < run.written) expect(editions.get(`case-${n}`)).toBe(edition);
          else if (edition > 1) expect([edition - 1, edition]).toContain(editions.get(`case-${n}`));
        }
      });
    }
    await withLibrary(async (library) => {
      expect([...(await checkWhole(library)).values()]).toEqual(Array(count).fill(edition));
      expect((await library.versions('own'))[0]).toMatchObject({
        note: `edition ${edition}`,
        documents: count,
      });
    });
  }
});
