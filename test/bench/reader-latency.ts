/**
 * From asking for a frame to having it, through the process that reads foreign files: `npx tsx test/bench/reader-latency.ts`. Frames of
 * files written for this, and the slices of `../shared/data/dicom/series/ct_chest` (or WETREAD_DATA) where they are there.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeFrame, dispose, loadStudies } from '../../main/study/index.js';
import { writeDicom } from '../sample/dicom-writer.js';
import { percentile } from './percentile.js';

const data = process.env.WETREAD_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const slices = join(data, 'dicom/series/ct_chest');
const folder = mkdtempSync(join(tmpdir(), 'wetread-latency-'));

function grey(name: string, rows: number, columns: number, frames = 1): string {
  const pixels = new Uint16Array(rows * columns * frames);
  for (let i = 0; i < pixels.length; i++) pixels[i] = (i * 2_654_435_761) & 0xfff;
  const file = join(folder, `${name}.dcm`);
  writeFileSync(
    file,
    writeDicom([
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'],
      ['00080018', 'UI', `2.25.${rows}${frames}`],
      ['0020000d', 'UI', '2.25.7'],
      ['0020000e', 'UI', '2.25.8'],
      ['00280002', 'US', 1],
      ['00280004', 'CS', 'MONOCHROME2'],
      ['00280008', 'IS', String(frames)],
      ['00280010', 'US', rows],
      ['00280011', 'US', columns],
      ['00280100', 'US', 16],
      ['00280101', 'US', 12],
      ['00280102', 'US', 11],
      ['00280103', 'US', 0],
      ['7fe00010', 'OW', new Uint8Array(pixels.buffer)],
    ]),
  );
  return file;
}

/** Processor time of the child processes so far, where the system tells it (Linux, in hundredths of a second). */
function readersMs(): number {
  if (!existsSync('/proc/self/task')) return Number.NaN;
  const pids = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ');
  return pids
    .filter((pid) => pid !== '')
    .map((pid) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return ((user ?? 0) + (system ?? 0)) * 10;
    })
    .reduce((sum, ms) => sum + ms, 0);
}

/** One after the other, as a scroll asks for them. */
async function measure(name: string, asks: readonly { file: string; frame: number }[]): Promise<void> {
  const ms: number[] = [];
  const own = process.cpuUsage();
  const all = readersMs();
  for (const { file, frame } of asks) {
    const begun = performance.now();
    await decodeFrame({ file }, frame);
    ms.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(own);
  const asking = (user + system) / 1000 / asks.length;
  const reading = (readersMs() - all) / asks.length;
  console.log(
    `${name}: p50 ${percentile(ms, 0.5).toFixed(1)}, p95 ${percentile(ms, 0.95).toFixed(1)}, n ${ms.length} (ms); processor time each: ${asking.toFixed(1)} ms where it is asked, ${reading.toFixed(1)} ms where it is read`,
  );
}

const times = (n: number, file: string) => Array.from({ length: n }, () => ({ file, frame: 0 }));

try {
  const ct = grey('ct', 512, 512);
  const begun = performance.now();
  await decodeFrame({ file: ct });
  console.log(`the very first frame, reader started for it: ${(performance.now() - begun).toFixed(0)} ms`);
  await measure('CT 512 × 512', times(200, ct));
  await measure('CR 3000 × 3000', times(30, grey('cr', 3000, 3000)));
  const cine = grey('cine', 512, 512, 60);
  await measure(
    '60 frames of 512 × 512 in one file',
    Array.from({ length: 180 }, (_, n) => ({ file: cine, frame: n % 60 })),
  );
  if (existsSync(slices)) {
    const files = readdirSync(slices).map((name) => join(slices, name));
    const opened = performance.now();
    await loadStudies([slices]);
    console.log(`${files.length} slices listed in ${(performance.now() - opened).toFixed(0)} ms`);
    await measure(
      `${files.length} slices of a CT, JPEG Lossless`,
      files.map((file) => ({ file, frame: 0 })),
    );
    const together = performance.now();
    await Promise.all(files.map((file) => decodeFrame({ file })));
    console.log(`all ${files.length} asked for at once: ${(performance.now() - together).toFixed(0)} ms`);
  } else console.log(`Left out, as it is not there: ${slices}`);
} finally {
  await dispose();
  rmSync(folder, { recursive: true, force: true });
}
