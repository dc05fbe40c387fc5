/*
 * Decodes every file of the conformance set and compares it with what the reference decoder made of it.
 * `npx tsx test/bench/conformance.ts` prints the counts and each file that is not simply equal.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describeFile, dispose } from '../../main/study/index.js';
import { isLossy } from '../../main/study/syntax.js';

export type Verdict =
  /** The hash is the reference's. */
  | 'equal'
  /** A lossy syntax: same shape, ends of the range within the tolerance. */
  | 'within tolerance'
  /** No pixels to decode, or damaged: a coded error, as the reference fails too. */
  | 'coded error'
  /** The reference fails; ours decodes. */
  | 'beyond the reference'
  /** What the reference yields is not the image; see `faultsOfReference`. */
  | 'fault of the reference'
  | 'wrong'
  | 'slow';

export interface ConformanceRow {
  file: string;
  verdict: Verdict;
  detail: string;
  ms: number;
}

const slowMs = 5000;

/** Files where equality would mean showing something that is not the image. Each was looked into by hand. */
const faultsOfReference: Readonly<Record<string, string>> = {
  'cornerstonejs__dicomParser__CT0012.fragmented_no_bot_jpeg_ls.80.dcm':
    'the reference is all zeros; ours equals the same image in five other syntaxes (b6b2…)',
  'cornerstonejs__dicomParser__CT0012.fragmented_no_bot_jpeg_ls.81.dcm':
    'the reference is all zeros; ours is the image, near-lossless',
  'pydicom__pylibjpeg-data__966.dcm':
    'the codestream is cut off and the reference is all zeros; ours refuses it as damaged',
  'pydicom__pydicom__JPEG2000-embedded-sequence-delimiter.dcm':
    'bytes of the codestream header were overwritten and the reference is noise; ours refuses it as damaged',
};

/** Where the data lies: WETREAD_DATA, else beside the repository. Undefined where it is absent. */
export function conformanceFolder(): string | undefined {
  const data = process.env.WETREAD_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
  const folder = join(data, 'dicom');
  return existsSync(join(folder, 'conformance.csv')) ? folder : undefined;
}

/** Decodes all files of the set, one after the other. */
export async function runConformance(folder: string): Promise<ConformanceRow[]> {
  const rows: ConformanceRow[] = [];
  for (const reference of readCsv(readFileSync(join(folder, 'conformance.csv'), 'utf8'))) {
    const file = reference.file ?? '';
    const begin = performance.now();
    const ours = await describeFile(join(folder, 'conformance', file));
    const ms = Math.round(performance.now() - begin);
    const { verdict, detail } = judge(file, reference, ours);
    rows.push({ file, verdict: ms > slowMs ? 'slow' : verdict, detail, ms });
  }
  return rows;
}

function judge(
  file: string,
  reference: Record<string, string>,
  ours: Awaited<ReturnType<typeof describeFile>>,
): { verdict: Verdict; detail: string } {
  const {
    ref_status: status = '',
    ref_shape: shape = '',
    ref_sha256_16: hash = '',
    ref_range: range = '',
  } = reference;
  const fault = faultsOfReference[file];
  if ('error' in ours) {
    const detail = `${ours.error.code}: ${ours.error.message}`;
    if (ours.error.code === 'internal') return { verdict: 'wrong', detail };
    if (fault) return { verdict: 'fault of the reference', detail: fault };
    return { verdict: status === 'ok' ? 'wrong' : 'coded error', detail };
  }
  const detail = `${ours.shape} ${ours.range} ${ours.sha256.slice(0, 16)}`;
  if (status !== 'ok') return { verdict: 'beyond the reference', detail };
  if (ours.sha256.startsWith(hash) && ours.shape === shape) return { verdict: 'equal', detail };
  if (fault) return { verdict: 'fault of the reference', detail: fault };
  const near = isLossy(ours.transferSyntax) && ours.shape === shape && rangesAgree(ours.range, range);
  return { verdict: near ? 'within tolerance' : 'wrong', detail: `${detail}, not ${shape} ${range} ${hash}` };
}

/** Both ends within a hundredth of the span, or two steps. */
function rangesAgree(a: string, b: string): boolean {
  const [low = 0, high = 0] = a.split('..').map(Number);
  const [lowB = 0, highB = 0] = b.split('..').map(Number);
  const tolerance = Math.max(2, (highB - lowB) / 100);
  return Math.abs(low - lowB) <= tolerance && Math.abs(high - highB) <= tolerance;
}

/** Rows of a CSV with quoted cells, as objects by the names of its first line. */
function readCsv(text: string): Record<string, string>[] {
  const [head = [], ...lines] = text
    .trim()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        (cell) => cell[1]?.replaceAll('""', '"') ?? cell[2] ?? '',
      ),
    );
  return lines.map((cells) => Object.fromEntries(head.map((name, i) => [name, cells[i] ?? ''])));
}

/** How many rows have each verdict. */
export function countVerdicts(rows: readonly ConformanceRow[]): Map<Verdict, number> {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of rows) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return counts;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const folder = conformanceFolder();
  if (!folder) {
    process.stderr.write(
      'No conformance set: set WETREAD_DATA to the folder that holds dicom/conformance.csv.\n',
    );
    process.exit(2);
  }
  const rows = await runConformance(folder);
  for (const { verdict, file, detail, ms } of rows)
    if (verdict !== 'equal')
      process.stdout.write(`${verdict.padEnd(22)} ${String(ms).padStart(5)} ms  ${file}  ${detail}\n`);
  process.stdout.write('\n');
  for (const [verdict, count] of countVerdicts(rows))
    process.stdout.write(`${verdict.padEnd(22)} ${count}\n`);
  const slowest = rows.reduce((a, b) => (b.ms > a.ms ? b : a));
  process.stdout.write(`slowest                ${slowest.ms} ms (${slowest.file})\n`);
  await dispose();
  process.exitCode = rows.some(({ verdict }) => verdict === 'wrong' || verdict === 'slow') ? 1 : 0;
}
