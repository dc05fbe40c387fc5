import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { indexBench } from '../../../main/cli/index-bench.js';
import { hasPack } from '../encode/real-pack.js';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);

/** A disc at a place of a dark image: cases of one disease have it at the same place. */
async function writeImage(file: string, place: number, shade: number): Promise<void> {
  const side = 96;
  const pixels = Buffer.alloc(side * side, 20);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++)
      if (Math.hypot(x - (place === 0 ? 28 : 68), y - 48) < 18) pixels[y * side + x] = shade;
  await sharp(pixels, { raw: { width: side, height: side, channels: 1 } })
    .jpeg()
    .toFile(file);
}

const diseases = [
  { diagnosis: 'Meningioma', history: 'Slowly growing headache.', findings: 'Dural mass with a tail.' },
  {
    diagnosis: 'Abscess',
    history: 'Fever after a tooth was drawn.',
    findings: 'Ring of enhancement with pus inside.',
  },
];

describe.skipIf(!hasPack)('wetread index bench', () => {
  let folder: string;
  const bench = (...words: string[]) =>
    run(process.execPath, ['--import', 'tsx', 'main/cli.ts', 'index', 'bench', ...words], {
      cwd: root,
      env: { ...process.env, WETREAD_HOME: join(folder, 'home') },
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetread-index-bench-'));
    await mkdir(join(folder, 'data/medpix/images'), { recursive: true });
    const cases = await Promise.all(
      Array.from({ length: 8 }, async (_, n) => {
        const place = n % 2;
        await writeImage(join(folder, 'data/medpix/images', `${n}.jpg`), place, 120 + 12 * n);
        const image = { file: `${n}.jpg`, modality: 'MR', caption: '', location: 'Brain and Neuro' };
        const { diagnosis, history, findings } = diseases[place] ?? diseases[0] ?? {};
        return {
          id: `C${n}`,
          split: n < 6 ? 'train' : 'val',
          title: `Case ${n}`,
          images: [image],
          diagnosis,
          history,
          findings,
        };
      }),
    );
    await writeFile(
      join(folder, 'data/medpix/cases.jsonl'),
      cases.map((one) => JSON.stringify(one)).join('\n'),
    );
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('measures every method on val cases against train cases, and keeps its indices', async () => {
    const out = join(folder, 'out');
    const words = ['--data', join(folder, 'data'), '--set', 'medpix', '--out', out];
    const { stdout } = await bench(...words);
    expect(stdout).toContain('MedPix MR, from both: 2 queries, 2 of them with a relevant document');
    const metrics = JSON.parse(await readFile(join(out, 'metrics.json'), 'utf8'));
    expect(metrics).toMatchObject({ split: 'val', sets: { medpix: { 'MedPix MR': {} } } });
    const task = metrics.sets.medpix['MedPix MR'];
    // Three of the six train cases have the disease, and each way tells it: by words, by meaning, by the place of the disc.
    for (const [variant, method] of [
      ['text', 'BM25'],
      ['text', 'dense text'],
      ['image', 'image to image'],
      ['both', 'hybrid, hierarchical'],
    ] as const)
      expect(task[variant][method].figures['recall@1'].value, `${method} from ${variant}`).toBe(1);
    expect(task.both['hybrid, hierarchical'].against.difference.queries).toBe(2);
    expect(task.image.BM25).toBeUndefined();

    const again = await bench(...words);
    expect(again.stderr).not.toContain('Indexing');
    expect(again.stdout).toBe(stdout);
  });

  it('refuses a set, a split or a folder that is not there', async () => {
    const out = join(folder, 'none');
    const refused = (...words: string[]) =>
      expect(indexBench(['--data', folder, '--out', out, ...words])).rejects;
    await refused('--set', 'nothing').toMatchObject({ code: 'bad-input' });
    await refused('--split', 'test').toMatchObject({ code: 'bad-input' });
    await refused('--limit', '0').toMatchObject({ code: 'bad-input' });
    // This one gets as far as the folder of the user's own data, of which the process has another one.
    await expect(bench('--data', folder, '--out', out, '--set', 'medpix')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('(not-found)'),
    });
  });
});
