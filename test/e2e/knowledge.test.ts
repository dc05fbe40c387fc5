/** The department's own knowledge on the real app: each test goes on where the one before it ended. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fromRoot } from '../../.ci/root.js';
import { personal, writeManyReports, writeOwnCases } from './knowledge-cases.js';
import { answerOpenDialog, openRealApp, type RealApp } from './real-app.js';

const firstBuildMs = 270_000; // the first search waits for the authored indices to be built
const made = mkdtempSync(join(tmpdir(), 'wetread-own-'));

let real: RealApp;
let page: Page;
let own: Awaited<ReturnType<typeof writeOwnCases>>;
const byId = (id: string) => page.getByTestId(id);
const dataset = (title: string): Locator => byId('dataset').filter({ hasText: title });
const count = async (locator: Locator) => Number((await locator.textContent())?.replaceAll(',', ''));

beforeAll(async () => {
  own = await writeOwnCases(made);
  real = await openRealApp([fromRoot('test/sample/study')]);
  page = real.page;
  await byId('worklist-row').waitFor();
});
afterAll(async () => {
  await real?.close();
  rmSync(made, { recursive: true, force: true });
});

test('without cases of its own it says why none is similar', async () => {
  await byId('draft-button').waitFor(); // with which the pane is there that takes the key
  await page.keyboard.press('c');
  await byId('no-cases').waitFor({ timeout: firstBuildMs });
  await expect.poll(() => byId('no-cases').textContent()).toMatch(/no earlier|none|no dataset/i);
});

test('creates a dataset', async () => {
  await byId('view-indices').click();
  await byId('new-dataset').click();
  await byId('dataset-title').fill('Chest clinic');
  await byId('dataset-confirm').click();
  await dataset('Chest clinic').waitFor();
  expect(await dataset('Chest clinic').getAttribute('data-state')).toBe('empty');
  expect(await byId('dataset-view').textContent()).toContain('Chest clinic');
});

test('previews what an import would read and remove', async () => {
  await answerOpenDialog(real.app, [own.cases]);
  await byId('import-here').click();
  await page.locator('[data-testid="import-preview"][data-state="ready"]').waitFor();
  expect(await byId('preview-document').count()).toBe(3);
  const removed = await byId('removed').allTextContents();
  for (const detail of personal) expect(removed.join(' | ')).toContain(detail);
});

test('imports a folder of reports with their images', async () => {
  await byId('import-licence').fill('Department use only');
  await byId('import-start').click();
  await byId('import-result').waitFor({ timeout: firstBuildMs });
  expect(await count(byId('result-added'))).toBe(3);
  expect(await count(byId('result-images'))).toBe(3);
  expect(await byId('result-removals').textContent()).toMatch(/name/);
  await byId('open-imported').click();
  await expect.poll(() => byId('document-row').count()).toBe(3);
  await expect.poll(() => dataset('Chest clinic').getAttribute('data-state')).toBe('ready');
});

test('stores nothing of what was to be removed', async () => {
  await byId('document-row')
    .filter({ hasText: /effusion/i })
    .getByTestId('open-document')
    .click();
  const content = () => byId('document').textContent();
  await expect.poll(content).toContain('quillback');
  const text = (await content()) ?? '';
  expect(await byId('placeholder').count()).toBeGreaterThan(1);
  expect(text).toContain('Department use only');
  for (const detail of personal) expect(text).not.toContain(detail);
  const image = byId('document').getByTestId('case-image').first();
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100);
});

test('imports a table by drag and drop, as a change of the same dataset', async () => {
  await dropFile(own.table);
  await page.locator('[data-testid="import-preview"][data-state="ready"]').waitFor();
  const roles = await byId('mapping-row').evaluateAll((rows) =>
    rows.map((row) => `${row.getAttribute('data-column')} ${row.getAttribute('data-role')}`),
  );
  expect(roles).toEqual(
    expect.arrayContaining(['findings section', 'impression section', 'age ageYears', 'sex sex']),
  );
  await byId('import-modality').selectOption('XR');
  await byId('import-words-only').check();
  await byId('import-start').click();
  await byId('import-result').waitFor({ timeout: firstBuildMs });
  expect(await count(byId('result-added'))).toBe(2);
  await byId('open-imported').click();
  await expect.poll(() => byId('document-row').count()).toBe(5);
});

test('finds it by search, marked, and not where it is filtered out', async () => {
  await byId('rail-search').click();
  await byId('index-query').fill('quillback shadow along the chest wall');
  await page.keyboard.press('Enter');
  await byId('index-snippet').first().waitFor({ timeout: firstBuildMs });
  const ours = byId('index-snippet').filter({ hasText: 'quillback' });
  await ours.first().waitFor();
  expect(await ours.first().textContent()).toContain('Chest clinic');
  await byId('filter-dataset').selectOption('wetread');
  await expect.poll(() => ours.count()).toBe(0);
  await byId('clear-filters').click();
  await expect.poll(() => ours.count()).toBeGreaterThan(0);
});

test('shows similar cases of the sample study, labelled as earlier ones, with their reports', async () => {
  await byId('view-reading').click();
  await byId('draft-button').waitFor();
  await page.keyboard.press('c');
  await expect.poll(() => byId('case').count()).toBe(3);
  for (const text of await byId('case').allTextContents()) expect(text).toContain('Earlier case');
  const ours = byId('case').filter({ hasText: 'pleural effusion' });
  await ours.getByTestId('case-head').click();
  await expect.poll(() => ours.getByTestId('case-report').textContent()).toContain('quillback');
  const image = ours.getByTestId('case-image').first();
  await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(100);
});

test('answers a question by quotation', async () => {
  await page.keyboard.press('q');
  await byId('question').fill('How does a small pleural effusion look on the upright chest radiograph?');
  await page.keyboard.press('Enter');
  await page.locator('[data-testid="answer"][data-found="true"]').waitFor();
  const first = byId('answer-snippet').first();
  expect(await first.textContent()).toMatch(/effusion|costophrenic/i);
  expect(await first.textContent()).toMatch(/version/);
});

test('says so where the indices do not hold the answer', async () => {
  await byId('question').fill('Which restaurant near the harbour serves the best fish soup?');
  await page.keyboard.press('Enter');
  await byId('not-found').waitFor();
  expect(await byId('answer-snippet').count()).toBe(0);
});

test('brings a version back', async () => {
  await byId('view-indices').click();
  await dataset('Chest clinic').click();
  await byId('dataset-tab-versions').click();
  const before = byId('version-row').filter({ hasNot: page.getByText('In use') });
  const target = before.first();
  await expect.poll(() => target.locator('td.number').first().textContent()).toBe('3');
  await target.getByTestId('rollback').click();
  await byId('confirm').click();
  await expect.poll(() => dataset('Chest clinic').textContent()).toContain('3 documents');
  await byId('dataset-tab-documents').click();
  await expect.poll(() => byId('document-row').count()).toBe(3);
});

test('deletes a document, and the whole dataset, only when told twice', async () => {
  const row = byId('document-row')
    .filter({ hasText: /lateral|compression/i })
    .first();
  await row.getByRole('checkbox').check();
  await byId('delete-documents').click();
  await page.keyboard.press('Escape');
  expect(await byId('document-row').count()).toBe(3);
  await byId('delete-documents').click();
  await byId('confirm').click();
  await expect.poll(() => byId('document-row').count()).toBe(2);
  await byId('remove-dataset').click();
  await byId('confirm').click();
  await expect.poll(() => dataset('Chest clinic').count()).toBe(0);
});

test('offers an import that was cut off, and ends it without losing or doubling anything', async () => {
  const many = writeManyReports(made, 80);
  await byId('view-indices').click();
  await answerOpenDialog(real.app, [many]);
  await byId('import-folder').click();
  await byId('import-title').fill('Cut off');
  await page.locator('[data-testid="import-preview"][data-state="ready"]').waitFor();
  await byId('import-start').click();
  await byId('import-progress')
    .getByText(/Reading: [1-9]/)
    .waitFor({ timeout: firstBuildMs });
  await killEngine();
  await byId('interrupted').waitFor({ timeout: firstBuildMs });
  expect(await byId('interrupted').textContent()).toContain('Cut off');
  await byId('resume').click();
  await byId('import-result').waitFor({ timeout: firstBuildMs });
  await byId('open-imported').click();
  await expect.poll(() => dataset('Cut off').textContent()).toContain('80 documents');
  await expect.poll(() => byId('interrupted').count()).toBe(0);
});

async function killEngine(): Promise<void> {
  const killed = await real.app.evaluate(({ app }) => {
    const engine = app.getAppMetrics().find((metric) => metric.name === 'Wetread engine');
    if (engine) process.kill(engine.pid, 'SIGKILL');
    return engine !== undefined;
  });
  expect(killed).toBe(true);
}

/** Drops a file on the window as the system would: a real file, which has a path. */
async function dropFile(file: string): Promise<void> {
  const at = { x: 700, y: 500 };
  const client = await page.context().newCDPSession(page);
  const data = { items: [], files: [file], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await client.send('Input.dispatchDragEvent', { type, ...at, data });
  await client.detach();
}
