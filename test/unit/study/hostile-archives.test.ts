import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeFrame, dispose, loadStudies } from '../../../main/study/index.js';
import { archive, hostileArchives } from '../../hostile/archives.js';
import { dataSet, element, file } from '../../hostile/bytes.js';
import { temporaryFolder } from './objects.js';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());
afterAll(dispose);

const instancesOf = ({ studies }: Awaited<ReturnType<typeof loadStudies>>) =>
  studies.flatMap(({ series }) => series.flatMap(({ instances }) => instances));

describe('ZIP', () => {
  it.each(hostileArchives().map((one) => [one.name, one] as const))(
    '%s',
    async (_, { bytes, problems, found }) => {
      const loaded = await loadStudies([folder.write('hostile.zip', bytes)]);
      expect(loaded.problems.map(({ code }) => code)).toEqual(problems);
      expect(instancesOf(loaded)).toHaveLength(found);
      for (const { file: path, message } of loaded.problems) {
        expect(path.startsWith(join(folder.path, 'hostile.zip'))).toBe(true);
        expect(message).toMatch(/^[A-Z].+\.$/);
      }
      // The members that are good can be looked at.
      for (const instance of instancesOf(loaded))
        expect(await decodeFrame(instance)).toMatchObject({ rows: 3, columns: 4, max: 1100 });
    },
  );

  it('of 30,000 members is listed', async () => {
    const members = Array.from({ length: 30_000 }, (_, i) => ({ name: `${i}.txt`, bytes: Buffer.alloc(0) }));
    const image = { name: 'image.dcm', bytes: file(dataSet()) };
    const loaded = await loadStudies([folder.write('many.zip', archive([...members, image]))]);
    expect(loaded.problems).toEqual([]);
    expect(instancesOf(loaded)).toHaveLength(1);
  });

  it('in a folder whose name ends as a member begins', async () => {
    mkdirSync(join(folder.path, 'odd!'));
    folder.write('odd!/1.dcm', file(dataSet()));
    folder.write('odd!/2.zip', archive([{ name: 'inner!/1.dcm', bytes: file(dataSet()), deflated: true }]));
    const loaded = await loadStudies([join(folder.path, 'odd!')]);
    expect(loaded.problems).toEqual([]);
    const [instance] = instancesOf(loaded);
    expect(instance?.file).toBe(join(folder.path, 'odd!/1.dcm'));
    expect(await decodeFrame({ file: join(folder.path, 'odd!/2.zip!/inner!/1.dcm') })).toMatchObject({
      rows: 3,
    });
  });

  it('a large stored member is read out of the archive, frame by frame', async () => {
    const frames = 40;
    const pixels = Buffer.alloc(512 * 512 * frames, 7);
    const short = (tag: string, value: number) => element(tag, 'US', Uint8Array.of(value & 255, value >> 8));
    const bytes = file(
      dataSet({
        '00280008': element('00280008', 'IS', String(frames)),
        '00280010': short('00280010', 512),
        '00280011': short('00280011', 512),
        '00280100': short('00280100', 8),
        '00280101': short('00280101', 8),
        '00280102': short('00280102', 7),
        '7FE00010': element('7FE00010', 'OB', pixels),
      }),
    );
    const path = folder.write('stored.zip', archive([{ name: 'cine.dcm', bytes }]));
    const [instance] = instancesOf(await loadStudies([path]));
    expect(instance).toMatchObject({ frames, hasPixels: true });
    expect(await decodeFrame({ file: instance?.file ?? '' }, frames - 1)).toMatchObject({
      rows: 512,
      max: 7,
    });
  });
});
