/**
 * How well `parseFindings` agrees with the human MeSH coding of the IU chest reports.
 * `tsx test/bench/parser-agreement.ts [--split train|extra|val] [--uncertain] [--errors <finding>|side]`
 */
import { parseArgs } from 'node:util';
import { parseFindings } from '../../main/findings/index.js';
import { codedFindings, readCodedStudies, sidesOf, termsOf } from './coding.js';

const { values: options } = parseArgs({
  options: {
    split: { type: 'string', default: 'train' },
    /** Prints the reports that this finding is read wrongly in. */
    errors: { type: 'string' },
    /** Counts what is hedged as said. */
    uncertain: { type: 'boolean', default: false },
  },
});

type Count = { tp: number; fp: number; fn: number };
const counts = new Map<string, Count>(codedFindings.map(({ id }) => [id, { tp: 0, fp: 0, fn: 0 }]));
const sides = { right: 0, all: 0 };
const studies = readCodedStudies(options.split).map((study) => ({
  study,
  text: `${study.findings ?? ''}\n${study.impression ?? ''}`.trim(),
}));
for (const { study, text } of studies) {
  if (!text) continue;
  const statements = parseFindings(text).filter(
    ({ state }) => state === 'present' || (options.uncertain && state === 'uncertain'),
  );
  for (const { id, sided, mesh } of codedFindings) {
    const terms = termsOf(study, mesh);
    const said = statements.filter(({ finding }) => finding === id);
    if (terms.length === 0 && said.length === 0) continue;
    const kind = terms.length === 0 ? 'fp' : said.length === 0 ? 'fn' : 'tp';
    const count = counts.get(id);
    if (count) count[kind] += 1;
    if (options.errors === id && kind !== 'tp') print(`${kind} ${study.uid}`, study.mesh, text);

    const coded = sidesOf(terms);
    if (kind !== 'tp' || !sided || !coded) continue;
    const named = new Set(said.flatMap(({ side }) => side ?? []));
    const side = named.size > 1 ? 'bilateral' : [...named][0];
    sides.all += 1;
    if (side === coded) sides.right += 1;
    else if (options.errors === 'side') print(`${id} read ${side}, coded ${coded}`, study.mesh, text);
  }
}

const sum: Count = { tp: 0, fp: 0, fn: 0 };
console.log(`${studies.length} coded ${options.split} studies`);
console.log('finding                        P     R    F1     n    fp    fn');
for (const [id, count] of counts) {
  for (const kind of ['tp', 'fp', 'fn'] as const) sum[kind] += count[kind];
  console.log(row(id, count));
}
console.log(row('micro', sum));
console.log(`side: ${sides.right} of ${sides.all} agree, ${(sides.right / sides.all).toFixed(3)}`);

function row(name: string, { tp, fp, fn }: Count): string {
  const ratios = [tp / (tp + fp || 1), tp / (tp + fn || 1), (2 * tp) / (2 * tp + fp + fn || 1)];
  return [
    name.padEnd(26),
    ...ratios.map((ratio) => ratio.toFixed(3)),
    ...[tp + fn, fp, fn].map((n) => String(n).padStart(5)),
  ].join(' ');
}

function print(what: string, mesh: string[], text: string) {
  console.log(`[${what}] ${mesh.join('; ')}\n${text}\n`);
}
