/** The main job on the real app, as a radiologist does it: each test goes on where the one before it ended. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromRoot } from '../../.ci/root.js';
import { answerOpenDialog, answerSaveDialog, openRealApp, type RealApp } from './real-app.js';

const sample = fromRoot('test/sample/study');
const firstDraftMs = 270_000; // the first draft waits for the indices to be built

let real: RealApp;
let page: Page;
const byId = (id: string) => page.getByTestId(id);
const openFlags = () => page.locator('[data-testid="flag"][data-resolved="false"]');

beforeAll(async () => {
  real = await openRealApp();
  page = real.page;
});
afterAll(() => real?.close());

test('opens the study from a folder', async () => {
  await answerOpenDialog(real.app, [sample]);
  await byId('open-folder').click();
  await byId('worklist-row').waitFor();
  expect(await byId('worklist-row').count()).toBe(1);
});

test('shows frontal and lateral side by side, with pixels in them', async () => {
  for (const index of [0, 1]) {
    const viewport = page.locator(`[data-testid="viewport-${index}"][data-image-ready="true"]`);
    await viewport.waitFor();
    await expect.poll(() => greyLevels(page, index)).toBeGreaterThan(20);
  }
});

test('drafts findings and an impression, each sentence with what it rests on', async () => {
  await byId('draft-button').click();
  await byId('sentence').first().waitFor({ timeout: firstDraftMs });
  for (const section of ['findings', 'impression'])
    await page.locator(`[data-testid="sentence"][data-section="${section}"]`).first().waitFor();
  await byId('citation').first().waitFor();
  await page.locator('[data-testid="state"][data-state="draft"]').waitFor();
});

test('follows a citation to its snippet', async () => {
  const citation = byId('citation').first();
  const snippet = await citation.getAttribute('data-snippet-id');
  await citation.click();
  const followed = byId('evidence-panel').locator('[data-testid="evidence-snippet"][aria-current="true"]');
  await followed.waitFor();
  expect(await followed.getAttribute('data-snippet-id')).toBe(snippet);
  expect(((await followed.textContent()) ?? '').length).toBeGreaterThan(40);
});

test('marks an edited sentence that the image does not bear out', async () => {
  const sentence = page.locator('[data-testid="sentence"][data-section="findings"]').first();
  const id = await sentence.getAttribute('data-sentence-id');
  await sentence.focus();
  await page.keyboard.press('e');
  await byId('edit-box').fill('Large left pneumothorax, unchanged from the prior study.');
  await page.keyboard.press('Enter');
  const edited = page.locator(`[data-testid="sentence"][data-sentence-id="${id}"][data-status="edited"]`);
  await edited.waitFor();
  await edited.locator('[data-testid="flag"][data-resolved="false"]').first().waitFor();
  expect(await edited.textContent()).toContain('Large left pneumothorax');
});

test('is refused a signature while a flag is open', async () => {
  await byId('preliminary-button').click();
  await page.locator('[data-testid="state"][data-state="preliminary"]').waitFor();
  await byId('sign-button').click();
  await byId('sign-refusal').waitFor();
  expect(await byId('sign-name').count()).toBe(0);
  // Nor does the engine sign it for a window that asks all the same.
  const refusal = await page.evaluate(async () => {
    const [row] = await window.wetread.call('study.list', {});
    return window.wetread.call('report.sign', { report: row?.report?.id ?? '', by: 'Nobody' }).then(
      () => 'signed',
      (thrown: { code: string }) => thrown.code,
    );
  });
  expect(refusal).toBe('flag-open');
});

test('signs once every flag is confirmed', async () => {
  for (let open = await openFlags().count(); open > 0; open--) {
    await byId('confirm-flag').first().click();
    await expect.poll(() => openFlags().count()).toBe(open - 1);
  }
  await byId('sign-button').click();
  await byId('sign-name').fill('Dr. Ada Reader');
  await byId('sign-confirm').click();
  await page.locator('[data-testid="state"][data-state="final"]').waitFor();
  expect(await byId('signature').textContent()).toContain('Dr. Ada Reader');
});

test('exports to text and to FHIR R4', async () => {
  const text = join(real.folder, 'report.txt');
  await answerSaveDialog(real.app, text);
  await byId('export-text').click();
  await expect.poll(() => byId('status').textContent()).toContain('report.txt');
  const written = readFileSync(text, 'utf8');
  expect(written).toContain('Large left pneumothorax');
  expect(written).toContain('Dr. Ada Reader');

  const fhir = join(real.folder, 'report.fhir.json');
  await answerSaveDialog(real.app, fhir);
  await byId('export-fhir').click();
  await expect.poll(() => byId('status').textContent()).toContain('report.fhir.json');
  const exported = readFileSync(fhir, 'utf8');
  expect(exported).toContain('"DiagnosticReport"');
  expect(exported).toContain('"final"');
});

/** How many different grey levels a viewport shows: a blank or failed image has one or two. */
async function greyLevels(window: Page, index: number): Promise<number> {
  const picture = await window.getByTestId(`viewport-${index}`).locator('canvas').first().screenshot();
  return window.evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    if (!context) return 0;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    return new Set(data.filter((_value, at) => at % 4 === 0)).size;
  }, picture.toString('base64'));
}
