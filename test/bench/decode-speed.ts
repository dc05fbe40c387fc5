/*
 * Decoding speed of each transfer syntax against native tools (Debian: `libgdcm-tools`, `dcmtk`, `libopenjp2-tools`,
 * `openjph-tools`) on the same files in one run.
 * `tsx test/bench/decode-speed.ts [--only <word>] [--rounds 5] [--folder DIR]`
 *
 * A frame of each source (real ones of the conformance set and of a CT series; synthetic ones that the native tools encode) is
 * written N times into one multi-frame object in memory-backed storage. Both sides read the object, decode every frame and
 * write the pixels to the same storage. Ours: a warm process. Native: one process over N frames, less the same over one
 * frame, so that starting it is not counted. CPU time (user + system) decides, since the machine is shared; the least of
 * the rounds counts, ours and native in turn. The ratio is against the fastest of the tools that managed the file.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WetreadError } from '../../main/error.js';
import { encodedFrame } from '../../main/study/frames.js';
import { readHeaderOf } from '../../main/study/header.js';
import { openPath } from '../../main/study/open.js';
import { decodeStored, type PixelModule, readPixelModule } from '../../main/study/pixels.js';
import { type DicomElement, writeDicom } from '../sample/dicom-writer.js';
import { conformanceFolder } from './conformance.js';

const { values: options } = parseArgs({
  options: {
    /** Only rows whose syntax or file holds this word. */
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '5' },
    /** Where the objects lie meanwhile; default /dev/shm, else the folder for temporary files. */
    folder: { type: 'string' },
  },
});

interface Times {
  cpuMs: number;
  wallMs: number;
}

interface Source {
  syntax: string;
  name: string;
  file: string;
}

interface Tool {
  name: string;
  /** Arguments that decode `input` into `output`. */
  args(input: string, output: string): string[];
}

const syntaxes: Readonly<Record<string, string>> = {
  '1.2.840.10008.1.2': 'implicit LE',
  '1.2.840.10008.1.2.1': 'explicit LE',
  '1.2.840.10008.1.2.2': 'explicit BE',
  '1.2.840.10008.1.2.1.99': 'deflated',
  '1.2.840.10008.1.2.5': 'RLE',
  '1.2.840.10008.1.2.4.50': 'JPEG baseline',
  '1.2.840.10008.1.2.4.51': 'JPEG extended',
  '1.2.840.10008.1.2.4.57': 'JPEG lossless',
  '1.2.840.10008.1.2.4.70': 'JPEG lossless SV1',
  '1.2.840.10008.1.2.4.80': 'JPEG-LS',
  '1.2.840.10008.1.2.4.81': 'JPEG-LS near',
  '1.2.840.10008.1.2.4.90': 'JPEG 2000 lossless',
  '1.2.840.10008.1.2.4.91': 'JPEG 2000',
  '1.2.840.10008.1.2.4.201': 'HTJ2K lossless',
  '1.2.840.10008.1.2.4.203': 'HTJ2K',
};
const order = Object.keys(syntaxes);

const gdcm: Tool = { name: 'gdcmconv', args: (input, output) => ['--raw', input, output] };
const dcmtk = (name: string): Tool => ({ name, args: (input, output) => [input, output] });
const toExplicit: Tool = { name: 'dcmconv', args: (input, output) => ['+te', input, output] };
const ojph: Tool = { name: 'ojph_expand', args: (input, output) => ['-i', input, '-o', output] };
const opj: Tool = { name: 'opj_decompress', args: (input, output) => ['-i', input, '-o', output] };

function toolsOf(syntax: string): Tool[] {
  if (syntax.includes('.4.20')) return [ojph, opj];
  if (/\.4\.(8[01])$/.test(syntax)) return [gdcm, dcmtk('dcmdjpls')];
  if (/\.4\.9[01]$/.test(syntax)) return [gdcm, opj];
  if (syntax.includes('.4.')) return [gdcm, dcmtk('dcmdjpeg')];
  if (syntax.endsWith('.1.2.5')) return [gdcm, dcmtk('dcmdrle')];
  return [gdcm, toExplicit];
}
/** Tools that know bare codestreams, one image a run. */
const readsCodestreams = (tool: Tool) => tool === ojph || tool === opj;

const installed = (tool: string) => spawnSync('which', [tool]).status === 0;

/** Runs a tool `times` times in a row. Undefined where it fails. */
function runNative(tool: Tool, input: string, output: string, times = 1): Times | undefined {
  const script = `TIMEFORMAT='%R %U %S'; time for i in $(seq ${times}); do "$@" >/dev/null 2>&1 || exit 1; done`;
  rmSync(output, { force: true });
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', script, tool.name, tool.name, ...tool.args(input, output)],
    {
      encoding: 'utf8',
    },
  );
  const [wall = 0, user = 0, system = 0] = stderr.trim().split(/\s+/).map(Number);
  if (status !== 0 || !existsSync(output)) return undefined;
  return { wallMs: wall * 1000, cpuMs: (user + system) * 1000 };
}

async function runOurs(input: string, output: string): Promise<Times> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const source = await openPath(input);
  const out = openSync(output, 'w');
  try {
    const module = readPixelModule(readHeaderOf(source));
    for (let frame = 0; frame < module.frames; frame++) {
      const { values } = await decodeStored(module, frame, { asStored: false });
      writeSync(out, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  } finally {
    closeSync(out);
    source.close();
  }
  const wallMs = performance.now() - begin;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

const least = (times: readonly Times[]): Times => ({
  cpuMs: Math.min(...times.map(({ cpuMs }) => cpuMs)),
  wallMs: Math.min(...times.map(({ wallMs }) => wallMs)),
});

/** A copy of the first frame of a file, `frames` times, as a secondary capture in the same transfer syntax. */
function repeated(module: PixelModule, frames: number): Buffer {
  const { header, attributes, rows, columns, samples, bitsAllocated, bitsStored, highBit } = module;
  const word = module.samples === 1 ? (bitsAllocated > 8 ? '3' : '2') : '4';
  const planar: DicomElement[] = samples > 1 ? [['00280006', 'US', module.planar ? 1 : 0]] : [];
  const elements: DicomElement[] = [
    ['00080016', 'UI', `1.2.840.10008.5.1.4.1.1.7.${word}`],
    ['00080018', 'UI', '2.25.40117'],
    ['00080060', 'CS', 'OT'],
    ['0020000D', 'UI', '2.25.40118'],
    ['0020000E', 'UI', '2.25.40119'],
    ['00280002', 'US', samples],
    ['00280004', 'CS', attributes.text('00280004') ?? 'MONOCHROME2'],
    ...planar,
    ['00280008', 'IS', String(frames)],
    ['00280010', 'US', rows],
    ['00280011', 'US', columns],
    ['00280100', 'US', bitsAllocated],
    ['00280101', 'US', bitsStored],
    ['00280102', 'US', highBit],
    ['00280103', 'US', module.signed ? 1 : 0],
  ];
  const transferSyntax = header.transferSyntax;
  if (module.index) {
    const frame = encodedFrame(header.source, module.index, 0);
    const fragments = Array.from({ length: frames }, () => frame);
    const each = 8 + frame.length + (frame.length & 1);
    return writeDicom(elements, { transferSyntax, fragments, offsets: fragments.map((_, i) => i * each) });
  }
  const size = (rows * columns * samples * bitsAllocated) / 8;
  const frame = header.source.read(header.pixel?.offset ?? 0, size);
  const bytes = new Uint8Array(size * frames);
  for (let i = 0; i < frames; i++) bytes.set(frame, i * size);
  return writeDicom([...elements, ['7FE00010', bitsAllocated > 8 ? 'OW' : 'OB', bytes]], { transferSyntax });
}

interface Row {
  syntax: string;
  name: string;
  size: string;
  frames: number;
  ours: Times;
  native: { tool: string; times: Times }[];
}

const frameMs = 250;
const warmMs = 1000;

async function measure(source: Source, folder: string, rounds: number): Promise<Row> {
  const opened = await openPath(source.file);
  const module = readPixelModule(readHeaderOf(opened));
  const one = join(folder, 'one.dcm');
  const many = join(folder, 'many.dcm');
  const output = join(folder, 'out');
  writeFileSync(one, repeated(module, 1));
  // Warm for a second, then as many frames as take some tenths of one, within bounds on memory.
  let cpuMs = Number.POSITIVE_INFINITY;
  for (let spent = 0; spent < warmMs; ) {
    const warm = await runOurs(one, output);
    spent += warm.cpuMs;
    cpuMs = Math.min(cpuMs, warm.cpuMs);
  }
  const bytes = Math.max(1, (module.rows * module.columns * module.samples * module.bitsAllocated) / 8);
  const frames = Math.max(2, Math.min(400, Math.ceil(frameMs / cpuMs), Math.floor((64 * 2 ** 20) / bytes)));
  writeFileSync(many, repeated(module, frames));
  const stream = join(folder, 'one.j2c');
  if (module.index) writeFileSync(stream, encodedFrame(module.header.source, module.index, 0));
  const tiny = tinyStream(folder, source.syntax);
  opened.close();
  const tools = toolsOf(source.syntax).filter((tool) => installed(tool.name));
  const ours: Times[] = [];
  const native = new Map<string, { one: Times[]; many: Times[] }>();
  for (let round = 0; round < rounds; round++) {
    ours.push(await runOurs(many, output));
    for (const tool of tools) {
      const bare = readsCodestreams(tool);
      const out = bare ? join(folder, module.samples > 1 ? 'out.ppm' : 'out.pgm') : join(folder, 'out.dcm');
      if (bare && !tiny) continue;
      const short =
        tiny && bare ? runNative(tool, tiny, join(folder, 'out.pgm'), frames) : runNative(tool, one, out);
      const long = bare ? runNative(tool, stream, out, frames) : runNative(tool, many, out);
      if (!short || !long) continue;
      const held = native.get(tool.name) ?? { one: [], many: [] };
      native.set(tool.name, { one: [...held.one, short], many: [...held.many, long] });
    }
  }
  for (const name of readdirSync(folder)) if (/^(one|many|out)/.test(name)) rmSync(join(folder, name));
  const perFrame = (times: Times, count: number): Times => ({
    cpuMs: times.cpuMs / count,
    wallMs: times.wallMs / count,
  });
  return {
    syntax: syntaxes[source.syntax] ?? source.syntax,
    name: source.name,
    size: `${module.columns}×${module.rows}×${module.samples}×${module.bitsStored}`,
    frames,
    ours: perFrame(least(ours), frames),
    native: [...native].map(([tool, runs]) => {
      const [short, long] = [least(runs.one), least(runs.many)];
      const count = tool.startsWith('o') ? frames : frames - 1;
      const net = { cpuMs: long.cpuMs - short.cpuMs, wallMs: long.wallMs - short.wallMs };
      return { tool, times: perFrame(net, count) };
    }),
  };
}

/** An image of a few pixels, to know what starting a tool of bare codestreams costs. */
function tinyStream(folder: string, syntax: string): string | undefined {
  const ht = syntax.includes('.4.20');
  const stream = join(folder, ht ? 'tiny-ht.j2c' : 'tiny.j2k');
  if (existsSync(stream)) return stream;
  const picture = join(folder, 'tiny.pgm');
  writeFileSync(picture, Buffer.concat([Buffer.from('P5\n64 64\n255\n'), Buffer.alloc(4096, 100)]));
  const [tool, ...args] = ht
    ? ['ojph_compress', '-i', picture, '-o', stream, '-reversible', 'true']
    : ['opj_compress', '-i', picture, '-o', stream];
  return tool && spawnSync(tool, args).status === 0 ? stream : undefined;
}

/** The two largest files of each syntax in the conformance set that the reference decodes, and a slice of a CT. */
function realSources(): Source[] {
  const data = conformanceFolder();
  if (!data) return [];
  const [head = '', ...lines] = readFileSync(join(data, 'conformance.csv'), 'utf8').trim().split(/\r?\n/);
  const column = (name: string) => head.split(',').indexOf(name);
  const [atSyntax, atStatus] = [column('ts_uid'), column('ref_status')];
  const found = lines
    .map((line) => line.split(','))
    .filter((cells) => cells[atStatus] === 'ok' && syntaxes[cells[atSyntax] ?? ''])
    .map((cells) => ({ syntax: cells[atSyntax] ?? '', name: cells[0] ?? '' }))
    .map((one) => ({ ...one, file: join(data, 'conformance', one.name) }));
  const largest = order.flatMap((syntax) =>
    found
      .filter((one) => one.syntax === syntax)
      .sort((a, b) => statSync(b.file).size - statSync(a.file).size)
      .slice(0, 2),
  );
  const slice = join(data, 'series', 'ct_chest', 'IM0060.dcm');
  const ct = { syntax: '1.2.840.10008.1.2.4.70', name: 'ct_chest/IM0060', file: slice };
  return existsSync(slice) ? [...largest, ct] : largest;
}

/** Smooth shapes with edges and noise, as a detector sees them: 12 bits of grey, or 8 bits of colour. */
function picture(width: number, height: number, samples: 1 | 3): Uint16Array {
  let seed = 20240229;
  const noise = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32 - 0.5;
  };
  const out = new Uint16Array(width * height * samples);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [u, v] = [x / width - 0.5, y / height - 0.5];
      const body = u * u * 3 + v * v * 2 < 0.45 ? 0.55 : 0.05;
      const lung = ((Math.abs(u) - 0.2) / 0.13) ** 2 + (v / 0.3) ** 2 < 1 ? -0.35 : 0;
      const ribs = body > 0.1 ? 0.06 * Math.sin(40 * v + 6 * u * u) : 0;
      for (let sample = 0; sample < samples; sample++) {
        const value = body + lung + ribs + 0.08 * u * (sample + 1) + 0.012 * (noise() + noise());
        out[to++] = Math.max(0, Math.min(1, value)) * (samples === 1 ? 4095 : 255);
      }
    }
  return out;
}

/** Synthetic objects, encoded by the native tools; a syntax that no tool writes is left out. */
function syntheticSources(folder: string): Source[] {
  const sources: Source[] = [];
  const kinds = [
    { name: 'radiograph', width: 2048, height: 2048, samples: 1, bits: 12 },
    { name: 'colour', width: 1024, height: 768, samples: 3, bits: 8 },
    { name: 'grey8', width: 1024, height: 1024, samples: 1, bits: 8 },
  ] as const;
  for (const { name, width, height, samples, bits } of kinds) {
    const values = picture(width, height, samples);
    const scaled = bits === 8 && samples === 1 ? values.map((value) => value >> 4) : values;
    const pixels = bits === 8 ? Uint8Array.from(scaled) : new Uint8Array(scaled.buffer);
    const allocated = bits === 8 ? 8 : 16;
    const elements: DicomElement[] = [
      ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7'],
      ['00080018', 'UI', '2.25.40120'],
      ['00080060', 'CS', 'OT'],
      ['0020000D', 'UI', '2.25.40118'],
      ['0020000E', 'UI', '2.25.40119'],
      ['00280002', 'US', samples],
      ['00280004', 'CS', samples === 3 ? 'RGB' : 'MONOCHROME2'],
      ...(samples === 3 ? ([['00280006', 'US', 0]] as const) : []),
      ['00280010', 'US', height],
      ['00280011', 'US', width],
      ['00280100', 'US', allocated],
      ['00280101', 'US', bits],
      ['00280102', 'US', bits - 1],
      ['00280103', 'US', 0],
    ];
    const data: DicomElement = ['7FE00010', bits === 8 ? 'OB' : 'OW', pixels];
    for (const syntax of [
      '1.2.840.10008.1.2',
      '1.2.840.10008.1.2.1',
      '1.2.840.10008.1.2.2',
      '1.2.840.10008.1.2.1.99',
    ]) {
      const file = join(folder, `source-${name}-${syntax}.dcm`);
      const stored = syntax.endsWith('.1.2.2') && bits > 8 ? Uint8Array.from(pixels) : pixels;
      if (stored !== pixels) Buffer.from(stored.buffer).swap16();
      writeFileSync(file, writeDicom([...elements, [data[0], data[1], stored]], { transferSyntax: syntax }));
      sources.push({ syntax, name, file });
    }
    const plain = join(folder, `source-${name}-1.2.840.10008.1.2.1.dcm`);
    const encoders: [syntax: string, tool: string, ...args: string[]][] = [
      ['1.2.840.10008.1.2.5', 'gdcmconv', '--rle'],
      ['1.2.840.10008.1.2.4.57', 'dcmcjpeg', '+el', '+sv', '6'],
      ['1.2.840.10008.1.2.4.70', 'dcmcjpeg', '+e1'],
      ['1.2.840.10008.1.2.4.80', 'gdcmconv', '--jpegls'],
      ['1.2.840.10008.1.2.4.81', 'gdcmconv', '--jpegls', '--lossy', '-e', '2'],
      ['1.2.840.10008.1.2.4.90', 'gdcmconv', '--j2k'],
      ['1.2.840.10008.1.2.4.91', 'gdcmconv', '--j2k', '--lossy', '--irreversible', '-r', '10'],
      bits === 8
        ? ['1.2.840.10008.1.2.4.50', 'dcmcjpeg', '+eb', '+q', '90']
        : ['1.2.840.10008.1.2.4.51', 'dcmcjpeg', '+ee', '+bt', '+q', '90'],
    ];
    for (const [syntax, tool, ...args] of encoders) {
      const file = join(folder, `source-${name}-${syntax}.dcm`);
      if (spawnSync(tool, [...args, plain, file]).status === 0) sources.push({ syntax, name, file });
    }
    for (const [syntax, reversible] of [
      ['1.2.840.10008.1.2.4.201', 'true'],
      ['1.2.840.10008.1.2.4.203', 'false'],
    ] as const) {
      const image = join(folder, samples === 3 ? 'plain.ppm' : 'plain.pgm');
      const top = bits === 8 ? 255 : 4095;
      const body = bits === 8 ? Buffer.from(pixels) : Buffer.from(pixels).swap16();
      writeFileSync(
        image,
        Buffer.concat([Buffer.from(`${samples === 3 ? 'P6' : 'P5'}\n${width} ${height}\n${top}\n`), body]),
      );
      const stream = join(folder, 'plain.j2c');
      const args = ['-i', image, '-o', stream, '-reversible', reversible, '-qstep', '0.001'];
      if (spawnSync('ojph_compress', args).status !== 0) continue;
      const file = join(folder, `source-${name}-${syntax}.dcm`);
      const photometric = samples === 3 ? (reversible === 'true' ? 'YBR_RCT' : 'YBR_ICT') : 'MONOCHROME2';
      const described = elements.map(
        (element): DicomElement => (element[0] === '00280004' ? ['00280004', 'CS', photometric] : element),
      );
      writeFileSync(
        file,
        writeDicom(described, { transferSyntax: syntax, fragments: [readFileSync(stream)] }),
      );
      sources.push({ syntax, name, file });
    }
  }
  return sources;
}

const cell = (text: string | number, width: number) => String(text).padStart(width);
const ms = (value: number) => value.toFixed(value < 10 ? 2 : 1);

if (!installed('gdcmconv') || !installed('dcmdjpeg')) {
  process.stdout.write(
    'Skipped: install libgdcm-tools and dcmtk (and libopenjp2-tools, openjph-tools) first.\n',
  );
  process.exit(0);
}
const base = options.folder ?? (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());
const folder = mkdtempSync(join(base, 'wetread-decode-'));
try {
  const real = realSources();
  if (real.length === 0) process.stdout.write('Without the conformance set: synthetic images only.\n');
  const sources = [...real, ...syntheticSources(folder)]
    .sort((a, b) => order.indexOf(a.syntax) - order.indexOf(b.syntax))
    .filter(({ syntax, name }) => `${syntaxes[syntax]} ${name}`.includes(options.only));
  process.stdout.write('ms a frame, CPU (wall); ratio of CPU to the fastest native tool\n');
  const worst = new Map<string, number>();
  for (const source of sources) {
    const row = await measure(source, folder, Number(options.rounds)).catch((thrown: unknown) => {
      if (thrown instanceof WetreadError) return thrown;
      throw thrown;
    });
    if (row instanceof WetreadError) {
      process.stdout.write(`${source.name}: left out, ${row.message}\n`);
      continue;
    }
    const fastest = row.native.reduce<number>((least, { times }) => Math.min(least, times.cpuMs), Infinity);
    const ratio = row.ours.cpuMs / fastest;
    if (Number.isFinite(fastest)) worst.set(row.syntax, Math.max(worst.get(row.syntax) ?? 0, ratio));
    const native = row.native
      .map(({ tool, times }) => `${tool} ${ms(times.cpuMs)} (${ms(times.wallMs)})`)
      .join('  ');
    process.stdout.write(
      `${row.syntax.padEnd(19)} ${row.name.slice(-44).padEnd(44)} ${cell(row.size, 16)} ×${String(row.frames).padEnd(4)}` +
        `${cell(`${ms(row.ours.cpuMs)} (${ms(row.ours.wallMs)})`, 15)} ${cell(Number.isFinite(ratio) ? ratio.toFixed(2) : '-', 6)}  ${native}\n`,
    );
  }
  process.stdout.write('\nWorst ratio of each syntax\n');
  for (const [syntax, ratio] of worst) process.stdout.write(`${syntax.padEnd(19)} ${ratio.toFixed(2)}\n`);
  // What the table leaves out: from the command to the first pixel.
  const cli = fileURLToPath(new URL('../../main/cli.ts', import.meta.url));
  const small = sources[0];
  if (small) {
    const begin = performance.now();
    spawnSync(process.execPath, ['--import', 'tsx', cli, 'decode', small.file], { stdio: 'ignore' });
    const ours = performance.now() - begin;
    const native = runNative(gdcm, small.file, join(folder, 'out.dcm'));
    process.stdout.write(
      `\nOne file with the start of the process, from source: ours ${Math.round(ours)} ms, gdcmconv ${Math.round(native?.wallMs ?? 0)} ms\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
