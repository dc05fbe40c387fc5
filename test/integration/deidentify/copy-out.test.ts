/** Copies for others stand in the audit trail, whichever door they are asked for at. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { accountName } from '../../../main/account.js';
import { copyOut } from '../../../main/copy-out.js';
import { createEngine } from '../../../main/engine.js';
import { WetreadError } from '../../../main/error.js';
import { openStore, readOrMakeKeyFile } from '../../../main/review/index.js';
import { dispose } from '../../../main/study/index.js';
import { writeDicom } from '../../sample/dicom-writer.js';
import { markedStudy, marks } from '../../sample/marked-patient.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'copy-out-'));
  await mkdir(join(folder, 'study'));
  await writeFile(join(folder, 'study', 'a.dcm'), writeDicom(await markedStudy()));
});
afterEach(() => rm(folder, { recursive: true, force: true }));
afterAll(dispose);

/** Entries on copies, oldest first, and what is wrong with the trail. */
async function trail() {
  const reports = join(folder, 'home', 'reports');
  const store = openStore(reports, readOrMakeKeyFile(reports), { now: () => new Date().toISOString() });
  try {
    const entries = store.users.log(100).filter(({ action }) => action === 'copy-out');
    return { entries: entries.reverse(), problems: (await store.verifyAudit()).problems };
  } finally {
    store.dispose();
  }
}

it('of the window: who, how many and by which options, nothing of the patient', async () => {
  const engine = await createEngine({
    dataFolder: join(folder, 'home'),
    packsFolder: join(folder, 'no-packs'),
    documentsFolder: join(folder, 'no-documents'),
    user: 'system-user',
  });
  const { studies } = await engine.open([join(folder, 'study')], 'open');
  await engine.call('study.deidentify', {
    study: studies[0]?.uid,
    folder: join(folder, 'copies'),
    options: ['device', 'modified-dates'],
    boxText: true,
    task: 'copy',
  });
  await engine.dispose();
  const { entries, problems } = await trail();
  expect(entries.map(({ who, report, subject, detail }) => [who, report, subject, detail])).toEqual([
    [
      'system-user',
      '',
      null,
      '1 object to be copied; options: device, modified-dates; text in pixels blackened',
    ],
    ['system-user', '', null, '1 object of 1 copied'],
  ]);
  for (const mark of Object.values(marks)) expect(JSON.stringify(entries)).not.toContain(mark);
  expect(problems).toEqual([]);
});

it('of the command line: by the account of the system', async () => {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', 'main/cli.ts', 'deidentify', join(folder, 'study')],
      ...['--out', join(folder, 'copies'), '--option', 'device'],
    ],
    {
      cwd: join(import.meta.dirname, '../../..'),
      env: { ...process.env, WETREAD_HOME: join(folder, 'home') },
      stdio: 'ignore',
    },
  );
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  const { entries, problems } = await trail();
  expect(entries.map(({ who, detail }) => [who, detail])).toEqual([
    [accountName(), '1 object to be copied; options: device'],
    [accountName(), '1 object of 1 copied'],
  ]);
  expect(problems).toEqual([]);
});

it('says so where it was stopped, and copies nothing where the trail cannot be written', async () => {
  const noted: string[] = [];
  const stopped = new AbortController();
  stopped.abort();
  const paths = [join(folder, 'study', 'a.dcm')];
  const options = { folder: join(folder, 'copies'), options: [], secret: new Uint8Array(32) };
  const note = ({ detail }: { detail?: string }) => void noted.push(detail ?? '');
  await expect(
    copyOut(paths, { ...options, signal: stopped.signal }, { users: { note }, who: 'ada' }),
  ).rejects.toMatchObject({ code: 'cancelled' });
  expect(noted).toEqual(['1 object to be copied; options: none', 'stopped (cancelled) after 0 objects of 1']);

  const full = () => {
    throw new WetreadError('disk-full', 'The disk is full.');
  };
  const elsewhere = { ...options, folder: join(folder, 'elsewhere') };
  await expect(copyOut(paths, elsewhere, { users: { note: full }, who: 'ada' })).rejects.toMatchObject({
    code: 'disk-full',
  });
  expect(await readdir(folder)).not.toContain('elsewhere');
});
