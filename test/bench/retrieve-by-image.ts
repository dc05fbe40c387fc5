/**
 * Whether the image finds the right articles: of the findings that a human coded for a study, the share that the first five
 * documents are about, for each way of searching, and with the images shuffled between studies. Prints a line of JSON a system.
 *   npx tsx test/bench/retrieve-by-image.ts [studies] [folder laid out like iu_xray]
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { embedTexts, encodeStudy, openPack, type Pack } from '../../main/encode/index.js';
import {
  buildIndex,
  openIndex,
  type RetrievalParts,
  readDocuments,
  retrieveEvidence,
} from '../../main/retrieve/index.js';
import { decodeFrame, dispose, loadStudies, renderGrey, resizeGrey } from '../../main/study/index.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const most = Number(process.argv[2] ?? 60);
const data = process.argv[3] ?? join(process.env.WETREAD_DATA ?? join(root, '../shared/data'), 'iu_xray');
/** An article on more findings than these is about none in particular. */
const mostFindings = 3;

const Line = z.object({
  uid: z.string(),
  split: z.string(),
  indication: z.string().nullish(),
  images: z.array(z.object({ file: z.string(), projection: z.string() })),
  mesh: z.array(z.string()),
});
const Vocabulary = z.array(z.object({ id: z.string(), mesh: z.array(z.string()) }));
const vocabulary = Vocabulary.parse(
  JSON.parse(await readFile(join(root, 'models/training/findings.json'), 'utf8')),
);

/** The findings that MeSH terms code: the heads are equal, and the qualifiers of the pattern are among those of the term. */
function codedFindings(mesh: string[]): string[] {
  const terms = mesh.map((term) => term.toLowerCase().split('/'));
  const isCoded = (pattern: string) => {
    const [head, ...qualifiers] = pattern.toLowerCase().split('/');
    return terms.some(([h, ...q]) => h === head && qualifiers.every((one) => q.includes(one)));
  };
  return vocabulary.filter(({ mesh: patterns }) => patterns.some(isCoded)).map(({ id }) => id);
}

async function look(pack: Pack, images: { file: string; projection: string }[]): Promise<Float32Array> {
  const { studies } = await loadStudies(
    images.map(({ file }) => join(data, 'images', file.replace(/^images\//, ''))),
  );
  const [first] = studies;
  const [series] = first?.series ?? [];
  if (first === undefined || series === undefined) return new Float32Array(0);
  const instances = studies
    .flatMap((study) => study.series.flatMap((one) => one.instances))
    .map((instance) => {
      const lateral = images.find(({ file }) => instance.file.endsWith(file))?.projection === 'Lateral';
      return { ...instance, view: lateral ? ('lateral' as const) : ('frontal' as const) };
    });
  const whole = { ...first, series: [{ ...series, modality: 'DX', bodyPart: 'CHEST', instances }] };
  const readImage = async (instance: { file: string }) => renderGrey(await decodeFrame(instance));
  return (await encodeStudy(pack, whole, readImage, { resize: resizeGrey })).embedding;
}

const studies = (await readFile(join(data, 'studies.jsonl'), 'utf8'))
  .trim()
  .split('\n')
  .map((line) => Line.parse(JSON.parse(line)))
  .filter(({ split }) => split === 'val')
  .map((study) => ({ ...study, findings: codedFindings(study.mesh) }))
  .filter(({ findings }) => findings.length > 0)
  .slice(0, most);

const folder = await mkdtemp(join(tmpdir(), 'wetread-bench-'));
const pack = await openPack(join(root, 'models/cxr'));
const index = await openIndex(
  folder,
  (texts, options) => embedTexts(pack, texts, { ...options, states: false }),
  {
    embedder: 'bench',
  },
);
try {
  await buildIndex(index, join(root, 'indices'));
  const { documents } = await readDocuments(join(root, 'indices'));
  const about = new Map(
    documents.map(({ id, findings }) => [id, findings.length <= mostFindings ? findings : []]),
  );
  const seen: Float32Array[] = [];
  for (const { images } of studies) seen.push(await look(pack, images));

  const systems: { name: string; parts: Partial<RetrievalParts>; shuffled?: boolean }[] = [
    { name: 'image', parts: { text: false, bm25: false } },
    { name: 'image of another study', parts: { text: false, bm25: false }, shuffled: true },
    { name: 'indication', parts: { image: false } },
    { name: 'indication and image', parts: {} },
  ];
  for (const { name, parts, shuffled } of systems) {
    let found = 0;
    let coded = 0;
    for (const [at, { findings, indication }] of studies.entries()) {
      const joint = seen[shuffled ? (at + Math.floor(studies.length / 2)) % studies.length : at];
      const text = indication || 'chest radiograph';
      const evidence = await retrieveEvidence(index, { modality: 'XR', text, findings: [], joint, parts });
      const top = new Set(evidence.documents.slice(0, 5).flatMap(({ id }) => about.get(id) ?? []));
      coded += findings.length;
      found += findings.filter((finding) => top.has(finding)).length;
    }
    console.log(
      JSON.stringify({
        system: name,
        studies: studies.length,
        findingRecallAt5: Number((found / coded).toFixed(3)),
      }),
    );
  }
} finally {
  await index.dispose();
  await pack.dispose();
  await dispose();
  await rm(folder, { recursive: true, force: true });
}
