/**
 * How well `parseFindings` agrees with the human MeSH coding of the IU chest reports.
 * `tsx test/bench/parser-agreement.ts [--split train|extra|val] [--errors <finding>]`
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseFindings } from '../../main/draft/finding-parser.js';

const { values: options } = parseArgs({
  options: {
    split: { type: 'string', default: 'train' },
    errors: { type: 'string' },
    uncertain: { type: 'boolean' },
  },
});
const root = process.env.WETREAD_DATA ?? join(import.meta.dirname, '../../../shared/data');
const file = join(root, 'iu_xray/studies.jsonl');
if (!existsSync(file)) {
  console.error(`No ${file}: set WETREAD_DATA to the data folder.`);
  process.exit(1);
}

const Record = z.object({
  uid: z.string(),
  split: z.string(),
  findings: z.string().nullish(),
  impression: z.string().nullish(),
  mesh: z.array(z.string()),
});
const Findings = z.array(z.object({ id: z.string(), sided: z.boolean(), mesh: z.array(z.string()) }));
const findings = Findings.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../models/training/findings.json'), 'utf8')),
);

const parts = (term: string) => term.split('/').map((p) => p.trim().toLowerCase());
const matches = (coded: string, pattern: string) => {
  const [head, ...qualifiers] = parts(coded);
  const [wanted, ...needed] = parts(pattern);
  return head === wanted && needed.every((q) => qualifiers.includes(q));
};
const sidesOf = (coded: string[]) => {
  const words = coded.flatMap(parts);
  const both = words.includes('bilateral');
  const left = both || words.includes('left') || words.includes('lingula');
  const right = both || words.includes('right') || words.includes('middle lobe');
  return left && right ? 'bilateral' : left ? 'left' : right ? 'right' : undefined;
};

const counts = new Map(findings.map((f) => [f.id, { tp: 0, fp: 0, fn: 0 }]));
let sideRight = 0;
let sideAll = 0;
let studies = 0;
for (const line of readFileSync(file, 'utf8').split('\n')) {
  if (!line) continue;
  const record = Record.parse(JSON.parse(line));
  if (record.split !== options.split || !record.mesh.length || record.mesh.includes('No Indexing')) continue;
  const text = `${record.findings ?? ''}\n${record.impression ?? ''}`;
  if (!text.trim()) continue;
  studies += 1;
  const statements = parseFindings(text);
  for (const { id, sided, mesh } of findings) {
    const count = counts.get(id);
    if (!count) continue;
    const terms = record.mesh.filter((coded) => mesh.some((pattern) => matches(coded, pattern)));
    const said = statements.filter(
      (s) => s.finding === id && (s.state === 'present' || (options.uncertain && s.state === 'uncertain')),
    );
    const kind = terms.length ? (said.length ? 'tp' : 'fn') : said.length ? 'fp' : undefined;
    if (!kind) continue;
    count[kind] += 1;
    if (kind === 'tp' && sided && sidesOf(terms)) {
      sideAll += 1;
      const sides = new Set(said.map((s) => s.side).filter(Boolean));
      const side = sides.size > 1 ? 'bilateral' : [...sides][0];
      if (side === sidesOf(terms)) sideRight += 1;
      else if (options.errors === 'side') console.log(`[side ${side} coded ${terms}] ${id}: ${text}\n`);
    }
    if (options.errors === id && kind !== 'tp')
      console.log(`[${kind}] ${record.uid} ${record.mesh.join('; ')}\n${text}\n`);
  }
}

const score = ({ tp, fp, fn }: { tp: number; fp: number; fn: number }) => {
  const precision = tp / (tp + fp || 1);
  const recall = tp / (tp + fn || 1);
  return [precision, recall, (2 * tp) / (2 * tp + fp + fn || 1)].map((v) => v.toFixed(3));
};
const sum = { tp: 0, fp: 0, fn: 0 };
console.log(
  `${studies} coded ${options.split} studies\nfinding                     P     R     F1     n   fp   fn`,
);
for (const [id, count] of counts) {
  for (const kind of ['tp', 'fp', 'fn'] as const) sum[kind] += count[kind];
  console.log(
    `${id.padEnd(26)} ${score(count).join(' ')} ${String(count.tp + count.fn).padStart(5)} ${String(count.fp).padStart(4)} ${String(count.fn).padStart(4)}`,
  );
}
console.log(`micro                      ${score(sum).join(' ')}`);
console.log(
  `side of a found, sided finding agrees: ${sideRight}/${sideAll} = ${(sideRight / sideAll).toFixed(3)}`,
);
