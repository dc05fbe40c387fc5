/*
 * How long the headers of the conformance set and of its series take to read: ours, dcmjs, dicom-parser and pydicom, on the same bytes in memory.
 * `npx tsx test/bench/parse-speed.ts [--python PATH] [--rounds N]`; `--python` names a Python that has pydicom
 * (`python3 -m venv V && V/bin/pip install pydicom`); without it pydicom is left out.
 *
 * Each reads all elements up to the pixel data, and then the patient's name, the modality, rows and columns. What one of them cannot
 * read is left out for all, and counted. Times are CPU times of the process (user and system), the best of the rounds.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import dcmjs from 'dcmjs';
import dicomParser from 'dicom-parser';
import { z } from 'zod';
import { attributesOf } from '../../main/study/attributes.js';
import { memorySource } from '../../main/study/bytes.js';
import { readHeaderOf } from '../../main/study/header.js';
import { conformanceFolder } from './conformance.js';

const { values: options } = parseArgs({
  options: { python: { type: 'string', default: 'python3' }, rounds: { type: 'string', default: '5' } },
});
const rounds = Number(options.rounds);
const folder = conformanceFolder();
if (!folder) {
  process.stderr.write(
    'No conformance set: set WETREAD_DATA to the folder that holds dicom/conformance.csv.\n',
  );
  process.exit(2);
}

const filesBelow = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? filesBelow(join(path, entry.name)) : [join(path, entry.name)],
  );
const files = [...filesBelow(join(folder, 'conformance')), ...filesBelow(join(folder, 'series'))];
const contents = new Map(files.map((file) => [file, readFileSync(file)]));

function readOurs(bytes: Buffer): void {
  const attributes = attributesOf(readHeaderOf(memorySource(bytes)).dataSet);
  attributes.text('00100010');
  attributes.text('00080060');
  attributes.short('00280010');
  attributes.short('00280011');
}

function readDcmjs(bytes: Buffer): void {
  const { buffer, byteOffset, byteLength } = bytes;
  const read = dcmjs.data.DicomMessage.readFile(buffer.slice(byteOffset, byteOffset + byteLength), {
    // Ours stops there too.
    untilTag: '7FE00010',
    includeUntilTagValue: false,
  });
  void [read.dict['00100010'], read.dict['00080060'], read.dict['00280010'], read.dict['00280011']];
}

const python = `
import io, json, sys, time, warnings, logging
warnings.simplefilter('ignore'); logging.disable(logging.CRITICAL)
try:
    import pydicom
except ImportError:
    sys.exit(3)
task = json.load(open(sys.argv[1]))
contents = {f: open(f, 'rb').read() for f in task['files']}
def read(b):
    d = pydicom.dcmread(io.BytesIO(b), stop_before_pixels=True)
    [d.get(k) for k in ('PatientName', 'Modality', 'Rows', 'Columns')]
    for e in d.keys(): d.get_item(e)
readable = []
for f, b in contents.items():
    try:
        read(b); readable.append(f)
    except Exception: pass
only = [f for f in readable if f in set(task['measured'])] if task['measured'] is not None else readable
best = None
for _ in range(task['rounds']):
    begin = time.process_time()
    for f in only: read(contents[f])
    spent = time.process_time() - begin
    best = spent if best is None or spent < best else best
print(json.dumps({'readable': readable, 'seconds': best, 'version': pydicom.__version__}))
`;
const PythonAnswer = z.object({ readable: z.array(z.string()), seconds: z.number(), version: z.string() });

/** What pydicom reads and how long it takes for `measured` (all where null); undefined where there is no pydicom. */
function askPython(measured: string[] | null): z.infer<typeof PythonAnswer> | undefined {
  const scratch = mkdtempSync(join(tmpdir(), 'wetread-parse-'));
  try {
    const task = join(scratch, 'task.json');
    writeFileSync(task, JSON.stringify({ files, measured, rounds }));
    const run = spawnSync(options.python, ['-c', python, task], { encoding: 'utf8', maxBuffer: 2 ** 26 });
    return run.status === 0 ? PythonAnswer.parse(JSON.parse(run.stdout)) : undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What read the headers before there was a reader of our own. */
function readDicomParser(bytes: Buffer): void {
  const { elements } = dicomParser.parseDicom(bytes, { untilTag: 'x7fe00010' });
  void [elements.x00100010, elements.x00080060, elements.x00280010, elements.x00280011];
}

const reads = (read: (bytes: Buffer) => void) => (file: string) => {
  try {
    read(contents.get(file) ?? Buffer.alloc(0));
    return true;
  } catch {
    return false;
  }
};

function secondsOf(read: (bytes: Buffer) => void, measured: readonly string[]): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    for (const file of measured) read(contents.get(file) ?? Buffer.alloc(0));
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

// dcmjs talks of what it finds odd, which would cost it time.
for (const say of ['log', 'info', 'warn', 'error'] as const) console[say] = () => undefined;
const ours = new Set(files.filter(reads(readOurs)));
const theirs = new Set(files.filter(reads(readDcmjs)));
const former = new Set(files.filter(reads(readDicomParser)));
const inPython = askPython(null);
const python3 = inPython && new Set(inPython.readable);
const measured = files.filter((file) =>
  [ours, theirs, former, python3].every((readable) => readable?.has(file) ?? true),
);
const megabytes = measured.reduce((sum, file) => sum + statSync(file).size, 0) / 2 ** 20;
process.stdout.write(
  `${files.length} files; read by ours ${ours.size}, dcmjs ${theirs.size}, dicom-parser ${former.size}${python3 ? `, pydicom ${python3.size}` : ''}\n` +
    `measured: the ${measured.length} that all read, ${megabytes.toFixed(0)} MB, best of ${rounds} rounds\n\n`,
);
const timed: [string, number][] = [
  ['ours', secondsOf(readOurs, measured)],
  ['dcmjs', secondsOf(readDcmjs, measured)],
  ['dicom-parser', secondsOf(readDicomParser, measured)],
];
const answer = python3 && askPython(measured);
if (answer) timed.push([`pydicom ${answer.version}`, answer.seconds]);
else
  process.stdout.write(
    `pydicom left out: ${existsSync(options.python) ? 'it is not installed for' : 'no'} ${options.python}\n`,
  );
const [, own = 1] = timed[0] ?? [];
for (const [name, seconds] of timed)
  process.stdout.write(
    `${name.padEnd(16)} ${(seconds * 1000).toFixed(1).padStart(8)} ms CPU  ${((seconds * 1e6) / measured.length).toFixed(0).padStart(6)} µs/file  ${(seconds / own).toFixed(1).padStart(6)}×\n`,
  );
const slower = timed.slice(1).some(([, seconds]) => seconds <= own);
process.exitCode = slower ? 1 : 0;
