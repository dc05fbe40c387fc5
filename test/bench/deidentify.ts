/**
 * How much of what identifies people `deidentify` finds, and how much else it takes.
 *
 *   npx tsx test/bench/deidentify.ts [--set fresh|held|tuning] [--show N] [--sample N] [--half odd|even]
 *
 * 1. Recall on made-up reports with planted identifiers (deidentify-reports.ts), by kind: an identifier counts as found when all its
 *    letters and digits are gone. `--show` lists the first missed.
 * 2. Words removed per 1,000 of texts that were de-identified by their publishers (../shared/data, else WETREAD_DATA): an upper bound of
 *    what is taken wrongly. `--sample` prints removals drawn at random with what stands around them, to be judged by eye.
 * 3. Reports a second of one core's time, so that what else runs on the machine does not count.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fromRoot } from '../../.ci/root.js';
import { deidentify } from '../../main/deidentify/index.js';
import { plantedReports, sets } from './deidentify-reports.js';

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: 'fresh' },
    show: { type: 'string', default: '0' },
    sample: { type: 'string', default: '0' },
    half: { type: 'string' },
  },
});
const pool = values.set === 'tuning' ? sets.tuning : values.set === 'held' ? sets.held : sets.fresh;

const reports = plantedReports(pool, 20);
const found = new Map<string, { all: number; gone: number }>();
const missed: string[] = [];
for (const { text, identifiers } of reports) {
  const gone = removedCharacters(text);
  for (const { kind, from, to } of identifiers) {
    const count = found.get(kind) ?? { all: 0, gone: 0 };
    found.set(kind, count);
    count.all++;
    const left = [...Array(to - from).keys()].filter(
      (i) => /[\p{L}\d]/u.test(text[from + i] ?? '') && !gone[from + i],
    );
    if (left.length === 0) count.gone++;
    else
      missed.push(
        `${kind}: ${JSON.stringify(text.slice(Math.max(0, from - 40), from))}»${text.slice(from, to)}«${JSON.stringify(text.slice(to, to + 25))}`,
      );
  }
}
const all = [...found.values()].reduce((sum, { all }) => sum + all, 0);
console.log(`Planted identifiers (${values.set}): ${all} in ${reports.length} reports`);
for (const [kind, count] of [...found, ['all', { all, gone: all - missed.length }] as const])
  console.log(
    `  ${kind.padEnd(12)} ${String(count.gone).padStart(5)} of ${String(count.all).padStart(5)}  ${((100 * count.gone) / count.all).toFixed(1)} %`,
  );
for (const one of missed.slice(0, Number(values.show))) console.log(`  missed ${one}`);

const data = process.env.WETREAD_DATA ?? fromRoot('../shared/data');
const removals: string[] = [];
if (existsSync(data)) {
  console.log('\nRemoved from texts that were de-identified before (words of 1,000):');
  for (const [name, texts] of Object.entries(corpora())) {
    let words = 0;
    let taken = 0;
    const kinds: Record<string, number> = {};
    for (const text of texts) {
      words += text.split(/\s+/).filter(Boolean).length;
      let at = 0;
      for (const piece of deidentify(text).pieces) {
        if (piece.removed) {
          taken += piece.text.split(/\s+/).filter(Boolean).length;
          kinds[piece.removed] = (kinds[piece.removed] ?? 0) + 1;
          const around = (from: number, to: number) => text.slice(Math.max(0, from), to).replace(/\s+/g, ' ');
          removals.push(
            `${name} ${piece.removed}: ${around(at - 45, at)}»${piece.text}«${around(at + piece.text.length, at + piece.text.length + 30)}`,
          );
        }
        at += piece.text.length;
      }
    }
    console.log(
      `  ${name.padEnd(10)} ${texts.length} texts, ${words} words: ${((1000 * taken) / words).toFixed(2)}  ${JSON.stringify(kinds)}`,
    );
  }
  const step = Math.max(1, removals.length / Math.max(1, Number(values.sample)));
  for (let i = 0; i < Number(values.sample); i++)
    console.log(removals[Math.floor(i * step + step / 2)] ?? '');
} else console.log('\nNo ../shared/data: false removals were not measured.');

const timed = [...plantedReports(pool, 40), ...plantedReports(sets.tuning, 40)].map(
  ({ text }) =>
    `${text}\n${'The lungs are clear. The heart is of normal size. No pleural effusion or pneumothorax. '.repeat(12)}`,
);
const characters = timed.reduce((sum, text) => sum + text.length, 0) / timed.length;
for (const text of timed) deidentify(text, { known: ['Doe^Jane', '1234567'] });
const begun = process.cpuUsage();
for (const text of timed) deidentify(text, { known: ['Doe^Jane', '1234567'] });
const { user, system } = process.cpuUsage(begun);
const rate = timed.length / ((user + system) / 1e6);
console.log(
  `\n${Math.round(rate)} reports a second of one core (${Math.round(characters)} characters each, two known strings)`,
);

function removedCharacters(text: string): boolean[] {
  return deidentify(text).pieces.flatMap((piece) =>
    Array<boolean>(piece.text.length).fill(piece.removed !== undefined),
  );
}

/** `--half` takes every other text, so that what is measured is not what was looked at. */
function corpora(): Record<string, string[]> {
  const lines = (file: string) =>
    readFileSync(join(data, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
  const join2 = (record: Record<string, string>, fields: string[]) =>
    fields.map((field) => record[field] ?? '').join('\n');
  const all = {
    mtsamples: lines('text/mtsamples_radiology.jsonl').map((one) => one.text ?? ''),
    roco: lines('text/roco_ccby_captions.jsonl').map((one) => one.caption ?? ''),
    medpix: lines('medpix/cases.jsonl').map((one) =>
      join2(one, ['history', 'exam', 'findings', 'diagnosis', 'discussion']),
    ),
    iu: lines('iu_xray/studies.jsonl').map((one) => join2(one, ['indication', 'findings', 'impression'])),
  };
  if (values.half === undefined) return all;
  const parity = values.half === 'odd' ? 1 : 0;
  return Object.fromEntries(
    Object.entries(all).map(([name, texts]) => [name, texts.filter((_, i) => i % 2 === parity)]),
  );
}
