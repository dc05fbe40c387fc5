/** The set `kill`: imports killed at random moments and run again must leave every document and snippet exactly once. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { openLibrary } from '../../retrieve/index.js';
import { addDataset, startImport } from './import-speed-process.js';
import { writeReports } from './import-speed-reports.js';
import { Random } from './scale-random.js';
import type { BenchSet } from './set.js';

const documents = 1000;
const kills = 20;

/** What a dataset holds: each document by its content, each snippet by its text, in order of id. */
interface Holding {
  documents: string[];
  snippets: string[];
}

/** `limit`: at most so many kills. */
export const measureKill: BenchSet = async ({ out, limit, signal, onProgress }) => {
  const folder = join(out, 'kill');
  const wanted = Math.min(kills, limit ?? kills);
  await rm(folder, { recursive: true, force: true });
  const files = join(folder, 'files');
  await writeReports(files, documents);
  const begin = async (name: string) => {
    const library = join(folder, name);
    await mkdir(library, { recursive: true });
    return {
      library,
      dataset: await addDataset(library, 'drawn'),
      files,
      vectors: 'drawn' as const,
      pack: '',
    };
  };

  const whole = await begin('whole');
  const uninterrupted = await startImport(whole, signal).ended;
  const expected = await holdingOf(whole.library, whole.dataset);
  const seconds = uninterrupted?.seconds ?? 0;

  const random = new Random(20);
  const moments: number[] = [];
  const completed: { kills: number; equal: boolean; documents: number; snippets: number; twice: number }[] =
    [];
  let task = await begin('killed-0');
  let ofThis = 0;
  const complete = async () => {
    const holding = await holdingOf(task.library, task.dataset);
    completed.push({
      kills: ofThis,
      equal: same(holding.documents, expected.documents) && same(holding.snippets, expected.snippets),
      documents: holding.documents.length,
      snippets: holding.snippets.length,
      twice: twice(holding.documents) + twice(holding.snippets),
    });
  };
  while (moments.length < wanted) {
    signal?.throwIfAborted();
    onProgress?.('Killing imports', moments.length, wanted);
    const running = startImport(task, signal);
    await running.ready;
    const moment = random.next() * seconds;
    const timer = new AbortController();
    await Promise.race([
      setTimeout(moment * 1000, undefined, { signal: timer.signal }).catch(() => undefined),
      running.ended,
    ]);
    timer.abort();
    running.child.kill('SIGKILL');
    if ((await running.ended) === undefined) {
      moments.push(moment);
      ofThis += 1;
      continue;
    }
    // It was done before it could be killed: another one is begun.
    await complete();
    task = await begin(`killed-${completed.length}`);
    ofThis = 0;
  }
  await startImport(task, signal).ended;
  await complete();
  await rm(folder, { recursive: true, force: true });

  const good = completed.filter(({ equal, twice: more }) => equal && more === 0).length;
  return {
    metrics: {
      kills: moments.length,
      momentsSeconds: moments,
      uninterruptedSeconds: seconds,
      expected: { documents: expected.documents.length, snippets: expected.snippets.length },
      completed,
    },
    lines: [
      `${moments.length} imports of ${documents} documents (${expected.snippets.length} snippets, ${seconds.toFixed(1)} s uninterrupted) killed at random moments;`,
      `${completed.length} datasets brought to their end, ${good} of them equal to the uninterrupted one, document by document and snippet by snippet, none twice.`,
    ],
  };
};

const DocumentRow = z.object({ id: z.string(), contentHash: z.string() });
const SnippetRow = z.object({ id: z.string(), text: z.string() });

async function holdingOf(folder: string, dataset: string): Promise<Holding> {
  const library = await openLibrary({ folder, embedder: 'drawn', embed: async () => [] });
  try {
    return await library.index(dataset).read('XR', async (tables) => {
      const rows = await tables.documents.query().select(['id', 'contentHash']).toArray();
      const snippets = await tables.snippets
        .query()
        .select(['id', 'text'])
        .where('semantic IS NOT NULL')
        .toArray();
      return {
        documents: rows
          .map((row) => DocumentRow.parse(row))
          .map(({ id, contentHash }) => `${id} ${contentHash}`)
          .sort(),
        snippets: snippets
          .map((row) => SnippetRow.parse(row))
          .map(({ id, text }) => `${id} ${text}`)
          .sort(),
      };
    });
  } finally {
    await library.dispose();
  }
}

const same = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.every((one, at) => one === b[at]);
const twice = (all: readonly string[]) => all.length - new Set(all.map((one) => one.split(' ', 1)[0])).size;
