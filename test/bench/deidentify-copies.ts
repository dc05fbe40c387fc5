/*
 * De-identified copies of the conformance set: is every file copied or refused with a code, are the pixels the same, does anything
 * survive that Table E.1-1 of PS3.15 lists?
 *
 *   npx tsx test/bench/deidentify-copies.ts [--show N]
 *
 * What is looked for in each copy, at any depth: a value of a listed attribute, of any person name (VR PN) or of any private attribute
 * that also stands in the same attribute of the original, but for originals that held what the copy puts there (a date of 1900-01-01, a time
 * of midnight), which are counted. Basic profile without options. Pixels are those of all that `describeFile` decodes, by their SHA-256; where the
 * original does not decode, the copy must fail with the same code. Exits with 1 where one of these does not hold.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dummyOf } from '../../main/deidentify/dicom/dummy.js';
import { rowOf, vrOf } from '../../main/deidentify/dicom/profile.js';
import { deidentifyFiles } from '../../main/deidentify/index.js';
import { describeFile, dispose, type ObjectElement, openObject } from '../../main/study/index.js';
import { conformanceFolder } from './conformance.js';

const { values } = parseArgs({
  options: {
    show: { type: 'string', default: '20' },
  },
});

const data = conformanceFolder();
if (data === undefined) {
  console.log('No ../shared/data and no WETREAD_DATA: nothing was measured.');
  process.exit(0);
}
const folder = await mkdtemp(join(tmpdir(), 'deidentify-copies-'));
try {
  process.exitCode = (await measure(join(data, 'conformance'))) ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
  await dispose();
}

async function measure(originals: string): Promise<boolean> {
  const paths = (await readdir(originals)).sort().map((name) => join(originals, name));
  const begun = performance.now();
  const { files, problems } = await deidentifyFiles(paths, {
    folder,
    options: [],
    secret: new Uint8Array(32).fill(7),
  });
  const seconds = (performance.now() - begun) / 1000;

  const different: string[] = [];
  const survived: string[] = [];
  let decoded = 0;
  let undecodable = 0;
  let blank = 0;
  for (const { file, copy } of files) {
    const [before, after] = [await describeFile(file), await describeFile(copy)];
    if ('error' in before || 'error' in after) {
      const [one, other] = [before, after].map((said) => ('error' in said ? said.error.code : 'decodes'));
      if (one === other) undecodable++;
      else different.push(`${basename(file)}: ${one}, its copy: ${other}`);
    } else if (before.sha256 === after.sha256 && before.shape === after.shape) decoded++;
    else different.push(`${basename(file)}: ${before.shape}, its copy: ${after.shape}`);
    for (const { tag, vr, text } of await survivors(file, copy))
      if (text === dummyOf(tag, vr ?? 'UN')) blank++;
      else survived.push(`${basename(file)}: ${tag} ${JSON.stringify(text.slice(0, 40))}`);
  }

  const codes = new Map<string, number>();
  for (const { code } of problems) codes.set(code, (codes.get(code) ?? 0) + 1);
  const internal = codes.get('internal') ?? 0;
  const row = (what: string, count: number | string) => console.log(`${what.padEnd(58)} ${count}`);
  row('Files', paths.length);
  row('Copied', files.length);
  row(
    'Refused with a code',
    `${problems.length - internal}  (${[...codes].map(([code, count]) => `${code} ${count}`).join(', ')})`,
  );
  row('Neither', paths.length - files.length - problems.length + internal);
  row('Copies whose pixels decode to the same', decoded);
  row('Copies without pixels, or undecodable as their originals', undecodable);
  row('Copies whose pixels differ', different.length);
  row('Values that survived', survived.length);
  row('Values that were in the original what the copy puts there', blank);
  row('Said to have likely text in the pixels', files.filter(({ text }) => text.likely).length);
  row('Seconds (two cores, with the search for text)', seconds.toFixed(1));
  for (const one of [...different, ...survived].slice(0, Number(values.show))) console.log(`  ${one}`);
  for (const { file, code, message } of problems.slice(0, Number(values.show)))
    console.log(`  refused ${basename(file)}: ${code}, ${message.replace(`${basename(file)}: `, '')}`);
  return different.length === 0 && survived.length === 0 && internal === 0;
}

interface Held {
  tag: string;
  vr: string | undefined;
  text: string;
}

/** Attributes of a copy that hold what the same attribute held in the original. */
async function survivors(file: string, copy: string): Promise<Held[]> {
  const before = new Set((await sensitiveIn(file)).map(({ tag, text }) => `${tag} ${text}`));
  return (await sensitiveIn(copy)).filter(({ tag, text }) => before.has(`${tag} ${text}`));
}

async function sensitiveIn(file: string): Promise<Held[]> {
  const object = await openObject(file);
  const found: Held[] = [];
  const visit = (elements: readonly ObjectElement[]) => {
    for (const { tag, vr = vrOf(tag), value, items } of elements) {
      for (const item of items ?? []) visit(item);
      const isPrivate = Number.parseInt(tag.slice(0, 4), 16) % 2 === 1;
      if (!rowOf(tag) && vr !== 'PN' && !isPrivate) continue;
      const text = Buffer.from(value)
        .toString('latin1')
        .replace(/[\0 ]+$/, '');
      if (text !== '') found.push({ tag, vr, text });
    }
  };
  try {
    visit(object.elements);
    visit(object.meta);
  } finally {
    object.close();
  }
  return found;
}
