import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPack, type Pack } from '../../../main/encode/index.js';
import { type EvaluateOptions, evaluate, systemNames, tableOf } from '../../../main/evaluate/index.js';
import { decodeFrame, dispose, renderGrey } from '../../../main/study/index.js';
import { hasPack, packFolder } from '../encode/real-pack.js';

const root = join(import.meta.dirname, '../../..');

/** The synthetic radiograph as a picture of its own: a few pixels cut off, and saved as JPEG as the collection's images are. */
async function writeView(file: string, view: 'pa' | 'lateral', cut: number): Promise<void> {
  const grey = renderGrey(await decodeFrame({ file: join(root, `test/sample/study/chest-${view}.dcm`) }, 0));
  await mkdir(dirname(file), { recursive: true });
  await sharp(Buffer.from(grey.data), { raw: { width: grey.columns, height: grey.rows, channels: 1 } })
    .extract({ left: cut, top: cut, width: grey.columns - 2 * cut, height: grey.rows - 2 * cut })
    .resize(256, 256, { fit: 'fill' })
    .jpeg({ quality: 90 })
    .toFile(file);
}

interface Line {
  uid: string;
  split: string;
  images?: { file: string; projection?: string }[];
  [key: string]: unknown;
}

/** A folder laid out like the collection, with two views a study that names no images of its own. */
async function writeDataset(folder: string, lines: Line[]): Promise<void> {
  const studies = await Promise.all(
    lines.map(async (line, i) => {
      if (line.images) return line;
      const images = [
        { file: `${line.uid}-pa.jpg`, projection: 'Frontal' },
        { file: `${line.uid}-lateral.jpg`, projection: 'Lateral' },
      ];
      await writeView(join(folder, 'images', `${line.uid}-pa.jpg`), 'pa', i + 1);
      await writeView(join(folder, 'images', `${line.uid}-lateral.jpg`), 'lateral', i + 1);
      return { ...line, images };
    }),
  );
  await mkdir(join(folder, 'images'), { recursive: true });
  await writeFile(
    join(folder, 'studies.jsonl'),
    `${studies.map((line) => JSON.stringify(line)).join('\n')}\n`,
  );
}

const normal = {
  indication: 'Cough in a XXXX-year-old.',
  findings: 'The heart is normal in size. The lungs are clear. No pleural effusion or pneumothorax.',
  impression: 'No acute disease.',
  mesh: ['normal'],
};

describe.skipIf(!hasPack)('wetread eval', () => {
  let folder: string;
  let pack: Pack;
  const options = (over: Partial<EvaluateOptions> = {}): EvaluateOptions => ({
    ...{ dataset: join(folder, 'test'), corpus: join(folder, 'train'), split: 'test' },
    ...{ systems: systemNames, lenient: true, shuffled: true, out: join(folder, 'out') },
    documentsFolder: join(folder, 'documents'),
    cacheFolder: join(folder, 'cache'),
    command: 'wetread eval',
    ...over,
  });
  const lines = async (file: string) =>
    (await readFile(file, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetread-eval-'));
    pack = await openPack(packFolder);
    await mkdir(join(folder, 'documents/xr'), { recursive: true });
    for (const name of ['cardiomegaly', 'clear-lungs', 'normal-heart-mediastinum'])
      await cp(
        join(root, `indices/xr/xr-chest-${name}.md`),
        join(folder, `documents/xr/xr-chest-${name}.md`),
      );
    await writeDataset(join(folder, 'train'), [
      { uid: 'a', split: 'train', ...normal },
      { uid: 'b', split: 'train', ...normal, findings: `${normal.findings} The bones are intact.` },
      {
        uid: 'c',
        split: 'train',
        ...normal,
        ...{ findings: 'The heart is enlarged. The lungs are clear.', mesh: ['Cardiomegaly'] },
      },
      // The corpus calls a study training that is measured.
      { uid: '1', split: 'train', ...normal, findings: 'Secret of the measured study.' },
    ]);
    await writeDataset(join(folder, 'test'), [
      { uid: '1', split: 'test', ...normal },
      {
        ...{ uid: '2', split: 'test', findings: 'The heart is enlarged.', impression: null },
        mesh: ['Cardiomegaly'],
      },
      {
        uid: '3',
        split: 'test',
        images: [{ file: '1-pa.jpg' }, { file: 'damaged.jpg' }],
        findings: 'Clear.',
      },
      { uid: '4', split: 'test', images: [{ file: 'absent.jpg' }, { file: '../studies.jsonl' }], ...normal },
    ]);
    await writeFile(join(folder, 'test/images/damaged.jpg'), 'no picture at all');
  });

  afterAll(async () => {
    await pack?.dispose();
    await dispose();
    await rm(folder, { recursive: true, force: true });
  });

  it('measures every system on own and on shuffled images, and is stopped by nothing damaged', async () => {
    const metrics = await evaluate(pack, options());

    const drafts = await lines(join(folder, 'out/drafts.jsonl'));
    expect(drafts.map(({ uid, system }) => `${system} ${uid}`)).toEqual(
      systemNames
        .filter((name) => name in metrics.systems)
        .flatMap((system) => ['1', '2', '3', '4'].map((uid) => `${system} ${uid}`)),
    );
    expect(new Set(drafts.map(({ images }) => images))).toEqual(new Set(['own']));
    expect(await lines(join(folder, 'out/drafts-shuffled.jsonl'))).toHaveLength(drafts.length);
    const draft = (system: string, uid: string) => drafts.find((d) => d.system === system && d.uid === uid);

    // Sections are strings, also where nothing could be drafted; one damaged image leaves the other to be read.
    expect(draft('constant', '2').findings).toMatch(/^The heart is normal in size\. The lungs are clear\./);
    expect(draft('ft+rag', '1').findings.length).toBeGreaterThan(20);
    expect(draft('ft+rag', '3').error).toBeUndefined();
    expect(draft('ft+rag', '4')).toMatchObject({ findings: '', impression: '', sentences: [] });
    expect(draft('ft+rag', '4').error.code).toBe('no-pixels');
    const sentence = draft('ft+rag', '1').sentences[0];
    expect(sentence).toMatchObject({ section: 'findings', text: expect.any(String) });
    expect(draft('rag', '1').findings).toContain('The lungs are clear.');
    expect(JSON.stringify(drafts)).not.toContain('Secret');

    for (const what of ['damaged.jpg', 'absent.jpg', 'outside its folder'])
      expect(metrics.problems.some((problem) => problem.includes(what))).toBe(true);
    expect(metrics.counts).toEqual({
      ...{ studies: 4, coded: 3, abnormal: 1, normal: 2, unreadable: 1, corpus: 3, cases: 3 },
    });
    const { constant, retrieval } = metrics.systems;
    expect(constant?.own).toMatchObject({ studies: 4, failed: 0 });
    expect(constant?.shuffled?.clinical).toEqual(constant?.own.clinical);
    expect(metrics.systems['ft+rag']?.own).toMatchObject({ studies: 4, failed: 1, abstained: 0 });
    expect(retrieval?.own.clinical).toMatchObject({ coded: 3, abnormal: 1 });
    // Study 2 says the heart is large, the constant that it is normal: one finding missed, none found.
    expect(constant?.own.clinical.f1.abnormal).toMatchObject({ micro: 0, recall: 0 });
    expect(metrics.reference.abnormal.micro).toBe(1);
    expect(metrics.comparisons.map(({ system, against }) => `${system}/${against}`)).toContain(
      'ft+rag own/ft own',
    );
    expect(metrics.curve).toHaveLength(18);
    expect(JSON.parse(await readFile(join(folder, 'out/metrics.json'), 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(metrics)),
    );
    expect(tableOf(metrics)).toMatch(/F1 abnormal +0\.000/);
  }, 400_000);

  it('measures one system alone, takes the vectors of the corpus from its cache, and stays the same', async () => {
    let looked = 0;
    const out = join(folder, 'alone');
    const before = await lines(join(folder, 'out/drafts.jsonl'));
    const metrics = await evaluate(
      pack,
      options({ systems: ['retrieval'], lenient: false, shuffled: false, limit: 2, out }),
      {
        onProgress: (label) => {
          if (label === 'Looking at the corpus') looked += 1;
        },
      },
    );
    expect(looked).toBeGreaterThan(0);
    expect(Object.keys(metrics.systems)).toEqual(['retrieval']);
    const drafts = await lines(join(out, 'drafts.jsonl'));
    expect(drafts.map(({ uid, system }) => [uid, system])).toEqual([
      ['1', 'retrieval'],
      ['2', 'retrieval'],
    ]);
    const same = before.find(({ uid, system }) => uid === '2' && system === 'retrieval');
    expect(drafts[1].findings).toBe(same.findings);
    await expect(readFile(join(out, 'drafts-shuffled.jsonl'))).rejects.toThrow();
  });

  it('says what is missing, and stops when told to', async () => {
    const alone = { corpus: join(folder, 'test'), lenient: false, out: join(folder, 'none') };
    await expect(evaluate(pack, options({ ...alone, systems: ['constant'] }))).rejects.toMatchObject({
      code: 'bad-input',
    });
    await expect(evaluate(pack, options({ split: 'val' }))).rejects.toMatchObject({ code: 'not-found' });
    await expect(evaluate(pack, options({ dataset: join(folder, 'nowhere') }))).rejects.toMatchObject({
      code: 'not-found',
    });
    const stop = new AbortController();
    const running = evaluate(pack, options({ out: join(folder, 'stopped') }), {
      signal: stop.signal,
      onProgress: (label) => {
        if (label.startsWith('Drafting')) stop.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(readFile(join(folder, 'stopped/metrics.json'))).rejects.toThrow();
  });
});
