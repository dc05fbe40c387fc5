/* ZIP files that lie, written byte by byte. */
import { crc32, deflateRawSync } from 'node:zlib';
import type { ErrorCode } from '../../main/error.js';
import { dataSet, file, latin } from './bytes.js';

/** A member as its headers describe it; what is left out is the truth. */
export interface Member {
  name: string | Buffer;
  bytes: Uint8Array;
  deflated?: boolean;
  method?: number;
  flags?: number;
  /** Sizes and checksum that both headers claim. */
  size?: number;
  compressedSize?: number;
  checksum?: number;
  /** Where the directory says that it lies; default where it does. */
  offset?: number;
  /** Extra field of the directory. */
  extra?: Buffer;
  /** Is in the directory only. */
  absent?: boolean;
}

interface ArchiveOptions {
  /** What the end of the directory claims. */
  members?: number;
  directoryOffset?: number;
  directorySize?: number;
}

/** A ZIP of members. */
export function archive(members: readonly Member[], options: ArchiveOptions = {}): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const packed = member.deflated ? deflateRawSync(member.bytes, { level: 9 }) : Buffer.from(member.bytes);
    const name = typeof member.name === 'string' ? Buffer.from(member.name, 'utf8') : member.name;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800 | (member.flags ?? 0), 2);
    common.writeUInt16LE(member.method ?? (member.deflated ? 8 : 0), 4);
    common.writeUInt32LE(member.checksum ?? crc32(member.bytes), 10);
    common.writeUInt32LE(member.compressedSize ?? packed.length, 14);
    common.writeUInt32LE(member.size ?? member.bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    const extra = member.extra ?? Buffer.alloc(0);
    const described = Buffer.from(common);
    described.writeUInt16LE(extra.length, 24);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(member.offset ?? offset, 10);
    central.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), described, tail, name, extra]));
    if (member.absent) continue;
    const whole = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), common, name, packed]);
    local.push(whole);
    offset += whole.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE((options.members ?? central.length) & 0xffff, 8);
  end.writeUInt16LE((options.members ?? central.length) & 0xffff, 10);
  end.writeUInt32LE(options.directorySize ?? directory.length, 12);
  end.writeUInt32LE(options.directoryOffset ?? offset, 16);
  const claimed = options.members ?? central.length;
  const wide = claimed > 0xffff ? zip64End(claimed, directory.length, offset) : Buffer.alloc(0);
  if (wide.length > 0) end.fill(0xff, 8, 12);
  return Buffer.concat([...local, directory, wide, end]);
}

/** End of the directory and its locator for more members than 16 bits can say (APPNOTE 4.3.14 and 4.3.15). */
function zip64End(members: number, size: number, offset: number): Buffer {
  const out = Buffer.alloc(76);
  out.write('PK\x06\x06', 0, 'latin1');
  out.writeBigUInt64LE(44n, 4);
  out.writeUInt16LE(45, 12);
  out.writeUInt16LE(45, 14);
  out.writeBigUInt64LE(BigInt(members), 24);
  out.writeBigUInt64LE(BigInt(members), 32);
  out.writeBigUInt64LE(BigInt(size), 40);
  out.writeBigUInt64LE(BigInt(offset), 48);
  out.write('PK\x06\x07', 56, 'latin1');
  out.writeBigUInt64LE(BigInt(offset + size), 64);
  out.writeUInt32LE(1, 72);
  return out;
}

/** Extra field of ZIP64 (APPNOTE 4.5.3): sizes before and after compression, and the place. */
function zip64(values: readonly bigint[]): Buffer {
  const out = Buffer.alloc(4 + 8 * values.length);
  out.writeUInt16LE(1, 0);
  out.writeUInt16LE(8 * values.length, 2);
  for (const [i, value] of values.entries()) out.writeBigUInt64LE(value, 4 + 8 * i);
  return out;
}

export interface HostileArchive {
  name: string;
  bytes: Buffer;
  /** Codes of the problems of listing it, in any order, and how many objects are found all the same. */
  problems: ErrorCode[];
  found: number;
}

/** Of each kind one; each call makes them anew. */
export function hostileArchives(): HostileArchive[] {
  const image = file(dataSet());
  const good: Member = { name: 'good.dcm', bytes: image, deflated: true };
  const named = (name: string | Buffer): HostileArchive => ({
    name: `a member named ${JSON.stringify(String(name))}`,
    bytes: archive([good, { name, bytes: image }]),
    problems: ['not-allowed'],
    found: 0,
  });
  const first = archive([good]);
  const kernel = deflateRawSync(Buffer.alloc(2 ** 20));
  return [
    ...['../up.dcm', 'a/../../up.dcm', '/etc/passwd', 'C:/windows.dcm', '..\\up.dcm', 'C:\\windows.dcm'].map(
      named,
    ),
    named(Buffer.from('nul\0.dcm')),
    {
      name: 'a member of 100 MB of zeros in 100 KB',
      bytes: archive([good, { name: 'bomb.dcm', bytes: Buffer.alloc(100 * 2 ** 20), deflated: true }]),
      problems: ['limit-exceeded'],
      found: 1,
    },
    {
      name: 'an image with 100 MB of padding in 100 KB',
      bytes: archive([
        good,
        { name: 'bomb.dcm', bytes: Buffer.concat([image, Buffer.alloc(100 * 2 ** 20)]), deflated: true },
      ]),
      problems: ['limit-exceeded'],
      found: 1,
    },
    {
      name: 'a member that is larger than it says',
      bytes: archive([{ ...good, size: 100 }]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'a member that is smaller than it says',
      bytes: archive([{ ...good, size: image.length + 5000 }]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'a member with a false checksum',
      bytes: archive([{ ...good, checksum: 1 }]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'a member that is not deflated though it says so',
      bytes: archive([{ name: 'noise.dcm', bytes: Buffer.alloc(500, 0xff), method: 8 }]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'members that share their bytes',
      bytes: archive([
        { name: 'a.dcm', bytes: image, deflated: true },
        { name: 'b.dcm', bytes: image, deflated: true, offset: 0, absent: true },
      ]),
      problems: ['not-allowed'],
      found: 0,
    },
    {
      name: 'a thousand members of one megabyte that share a kilobyte',
      bytes: archive([
        { name: 'k', bytes: kernel, method: 8, size: 2 ** 20, checksum: 0 },
        ...Array.from({ length: 1000 }, (_, i) => ({
          name: `${i}.dcm`,
          bytes: kernel,
          method: 8,
          size: 2 ** 20,
          offset: 0,
          absent: true,
        })),
      ]),
      problems: ['not-allowed'],
      found: 0,
    },
    {
      name: '200,001 members',
      bytes: archive([good], { members: 200_001 }),
      problems: ['limit-exceeded'],
      found: 0,
    },
    {
      name: 'a ZIP inside',
      bytes: archive([good, { name: 'inner.zip', bytes: first }]),
      problems: ['bad-input'],
      found: 1,
    },
    {
      name: 'a password',
      bytes: archive([{ ...good, flags: 1 }]),
      problems: ['not-allowed'],
      found: 0,
    },
    {
      name: 'a way of packing that there is not',
      bytes: archive([{ ...good, method: 99 }]),
      problems: ['unsupported-syntax'],
      found: 0,
    },
    {
      name: 'a member that lies behind the end',
      bytes: archive([{ ...good, offset: 0x7ffffff0 }]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'a member that lies in the middle of another',
      bytes: archive([{ ...good, offset: 11 }]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'sizes of ZIP64 beyond any file',
      bytes: archive([
        { ...good, size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64([2n ** 60n, 2n ** 60n]) },
      ]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'a size of ZIP64 of four terabytes',
      bytes: archive([{ ...good, size: 0xffffffff, extra: zip64([2n ** 42n]) }]),
      problems: ['limit-exceeded'],
      found: 0,
    },
    {
      name: 'a stored member of ZIP64 of four terabytes',
      bytes: archive([
        {
          name: 'a.dcm',
          bytes: image,
          size: 0xffffffff,
          compressedSize: 0xffffffff,
          extra: zip64([2n ** 42n, 2n ** 42n]),
        },
      ]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'ZIP64 that is announced and missing',
      bytes: archive([{ ...good, size: 0xffffffff, compressedSize: 0xffffffff, extra: Buffer.alloc(0) }]),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'no directory',
      bytes: first.subarray(0, 60),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'a directory that lies behind the end',
      bytes: archive([good], { directoryOffset: 0x7fffffff }),
      problems: ['damaged-file'],
      found: 0,
    },
    {
      name: 'a directory of more members than there are',
      bytes: archive([good], { members: 60_000 }),
      problems: ['damaged-file'],
      found: 0,
    },
    { name: 'nothing but a magic', bytes: latin('PK\x03\x04'), problems: ['damaged-file'], found: 0 },
    {
      name: 'an empty member and a good one',
      bytes: archive([good, { name: 'empty.dcm', bytes: Buffer.alloc(0) }]),
      problems: ['not-dicom'],
      found: 1,
    },
  ];
}
