/*
 * How fast a folder of many instances is listed, and whether memory stays flat.
 * `npx tsx test/bench/listing.ts [--files 10000] [--kb 4] [--runs 2]`
 *
 * Writes a folder of CT series of 100 instances each with full headers (about 90 elements, three sequences), `--kb` of pixels each; with
 * `--large` those are half a megabyte each, sparse. Lists it `--runs` times, the first with the system's cache of these files dropped where
 * the machine allows that (it says so), samples the memory of this process and of its readers, and removes the folder.
 */
import {
  closeSync,
  fdatasyncSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dispose, loadStudies } from '../../main/study/index.js';
import { type DicomElement, writeDicom } from '../sample/dicom-writer.js';

const { values: options } = parseArgs({
  options: {
    files: { type: 'string', default: '10000' },
    kb: { type: 'string', default: '4' },
    large: { type: 'boolean', default: false },
    runs: { type: 'string', default: '2' },
  },
});
const count = Number(options.files);
const seriesSize = 100;
const largeSide = 512;

const code = (value: string, meaning: string) =>
  [
    ['00080100', 'SH', value],
    ['00080102', 'SH', 'SCT'],
    ['00080104', 'LO', meaning],
  ] as const satisfies readonly DicomElement[];

/** A slice as a scanner writes it, in what matters to a reader: many short elements, a few sequences, private ones. */
function slice(n: number, side: number, pixels: Uint8Array): Buffer {
  const series = Math.floor(n / seriesSize);
  const studyUid = `2.25.77.${Math.floor(series / 5)}`;
  const uid = `${studyUid}.${series}.${n}`;
  const image = { class: '1.2.840.10008.5.1.4.1.1.2', uid: `${studyUid}.9.${n}` };
  const reference = [
    ['00081150', 'UI', image.class],
    ['00081155', 'UI', image.uid],
  ] as const satisfies readonly DicomElement[];
  const padding = Array.from(
    { length: 40 },
    (_, i): DicomElement => [`0019${(0x1001 + i).toString(16)}`, 'LO', `VALUE ${i} OF THE SCANNER`],
  );
  return writeDicom([
    ['00080005', 'CS', 'ISO_IR 192'],
    ['00080008', 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
    ['00080016', 'UI', image.class],
    ['00080018', 'UI', uid],
    ['00080020', 'DA', '20260102'],
    ['00080021', 'DA', '20260102'],
    ['00080023', 'DA', '20260102'],
    ['00080030', 'TM', '101112.123'],
    ['00080050', 'SH', `A${series}`],
    ['00080060', 'CS', 'CT'],
    ['00080070', 'LO', 'Invented Scanners'],
    ['00080080', 'LO', 'Invented Hospital'],
    ['00080090', 'PN', 'Referrer^Invented'],
    ['00081030', 'LO', 'CT of the chest'],
    ['0008103E', 'LO', `Axial ${series}`],
    ['00081090', 'LO', 'Model 1'],
    ['00081111', 'SQ', [reference]],
    ['00081140', 'SQ', [reference, reference, reference]],
    ['00082218', 'SQ', [code('51185008', 'Thorax')]],
    ['00100010', 'PN', `Test^Müller ${Math.floor(series / 5)}`],
    ['00100020', 'LO', `P${Math.floor(series / 5)}`],
    ['00100030', 'DA', '19600101'],
    ['00100040', 'CS', 'F'],
    ['00101010', 'AS', '066Y'],
    ['00180015', 'CS', 'CHEST'],
    ['00180050', 'DS', '1.25'],
    ['00180060', 'DS', '120'],
    ['00181030', 'LO', 'Chest without contrast'],
    ['00181151', 'IS', '200'],
    ['00190010', 'LO', 'INVENTED SCANNERS 01'],
    ...padding,
    ['0020000D', 'UI', studyUid],
    ['0020000E', 'UI', `${studyUid}.${series}`],
    ['00200010', 'SH', '1'],
    ['00200011', 'IS', String(series)],
    ['00200013', 'IS', String(n % seriesSize)],
    ['00200032', 'DS', [-180, -180, (n % seriesSize) * 1.25]],
    ['00200037', 'DS', [1, 0, 0, 0, 1, 0]],
    ['00200052', 'UI', `${studyUid}.1`],
    ['00201041', 'DS', String((n % seriesSize) * 1.25)],
    ['00280002', 'US', 1],
    ['00280004', 'CS', 'MONOCHROME2'],
    ['00280010', 'US', side],
    ['00280011', 'US', side],
    ['00280030', 'DS', [0.7, 0.7]],
    ['00280100', 'US', 16],
    ['00280101', 'US', 12],
    ['00280102', 'US', 11],
    ['00280103', 'US', 0],
    ['00281050', 'DS', '40'],
    ['00281051', 'DS', '400'],
    ['00281052', 'DS', '-1024'],
    ['00281053', 'DS', '1'],
    ['7FE00010', 'OW', pixels],
  ]);
}

/** Writes the folder and syncs it, so that the first run may read from the disk. */
function writeFolder(root: string): void {
  const side = options.large ? largeSide : Math.floor(Math.sqrt((Number(options.kb) * 1024) / 2));
  const pixels = new Uint8Array(side * side * 2);
  for (let n = 0; n < count; n++) {
    const folder = join(root, `series-${Math.floor(n / seriesSize)}`);
    if (n % seriesSize === 0) mkdirSync(folder);
    const bytes = slice(n, side, pixels);
    const file = join(folder, `im-${String(n % seriesSize).padStart(4, '0')}.dcm`);
    if (!options.large) {
      writeFileSync(file, bytes);
      continue;
    }
    // The header is written, the pixels are a hole.
    const descriptor = openSync(file, 'w');
    writeSync(descriptor, bytes, 0, bytes.length - pixels.length);
    ftruncateSync(descriptor, bytes.length);
    if (n % seriesSize === 0) fdatasyncSync(descriptor);
    closeSync(descriptor);
  }
}

/** Empties the system's cache of files; false where that takes rights that we do not have. */
function dropCache(): boolean {
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

const field = (pid: number | string, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};
const residentMb = (pid: number | string) =>
  Number(/VmRSS:\s+(\d+)/.exec(field(pid, 'status'))?.[1] ?? 0) / 1024;
/** User and system time of a process and of what it waited for, from the scheduler's ticks of 10 ms. */
const cpuSeconds = (pid: number | string) => {
  const ticks = field(pid, 'stat').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(ticks[11] ?? 0) + Number(ticks[12] ?? 0)) / 100;
};
const children = () => {
  try {
    return readdirSync('/proc/self/task').flatMap((task) =>
      field('self', `task/${task}/children`).trim().split(' ').filter(Boolean).map(Number),
    );
  } catch {
    return [];
  }
};

const root = mkdtempSync(join(tmpdir(), 'wetread-listing-'));
let slowest = Number.POSITIVE_INFINITY;
try {
  writeFolder(root);
  process.stdout.write(
    `${count} instances in ${count / seriesSize} series, ${options.large ? '512 KB each, sparse' : `${options.kb} KB of pixels each`}; ${availableParallelism()} processors\n`,
  );
  // The readers are running when somebody opens a folder.
  await loadStudies([join(root, 'series-0', 'im-0000.dcm')]);
  for (let run = 0; run < Number(options.runs); run++) {
    const cold = run === 0 && dropCache();
    const name =
      run === 0 ? (cold ? 'first, from the disk' : 'first (cache of the system not dropped)') : 'warm';
    const marks = [0.1, 0.5, 1].map((share) => share * count);
    const memory: string[] = [];
    const readers = children();
    const before = readers.map(cpuSeconds);
    const begin = performance.now();
    const own = process.cpuUsage();
    const { studies, problems } = await loadStudies([root], {
      onProgress: ({ done }) => {
        while (marks[0] !== undefined && done >= marks[0]) {
          const mark = marks.shift();
          memory.push(
            `${mark}: ${residentMb('self').toFixed(0)} + ${children()
              .map((pid) => residentMb(pid).toFixed(0))
              .join(' + ')} MB`,
          );
        }
      },
    });
    const seconds = (performance.now() - begin) / 1000;
    const { user, system } = process.cpuUsage(own);
    const spent = readers.map((pid, i) => (cpuSeconds(pid) - (before[i] ?? 0)).toFixed(2));
    const found = studies.flatMap(({ series }) => series.flatMap(({ instances }) => instances)).length;
    if (found !== count || problems.length > 0)
      throw new Error(`${found} of ${count} instances, ${problems.length} problems: ${problems[0]?.message}`);
    slowest = Math.min(slowest, count / seconds);
    const cpu = (user + system) / 1e6 + spent.reduce((sum, one) => sum + Number(one), 0);
    process.stdout.write(
      `${name}: ${(count / seconds).toFixed(0)} files/s, ${seconds.toFixed(2)} s; ${(count / cpu).toFixed(0)} files per second of CPU: ${((user + system) / 1e6).toFixed(2)} s here, ${spent.join(' + ')} s in the readers\n` +
        `  resident, this process + its children, after files ${memory.join('; ')}\n`,
    );
  }
} finally {
  await dispose();
  rmSync(root, { recursive: true, force: true });
}
process.exitCode = slowest >= 2000 ? 0 : 1;
