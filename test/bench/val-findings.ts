/**
 * What the pack sees and what the drafts say on the val studies, measured through the product's own steps:
 * `npx tsx test/bench/val-findings.ts [--split val] [--limit N]`. AUROC of each finding; finding F1 and hallucinated sentences of
 * the drafts; and both again with the images of each study exchanged for another's, which must ruin them.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseFindings } from '../../main/draft/index.js';
import { embedTexts, encodeStudy, openPack } from '../../main/encode/index.js';
import { draftStudy, modelImage } from '../../main/pipeline.js';
import { buildIndex, openIndex } from '../../main/retrieve/index.js';
import { decodeFrame, dispose, loadStudies, resizeGrey } from '../../main/study/index.js';
import type { Instance, Study } from '../../preload/values.js';
import { auroc } from './auroc.js';
import { type CodedStudy, codedFindings, findingsOf, radiographs, readCodedStudies } from './coding.js';

const { values: options } = parseArgs({
  options: { split: { type: 'string', default: 'val' }, limit: { type: 'string' } },
});
const coded = readCodedStudies(options.split)
  .filter((study) => study.images.length > 0)
  .slice(0, options.limit ? Number(options.limit) : undefined);

const pack = await openPack('models/cxr');
const folder = await mkdtemp(join(tmpdir(), 'wetread-val-'));
const index = await openIndex(
  folder,
  (texts, { signal }) => embedTexts(pack, texts, { signal, states: false }),
  { embedder: 'val' },
);
await buildIndex(index, 'indices');
const readImage = async (instance: Instance) => modelImage(await decodeFrame(instance, 0));

const studies = await Promise.all(coded.map(asStudy));
// Half way round the split: nobody keeps their own images.
const shuffled = coded.map((_, i) => studies[(i + Math.floor(coded.length / 2)) % coded.length]);

console.log(
  `${coded.length} coded ${options.split} studies, pack ${pack.manifest.id} ${pack.manifest.version}`,
);
await measure('own images', studies, true);
await measure("another study's images", shuffled, false);
await index.dispose();
await pack.dispose();
await dispose();
await rm(folder, { recursive: true });

/** Scores the drafts and the probabilities that `images` give against the coding of `coded`, one for one. */
async function measure(name: string, images: (Study | undefined)[], list: boolean) {
  const probabilities = new Map(
    pack.manifest.findings.map(({ id }) => [id, [] as { p: number; truth: boolean }[]]),
  );
  const count = { all: { tp: 0, fp: 0, fn: 0 }, abnormal: { tp: 0, fp: 0, fn: 0 } };
  let sentences = 0;
  let invented = 0;
  let abstained = 0;
  for (const [i, record] of coded.entries()) {
    const study = images[i];
    if (!study) continue;
    const truth = findingsOf(record);
    const encoding = await encodeStudy(pack, study, readImage, { resize: resizeGrey });
    for (const { id, probability } of encoding.findings)
      probabilities.get(id)?.push({ p: probability, truth: truth.has(id) });
    const draft = await draftStudy(
      { ...study, indication: indicationOf(record) },
      {
        pack,
        index,
        adapter: pack.manifest.defaultAdapter ?? null,
        readImage,
        resize: resizeGrey,
        newId: randomUUID,
      },
    );
    if (draft.abstention) abstained += 1;
    // The reference report counts as truth beside the coding, as coders leave out what is old or minor.
    const reference = present(`${record.findings ?? ''}\n${record.impression ?? ''}`);
    const said = new Set<string>();
    for (const { text } of draft.sentences) {
      const stated = present(text);
      for (const id of stated) said.add(id);
      sentences += 1;
      if ([...stated].some((id) => !truth.has(id) && !reference.has(id))) invented += 1;
    }
    for (const { id } of codedFindings) {
      const kind = truth.has(id) ? (said.has(id) ? 'tp' : 'fn') : said.has(id) ? 'fp' : undefined;
      if (!kind) continue;
      count.all[kind] += 1;
      if (!record.mesh.includes('normal')) count.abnormal[kind] += 1;
    }
  }
  const areas = [...probabilities].map(([id, pairs]) => ({
    id,
    positives: pairs.filter(({ truth }) => truth).length,
    area: auroc(pairs),
  }));
  // Of fewer than five positives an area says nothing.
  const counted = areas.filter(({ positives }) => positives >= 5);
  const mean = counted.reduce((sum, { area }) => sum + area, 0) / counted.length;
  console.log(`\n${name}`);
  if (list)
    for (const { id, positives, area } of areas)
      console.log(`  ${id.padEnd(28)} ${area.toFixed(3)} (${positives} positive)`);
  console.log(`  mean AUROC of ${counted.length} findings with at least 5 positives: ${mean.toFixed(3)}`);
  console.log(
    `  finding F1 of the drafts, micro: ${f1(count.all)} on all, ${f1(count.abnormal)} on abnormal studies`,
  );
  console.log(
    `  hallucinated sentences: ${((100 * invented) / sentences).toFixed(1)} % of ${sentences}; abstained: ${abstained}`,
  );
}

function present(text: string): Set<string> {
  return new Set(
    parseFindings(text)
      .filter(({ state }) => state === 'present')
      .map(({ finding }) => finding),
  );
}

function f1({ tp, fp, fn }: { tp: number; fp: number; fn: number }): string {
  return ((2 * tp) / Math.max(1, 2 * tp + fp + fn)).toFixed(3);
}

function indicationOf(record: CodedStudy): string | undefined {
  return record.indication?.replaceAll(/X{2,}/g, '').trim() || undefined;
}

/** The images of one coded study, as one study of as many series. */
async function asStudy({ uid, images }: CodedStudy): Promise<Study | undefined> {
  const loaded = (await loadStudies(images.map(({ file }) => join(radiographs, 'images', file)))).studies;
  const [first] = loaded;
  return first && { ...first, uid, series: loaded.flatMap((study) => study.series) };
}
