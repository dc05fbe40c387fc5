import { closeSync, ftruncateSync, openSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFile } from '../../../main/study/bytes.js';
import { readFrame } from '../../../main/study/frame.js';
import { readHeaderOf } from '../../../main/study/header.js';
import { decodeFrame, dispose, loadStudies } from '../../../main/study/index.js';
import { readPixelModule } from '../../../main/study/pixels.js';
import {
  dataSet,
  element,
  file,
  head,
  item,
  latin,
  shorts,
  syntaxes,
  undefinedLength,
} from '../../hostile/bytes.js';
import { losslessJpeg, temporaryFolder } from './objects.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());
afterAll(dispose);

const gigabyte = 2 ** 30;
const side = 1024;
const frameBytes = side * side * 2;
const frames = (3 * gigabyte) / frameBytes;

const size = {
  '00280008': element('00280008', 'IS', String(frames)),
  '00280010': element('00280010', 'US', shorts([side])),
  '00280011': element('00280011', 'US', shorts([side])),
};

/** Writes pieces at their places; what lies between is a hole that takes no room on the disk. */
function sparse(
  name: string,
  bytes: number,
  pieces: readonly [position: number, bytes: Uint8Array][],
): string {
  const path = folder.write(name, new Uint8Array());
  const descriptor = openSync(path, 'w');
  for (const [position, piece] of pieces) writeSync(descriptor, piece, 0, piece.length, position);
  ftruncateSync(descriptor, bytes);
  closeSync(descriptor);
  return path;
}

/** Some file systems write holes out. */
const room = statfsSync(tmpdir());
const hasRoom = room.bavail * room.bsize > 8 * gigabyte;

/** How much the process grew while `work` ran, in megabytes. */
async function growthMb(work: () => Promise<void>): Promise<number> {
  const before = process.memoryUsage.rss();
  await work();
  return (process.memoryUsage.rss() - before) / 2 ** 20;
}

describe.skipIf(!hasRoom)(
  `files above two gigabytes${hasRoom ? '' : ' (skipped: less than 8 GB free for them)'}`,
  () => {
    const start = file(dataSet({ ...size, '7FE00010': head('7FE00010', 'OW', 3 * gigabyte) }));
    const marked = (value: number) => shorts([value, value + 1]);

    it('native: the header and any frame are read without the rest', async () => {
      const last = start.length + (frames - 1) * frameBytes;
      const path = sparse('native.dcm', start.length + 3 * gigabyte, [
        [0, start],
        [start.length, marked(100)],
        [last, marked(900)],
      ]);
      const loaded = await loadStudies([path]);
      expect(loaded.problems).toEqual([]);
      expect(loaded.studies[0]?.series[0]?.instances).toMatchObject([
        { frames, rows: side, hasPixels: true },
      ]);
      expect([...(await decodeFrame({ file: path })).data.subarray(0, 3)]).toEqual([100, 101, 0]);
      expect([...(await decodeFrame({ file: path }, frames - 1)).data.subarray(0, 3)]).toEqual([900, 901, 0]);
      const growth = await growthMb(async () => {
        const source = openFile(path);
        const module = readPixelModule(readHeaderOf(source));
        for (const frame of [0, 1, frames - 1]) await readFrame(module, frame);
        source.close();
      });
      expect(growth).toBeLessThan(100);
    });

    it('that is cut short is told of', async () => {
      const path = sparse('short.dcm', start.length + 2.5 * gigabyte, [[0, start]]);
      const { problems } = await loadStudies([path]);
      expect(problems).toMatchObject([{ file: path, code: 'damaged-file' }]);
    });

    it('compressed: pieces beyond four gigabytes are found', async () => {
      const values = Array.from({ length: 12 }, (_, i) => i * 100);
      const jpeg = losslessJpeg(values, 4, 1);
      const even = jpeg.length % 2 === 0 ? jpeg : Buffer.concat([jpeg, Buffer.alloc(1)]);
      const opening = file(
        dataSet({
          '00280008': element('00280008', 'IS', '3 '),
          '7FE00010': Buffer.concat([head('7FE00010', 'OB', undefinedLength), item(new Uint8Array())]),
        }),
        { transferSyntax: syntaxes.jpegLossless },
      );
      // Two frames with much padding behind them, and one that begins above what 32 bits can say.
      const padded = 2.2 * gigabyte - ((2.2 * gigabyte) % 2);
      const long = item(even, padded);
      const second = opening.length + 8 + padded;
      const third = second + 8 + padded;
      const path = sparse('compressed.dcm', third + 8 + even.length, [
        [0, opening],
        [opening.length, long],
        [second, long],
        [third, item(even)],
      ]);
      const loaded = await loadStudies([path]);
      expect(loaded.problems).toEqual([]);
      expect([...(await decodeFrame({ file: path }, 2)).data]).toEqual(values);
      // A frame of two gigabytes is no frame.
      await expect(decodeFrame({ file: path }, 0)).rejects.toMatchObject({ code: 'limit-exceeded' });
    });

    it('a value of two gigabytes before the pixels is jumped over', async () => {
      const bytes = file(dataSet());
      const at = bytes.indexOf(latin('(\0\x02\0'));
      const blob = head('00271001', 'OB', 2 * gigabyte);
      const path = sparse('blob.dcm', bytes.length + blob.length + 2 * gigabyte, [
        [0, bytes.subarray(0, at)],
        [at, blob],
        [at + blob.length + 2 * gigabyte, bytes.subarray(at)],
      ]);
      let rows = 0;
      const growth = await growthMb(async () => {
        const source = openFile(path);
        ({ rows } = await readFrame(readPixelModule(readHeaderOf(source)), 0));
        source.close();
      });
      expect(rows).toBe(3);
      expect(growth).toBeLessThan(100);
    });
  },
);
