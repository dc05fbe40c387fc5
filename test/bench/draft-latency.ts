/**
 * Time of a warm draft of a two-view study, encode + retrieve + draft with decoding, through the engine: `npx tsx test/bench/draft-latency.ts`.
 * Draws on the bundled sample, and on two-view val studies where the radiograph collection is there.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createEngine } from '../../main/engine.js';
import { loadStudies } from '../../main/study/index.js';
import type { Study, Timings } from '../../preload/values.js';
import { percentile } from './percentile.js';

const rounds = 40;
const folder = await mkdtemp(join(tmpdir(), 'wetread-bench-'));
const engine = await createEngine({
  dataFolder: folder,
  packsFolder: 'models',
  documentsFolder: 'indices',
  user: 'bench',
});
await engine.ready();

const sample = (await loadStudies(['test/sample/study'])).studies;
const sets: [string, Study[]][] = [['sample (DICOM, decoding included once)', sample]];
const radiographs = await twoViewStudies();
if (radiographs.length > 0) sets.push([`${radiographs.length} two-view val studies (JPEG)`, radiographs]);
else process.stdout.write('No radiograph collection: only the sample is timed.\n');

process.stdout.write(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}\n`,
);
for (const [name, studies] of sets) {
  const timings: Timings[] = [];
  for (let i = 0; i < rounds + 3; i++) {
    const study = studies[i % studies.length];
    if (!study) throw new Error('There is no study to draft from.');
    const report = await engine.draft(study, { task: 'bench' });
    // The first rounds load graphs and fill caches.
    if (i >= 3) timings.push(report.timings);
  }
  process.stdout.write(`${name}, ${rounds} drafts, ms\n`);
  for (const part of ['decodeMs', 'encodeMs', 'retrieveMs', 'draftMs', 'totalMs'] as const) {
    const values = timings.map((timing) => timing[part]);
    process.stdout.write(
      `  ${part.padEnd(11)} p50 ${percentile(values, 0.5).toFixed(0).padStart(5)}  p95 ${percentile(values, 0.95).toFixed(0).padStart(5)}\n`,
    );
  }
}
process.stdout.write(
  `resident memory of this process: ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MB\n`,
);
await engine.dispose();
await rm(folder, { recursive: true });

/** Up to 20 val studies with a frontal and a lateral view, each as one study of two instances. */
async function twoViewStudies(): Promise<Study[]> {
  const data = join(process.env.WETREAD_DATA ?? '../shared/data', 'iu_xray');
  if (!existsSync(data)) return [];
  const Line = z.object({
    uid: z.string(),
    split: z.string(),
    images: z.array(z.object({ file: z.string(), projection: z.enum(['Frontal', 'Lateral']) })),
  });
  const lines = (await readFile(join(data, 'studies.jsonl'), 'utf8')).trim().split('\n');
  const chosen = lines
    .map((line) => Line.parse(JSON.parse(line)))
    .filter((line) => line.split === 'val' && line.images.length === 2)
    .slice(0, 20);
  const studies: Study[] = [];
  for (const { uid, images } of chosen) {
    const loaded = (await loadStudies(images.map(({ file }) => join(data, 'images', file)))).studies;
    const [first] = loaded;
    if (!first) continue;
    const series = loaded.flatMap((study) => study.series);
    studies.push({ ...first, uid: `bench-${uid}`, series });
  }
  return studies;
}
