/**
 * A patient whose every text attribute, file and folder carries a mark, driven through the real app, with files that are refused, a reader and
 * an engine that die: afterwards no file that the app wrote and nothing it printed holds a mark, but what the user exported.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAlive, until } from '../integration/isolate/processes.js';
import { writeDicom } from '../sample/dicom-writer.js';
import { markedStudy, marks } from '../sample/marked-patient.js';
import { answerOpenDialog, answerSaveDialog, openRealApp, type RealApp } from './real-app.js';

const outside = mkdtempSync(join(tmpdir(), 'wetread-marked-'));
const study = join(outside, `${marks.folder} study`);
const exported = join(outside, 'exported');
const firstDraftMs = 270_000;

let real: RealApp;
let page: Page;
let printed = '';
const byId = (id: string) => page.getByTestId(id);

beforeAll(async () => {
  mkdirSync(study);
  mkdirSync(exported);
  const bytes = writeDicom(await markedStudy());
  writeFileSync(join(study, `${marks.file} frontal.dcm`), bytes);
  writeFileSync(join(study, `${marks.file} cut.dcm`), bytes.subarray(0, 900));
  writeFileSync(join(study, `${marks.file} nothing.dcm`), `${marks.text} is no DICOM file`);
  real = await openRealApp();
  page = real.page;
  const { stdout, stderr } = real.app.process();
  for (const stream of [stdout, stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
});
afterAll(async () => {
  await real?.close();
  rmSync(outside, { recursive: true, force: true });
});

test('the marked patient is opened, drafted, edited and exported', async () => {
  await answerOpenDialog(real.app, [study]);
  await byId('open-folder').click();
  await byId('worklist-row').first().waitFor();
  await byId('draft-button').click();
  await byId('sentence').first().waitFor({ timeout: firstDraftMs });
  await page.evaluate(async (text) => {
    const { call } = window.wetread;
    const [row] = await call('study.list', {});
    const report = row?.report?.id ?? '';
    await call('report.add', { report, section: 'findings', after: null, text });
    // Refused, with the mark in what is asked for.
    const refused = [
      call('study.get', { study: text }),
      call('report.accept', { report: text, sentence: text }),
      call('study.open', { paths: [`/${text}/no such file.dcm`], task: text }),
    ];
    for (const one of refused) await one.catch(() => undefined);
  }, marks.text);
  await answerSaveDialog(real.app, join(exported, 'report.txt'));
  await byId('export-text').click();
  await expect.poll(() => readdirSync(exported)).toContain('report.txt');
  expect(readFileSync(join(exported, 'report.txt'), 'utf8')).toContain(marks.text);
});

test('the de-identified copy has no mark', async () => {
  const folder = join(exported, 'copy');
  mkdirSync(folder);
  await byId('deidentify-open').click();
  await byId('deidentify-modified-dates').check();
  await answerOpenDialog(real.app, [folder]);
  await byId('deidentify-write').click();
  await byId('deidentify-done').waitFor();
  const files = filesIn(folder);
  expect(files.length).toBeGreaterThan(0);
  expect(marked(folder)).toEqual([]);
  await page.keyboard.press('Escape');
});

test('the engine and its readers die and come back', async () => {
  const before = await utilities();
  expect(before.length).toBeGreaterThan(0);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await expect
    .poll(() =>
      page.evaluate(() =>
        window.wetread.call('study.list', {}).then(
          (rows) => rows.length > 0,
          () => false,
        ),
      ),
    )
    .toBe(true);
});

test('no file of the app and nothing that it printed holds a mark', async () => {
  // Closed, so that no file comes or goes while they are read.
  const last = await utilities();
  await real.app.close();
  await until(() => !last.some(isAlive));
  expect(filesIn(real.folder).length).toBeGreaterThan(3);
  expect(marked(real.folder)).toEqual([]);
  expect(Object.values(marks).filter((mark) => printed.includes(mark))).toEqual([]);
  // Crash reports are not made at all.
  expect(filesIn(real.folder).filter((file) => file.endsWith('.dmp'))).toEqual([]);
});

test('the search for marks finds them where they are', () => {
  expect(marked(exported).length).toBeGreaterThan(0);
});

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Files that have a mark in their name or bytes, as UTF-8 or UTF-16, in any case. */
function marked(folder: string): string[] {
  return filesIn(folder).filter((file) => {
    if (Object.values(marks).some((mark) => file.slice(folder.length).includes(mark))) return true;
    const bytes = readFileSync(file);
    const text = bytes.toString('latin1').toLowerCase();
    const wide = bytes.toString('utf16le').toLowerCase();
    return Object.values(marks).some(
      (mark) => text.includes(mark.toLowerCase()) || wide.includes(mark.toLowerCase()),
    );
  });
}

/** The app's processes that run Node: the engine and its readers. */
const utilities = () =>
  real.app.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(({ name }) => name?.startsWith('Wetread'))
      .map(({ pid }) => pid),
  );
