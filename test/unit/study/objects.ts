/* DICOM objects, ZIPs and JPEGs that the tests write themselves. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  type DicomElement,
  type DicomValue,
  type WriteOptions,
  writeDicom,
} from '../../sample/dicom-writer.js';

/** A folder that `remove` takes away. */
export function temporaryFolder(): {
  path: string;
  write(name: string, bytes: Uint8Array): string;
  remove(): void;
} {
  const path = mkdtempSync(join(tmpdir(), 'wetread-study-'));
  return {
    path,
    write(name, bytes) {
      const file = join(path, name);
      writeFileSync(file, bytes);
      return file;
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

const vrs: Readonly<Record<string, string>> = {
  '00080005': 'CS',
  '00080008': 'CS',
  '00080016': 'UI',
  '00080018': 'UI',
  '00080020': 'DA',
  '00080060': 'CS',
  '0008103E': 'LO',
  '00100010': 'PN',
  '00180015': 'CS',
  '00185101': 'CS',
  '0020000D': 'UI',
  '0020000E': 'UI',
  '00200011': 'IS',
  '00200013': 'IS',
  '00200020': 'CS',
  '00200032': 'DS',
  '00200037': 'DS',
  '00280002': 'US',
  '00280004': 'CS',
  '00280006': 'US',
  '00280008': 'IS',
  '00280010': 'US',
  '00280011': 'US',
  '00280100': 'US',
  '00280101': 'US',
  '00280102': 'US',
  '00280103': 'US',
  '00280120': 'US',
  '00281050': 'DS',
  '00281051': 'DS',
  '00281052': 'DS',
  '00281053': 'DS',
  '00281101': 'US',
  '00281102': 'US',
  '00281103': 'US',
  '00281201': 'OW',
  '00281202': 'OW',
  '00281203': 'OW',
  '60000010': 'US',
  '60000011': 'US',
  '60000050': 'SS',
  '60000100': 'US',
  '60000102': 'US',
  '60003000': 'OW',
  '7FE00010': 'OW',
};

/** A 4 × 3 grey image of 16 bits, with whatever `attributes` change or (undefined) take away. */
export function object(
  attributes: Record<string, DicomValue | undefined> = {},
  options: WriteOptions = {},
): Buffer {
  const all: Record<string, DicomValue | undefined> = {
    '00080016': '1.2.840.10008.5.1.4.1.1.7',
    '00080018': '1.2.3.4.1',
    '00080060': 'OT',
    '0020000D': '1.2.3.4',
    '0020000E': '1.2.3.4.5',
    '00280002': 1,
    '00280004': 'MONOCHROME2',
    '00280010': 3,
    '00280011': 4,
    '00280100': 16,
    '00280101': 16,
    '00280102': 15,
    '00280103': 0,
    '7FE00010': Array.from({ length: 12 }, (_, i) => i * 100),
    ...attributes,
  };
  const elements = Object.entries(all)
    .filter((entry): entry is [string, DicomValue] => entry[1] !== undefined)
    .map(([tag, value]): DicomElement => [tag, vrs[tag] ?? 'SQ', value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return writeDicom(elements, options);
}

/** A ZIP with stored (uncompressed) members. */
export function zip(members: Readonly<Record<string, Uint8Array>>): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const file = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(file.length, 22);
    const head = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, file]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), common, tail, file]));
    local.push(head, Buffer.from(bytes));
    offset += head.length + bytes.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

/** Lossless JPEG (SOF3) of one 16-bit component with a given predictor; every difference category has an eight-bit code. */
export function losslessJpeg(values: readonly number[], columns: number, predictor: number): Buffer {
  const rows = values.length / columns;
  const segment = (marker: number, body: readonly number[]) => [
    0xff,
    marker,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
    ...body,
  ];
  const counts = Array.from({ length: 16 }, (_, i) => (i === 7 ? 17 : 0));
  const symbols = Array.from({ length: 17 }, (_, i) => i);
  let bits = '';
  values.forEach((value, i) => {
    const x = i % columns;
    const y = Math.floor(i / columns);
    const a = values[i - 1] ?? 0;
    const b = values[i - columns] ?? 0;
    const c = values[i - columns - 1] ?? 0;
    const inner =
      [0, a, b, c, a + b - c, a + ((b - c) >> 1), b + ((a - c) >> 1), (a + b) >> 1][predictor] ?? 0;
    const predicted = i === 0 ? 32768 : y === 0 ? a : x === 0 ? b : inner;
    const wrapped = (value - predicted) & 0xffff;
    const difference = wrapped > 32768 ? wrapped - 65536 : wrapped;
    const category = difference === 0 ? 0 : 32 - Math.clz32(Math.abs(difference));
    bits += category.toString(2).padStart(8, '0');
    if (category > 0 && category < 16)
      bits += (difference > 0 ? difference : difference + 2 ** category - 1)
        .toString(2)
        .padStart(category, '0');
  });
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const data = (bits.match(/.{8}/g) ?? []).flatMap((byte) => {
    const value = Number.parseInt(byte, 2);
    return value === 255 ? [255, 0] : [value];
  });
  return Buffer.from([
    0xff,
    0xd8,
    ...segment(0xc4, [0, ...counts, ...symbols]),
    ...segment(0xc3, [16, rows >> 8, rows & 255, columns >> 8, columns & 255, 1, 1, 0x11, 0]),
    ...segment(0xda, [1, 1, 0, predictor, 0, 0]),
    ...data,
    0xff,
    0xd9,
  ]);
}

/** One RLE segment a byte plane, all literal runs. */
export function rleFrame(planes: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(64);
  head.writeUInt32LE(planes.length, 0);
  const bodies = planes.map((plane) => {
    const out: number[] = [];
    for (let i = 0; i < plane.length; i += 128) {
      const run = plane.subarray(i, i + 128);
      out.push(run.length - 1, ...run);
    }
    return Buffer.from(out.length % 2 === 0 ? out : [...out, 0x80]);
  });
  let offset = 64;
  bodies.forEach((body, i) => {
    head.writeUInt32LE(offset, 4 + 4 * i);
    offset += body.length;
  });
  return Buffer.concat([head, ...bodies]);
}
