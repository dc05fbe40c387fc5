import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FlagCode, Statement, Support, Timings } from '../../../preload/values.js';

const root = join(import.meta.dirname, '../../..');

/** Runs `wetread` as a user would; resolves whatever its exit code. */
function wetread(home: string, ...words: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'main/cli.ts', ...words],
      { cwd: root, env: { ...process.env, WETREAD_HOME: home }, maxBuffer: 2 ** 24 },
      (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err }),
    );
  });
}

const DraftedSentence = z.object({
  text: z.string().min(1),
  support: Support,
  confidence: z.number().min(0).max(1),
  findings: z.array(Statement),
  citations: z.array(
    z.object({ snippet: z.string(), document: z.string(), title: z.string(), score: z.number() }),
  ),
});
/** The line of `wetread draft --json` as DESIGN promises it. */
const DraftLine = z.object({
  report: z.string(),
  study: z.string(),
  modality: z.string(),
  bodyPart: z.string().optional(),
  findings: z.array(DraftedSentence).min(1),
  impression: z.array(DraftedSentence).min(1),
  flags: z.array(z.object({ code: FlagCode, message: z.string(), text: z.string() })),
  abstention: z.object({ code: z.string(), reason: z.string() }).optional(),
  pack: z.literal('cxr'),
  adapter: z.string().nullable(),
  timings: Timings,
});

describe('the command line', () => {
  let home: string;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'wetread-cli-'));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('drafts a study and a picture, a line each, and exports what it drafted', async () => {
    const picture = join(home, 'picture.png');
    await sharp({ create: { width: 300, height: 200, channels: 3, background: '#c04020' } }).toFile(picture);
    const damaged = join(home, 'damaged.dcm');
    await writeFile(damaged, 'not a DICOM file at all');

    const { code, out, err } = await wetread(home, 'draft', 'test/sample/study', picture, damaged, '--json');
    expect(err).toContain('damaged.dcm');
    expect(code).toBe(0);
    const [chest, other, ...more] = out
      .trim()
      .split('\n')
      .map((line) => DraftLine.parse(JSON.parse(line)))
      .sort((a) => (a.abstention ? 1 : -1));
    expect(more).toEqual([]);

    expect(chest?.abstention).toBeUndefined();
    expect(chest?.bodyPart).toBe('CHEST');
    expect(chest?.findings.some(({ citations }) => citations.length > 0)).toBe(true);
    expect(JSON.stringify(chest)).not.toMatch(/x{3,}/i);
    // What is on neither the image nor in a text must carry a flag.
    for (const { text, support } of [...(chest?.findings ?? []), ...(chest?.impression ?? [])])
      if (support === 'none') expect(chest?.flags.map((flag) => flag.text)).toContain(text);

    expect(other?.abstention?.reason).toBeTruthy();
    expect(other?.findings.flatMap(({ findings }) => findings)).toEqual([]);

    const text = await wetread(home, 'export', chest?.report ?? '', '--format', 'text');
    expect(text.out).toContain(chest?.findings[0]?.text);
    const fhir = await wetread(home, 'export', chest?.report ?? '', '--format', 'fhir');
    expect(JSON.parse(fhir.out)).toMatchObject({ resourceType: 'Bundle' });
  });

  it('drafts without retrieval and without an adapter when told to', async () => {
    const { out } = await wetread(
      home,
      ...['draft', 'test/sample/study', '--json', '--no-retrieval', '--adapter', 'none'],
    );
    const line = DraftLine.parse(JSON.parse(out));
    expect(line.adapter).toBeNull();
    expect([...line.findings, ...line.impression].flatMap(({ citations }) => citations)).toEqual([]);
  });

  it('describes pixels, and names the fault where there are none', async () => {
    const sample = 'test/sample/study/chest-pa.dcm';
    const missing = join(home, 'missing.dcm');
    const { out, code } = await wetread(home, 'decode', sample, missing, '--json');
    const [right, wrong] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(right).toMatchObject({ file: sample, shape: '1024x896:uint16' });
    expect(right.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(wrong.error.code).toBe('not-found');
    expect(code).toBe(1);
  });

  it('refuses what it does not know with a sentence, not a stack', async () => {
    const { code, err } = await wetread(home, 'draft');
    expect(code).toBe(1);
    expect(err).toMatch(/Name at least one file/);
    expect(err).not.toMatch(/at .*\.ts/);
    expect((await wetread(home, 'fly')).code).toBe(2);
    expect(existsSync(join(home, 'reports', 'store.db'))).toBe(true);
  });
});
