/**
 * What the domain gate makes of every study of the conformance set: `npx tsx test/bench/abstention.ts [folder…]`. Prints each study that
 * the pack would draft from, and how many it abstains on, by reason. No file of the set was used in training.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { encodeStudy, openPack } from '../../main/encode/index.js';
import { toWetreadError } from '../../main/error.js';
import { modelImage } from '../../main/pipeline.js';
import { decodeFrame, dispose, loadStudies, resizeGrey } from '../../main/study/index.js';

const conformance = join(process.env.WETREAD_DATA ?? '../shared/data', 'dicom', 'conformance');
const paths = process.argv.length > 2 ? process.argv.slice(2) : [conformance];
const [missing] = paths.filter((path) => !existsSync(path));
if (missing) throw new Error(`There is no ${missing}: set WETREAD_DATA to the data folder.`);

const pack = await openPack('models/cxr');
const { studies } = await loadStudies(paths);
const reasons = new Map<string, number>();
let drafted = 0;
for (const study of studies) {
  const [series] = study.series;
  const name = `${series?.modality ?? '?'} ${series?.bodyPart ?? '-'} ${study.description ?? ''}`;
  try {
    const { abstention } = await encodeStudy(
      pack,
      study,
      async (instance) => modelImage(await decodeFrame(instance, 0, { minSidePx: 512 })),
      { resize: resizeGrey },
    );
    if (abstention) reasons.set(abstention.code, (reasons.get(abstention.code) ?? 0) + 1);
    else {
      drafted += 1;
      console.log(`drafted from: ${name} (${series?.instances[0]?.file.split('/').at(-1)})`);
    }
  } catch (thrown) {
    const { code } = toWetreadError(thrown);
    reasons.set(code, (reasons.get(code) ?? 0) + 1);
  }
}
console.log(
  `${studies.length} studies: ${drafted} drafted from; abstained or refused:`,
  Object.fromEntries(reasons),
);
await pack.dispose();
await dispose();
