/** The window and the command line at once on one data folder: two engines that draft, review and import into the same dataset. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { articles, writeArticle } from '../retrieve/knowledge.js';
import { prepare } from './kills.js';
import { checkTrail, documents, newJob, writeDocuments } from './main-job.js';
import { RealEngine, sampleStudy } from './real-engine.js';

let folder: string;
const engines: RealEngine[] = [];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-together-'));
  for (const article of articles) await writeArticle(join(folder, 'documents'), article);
  await prepare(join(folder, 'data'), join(folder, 'documents'));
  writeDocuments(join(folder, 'import'));
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.dispose()));
  rmSync(folder, { recursive: true, force: true });
});

test('two engines on one data folder lose nothing of each other', { timeout: 400_000 }, async () => {
  const open = () => {
    const engine = new RealEngine({
      dataFolder: join(folder, 'data'),
      documentsFolder: join(folder, 'documents'),
    });
    engines.push(engine);
    return engine;
  };
  const first = open();
  const { id: dataset } = await first.call('dataset.add', { title: 'Ward' });
  const second = open();
  const work = async (engine: RealEngine) => {
    const { studies } = await engine.call('study.open', { paths: [sampleStudy], task: 'open' });
    const study = studies[0] ?? '';
    const imported = engine.call('import.run', {
      ...{ dataset, paths: [join(folder, 'import')], modality: 'XR', task: 'import' },
    });
    const report = await engine.call('report.draft', { study, task: 'draft' });
    for (const { id: sentence } of report.sentences)
      await engine.call('report.accept', { report: report.id, sentence });
    return { study, report: report.id, imported: await imported };
  };
  const [one, other] = await Promise.all([work(first), work(second)]);

  // One waits while the other writes, and finds all of it there.
  expect([one.imported, other.imported].map(({ added }) => added).sort((a, b) => a - b)).toEqual([
    0,
    documents,
  ]);
  expect((await first.call('dataset.documents', { dataset, offset: 0, limit: 100 })).total).toBe(documents);
  expect(one.report).not.toBe(other.report);
  for (const engine of engines) {
    const report = await engine.call('report.ofStudy', { study: one.study });
    expect(report?.sentences.every(({ status }) => status === 'accepted')).toBe(true);
  }
  await checkTrail(newJob(first, join(folder, 'data'), folder));
});
