/** Synthetic reports as a department would export them, in our own words, with what has to be removed on the way in. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from './scale-random.js';

const rowsPerFile = 1000;

const sides = ['left', 'right'];
const lobes = ['upper', 'middle', 'lower'];
const names = [
  'Adler',
  'Brandt',
  'Costa',
  'Dufour',
  'Eriksen',
  'Fischer',
  'Garcia',
  'Hansen',
  'Ivanova',
  'Jensen',
];
const complaints = ['Cough', 'Chest pain', 'Shortness of breath', 'Fever', 'Fall at home', 'Weight loss'];

const findings: ((random: Random) => string)[] = [
  (r) => `There is a ${r.below(28) + 2} mm nodule in the ${r.pick(sides)} ${r.pick(lobes)} lobe.`,
  (r) =>
    `The heart is ${r.pick(['of normal size', 'mildly enlarged', 'enlarged'])}, cardiothoracic ratio 0.${r.below(30) + 40}.`,
  (r) =>
    `A ${r.pick(['small', 'moderate', 'large'])} ${r.pick(sides)} pleural effusion measures ${r.below(60) + 5} mm in depth.`,
  () => 'No pneumothorax is seen.',
  (r) => `The ${r.pick(sides)} hemidiaphragm stands ${r.below(4) + 1} cm higher than the other.`,
  (r) => `Linear opacities in the ${r.pick(sides)} base are in keeping with atelectasis.`,
  (r) => `Degenerative changes of the thoracic spine are ${r.pick(['mild', 'moderate', 'marked'])}.`,
  (r) => `A central venous catheter ends ${r.below(50) + 5} mm above the carina.`,
];

/** Writes `count` reports as tables of 1,000 rows into `folder`; the same ones each time. */
export async function writeReports(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let start = 0; start < count; start += rowsPerFile) {
    const rows = Array.from({ length: Math.min(rowsPerFile, count - start) }, (_, at) => report(start + at));
    const file = join(folder, `reports-${String(start / rowsPerFile).padStart(4, '0')}.csv`);
    await writeFile(file, `accession,exam,indication,findings,impression\n${rows.join('\n')}\n`);
  }
}

function report(n: number): string {
  const random = new Random(n, 7);
  const said = Array.from({ length: 4 + random.below(5) }, () => random.pick(findings)(random));
  const cells = [
    `A${n}`,
    'Chest radiograph',
    `${random.pick(complaints)}. Patient ${random.pick(names)}, ${random.pick(names)}, MRN ${100000 + n}, seen 0${1 + random.below(9)}/0${1 + random.below(9)}/2024.`,
    said.slice(0, -1).join(' '),
    `${said.at(-1)} Study ${n % 977} of this series.`,
  ];
  return cells.map((cell) => `"${cell}"`).join(',');
}
