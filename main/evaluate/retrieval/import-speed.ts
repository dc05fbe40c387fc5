/** The set `import`: how many documents and snippets a second the product imports, and whether it takes more memory the more there are. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addDataset, startImport } from './import-speed-process.js';
import { writeReports } from './import-speed-reports.js';
import type { Outcome, Task } from './import-speed-task.js';
import type { BenchSet } from './set.js';

const runs: { documents: number; vectors: Task['vectors'] }[] = [
  { documents: 1_000, vectors: 'none' },
  { documents: 10_000, vectors: 'none' },
  { documents: 100_000, vectors: 'none' },
  { documents: 1_000, vectors: 'pack' },
];

/** `limit`: at most so many documents a run. */
export const measureImport: BenchSet = async ({ out, limit, pack, signal, onProgress }) => {
  const folder = join(out, 'import');
  const figures: (Outcome & { vectors: Task['vectors'] })[] = [];
  for (const [at, { documents, vectors }] of runs.entries()) {
    if (limit !== undefined && documents > limit) continue;
    onProgress?.(`Importing ${documents} documents`, at, runs.length);
    await rm(folder, { recursive: true, force: true });
    const [files, library] = [join(folder, 'files'), join(folder, 'library')];
    await mkdir(library, { recursive: true });
    await writeReports(files, documents);
    const dataset = await addDataset(library, vectors);
    const task = { library, dataset, files, vectors, pack: (await pack()).folder };
    const outcome = await startImport(task, signal).ended;
    if (outcome) figures.push({ ...outcome, vectors });
  }
  await rm(folder, { recursive: true, force: true });
  return {
    metrics: figures,
    lines: [
      '| import | documents | snippets | seconds | documents/s | snippets/s | processor seconds | MB at start | MB at most reading | MB at most indexing | MB at the end | MB of a reader at most |',
      '|---|---|---|---|---|---|---|---|---|---|---|---|',
      ...figures.map((figure) => `| ${cellsOf(figure).join(' | ')} |`),
    ],
  };
};

function cellsOf(figure: Outcome & { vectors: Task['vectors'] }): (string | number)[] {
  const { vectors, documents, snippets, seconds, processorSeconds } = figure;
  const { startMb, readingMb, indexingMb, endMb, readerMb } = figure;
  const whole = (value: number | undefined) => value?.toFixed(0) ?? '–';
  return [
    ...[vectors === 'none' ? 'words only' : 'with vectors', documents, snippets, seconds.toFixed(1)],
    ...[whole(documents / seconds), whole(snippets / seconds), processorSeconds.toFixed(1)],
    ...[startMb, readingMb, indexingMb, endMb, readerMb].map(whole),
  ];
}
