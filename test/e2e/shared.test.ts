/** A shared dataset on the real app: whose key signs it is shown, and another one is taken only when it is trusted. Each test goes on where the one before it ended. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { fromRoot } from '../../.ci/root.js';
import { openLibrary } from '../../main/retrieve/index.js';
import { signerIn } from '../../main/trust/index.js';
import { hashingEmbedder } from '../integration/retrieve/hashing-embedder.js';
import { reports } from '../integration/retrieve/source-documents.js';
import { answerOpenDialog, openRealApp, type RealApp } from './real-app.js';

const folder = mkdtempSync(join(tmpdir(), 'wetread-shared-'));
const location = join(folder, 'share');
const Manifest = z.object({ files: z.record(z.string(), z.object({ sha256: z.string() })) });

let real: RealApp;
let page: Page;
const byId = (id: string) => page.getByTestId(id);
const view = () => byId('dataset-view');

beforeAll(async () => {
  await publish('first', 3);
  real = await openRealApp();
  page = real.page;
});
afterAll(async () => {
  await real?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A colleague's workstation shares `count` cases, signed with the key of this name; what they compare. */
async function publish(key: string, count: number): Promise<string> {
  const manifest = Manifest.parse(JSON.parse(readFileSync(fromRoot('models/cxr/manifest.json'), 'utf8')));
  const library = await openLibrary({
    folder: join(folder, 'colleague'),
    embed: hashingEmbedder().embed,
    embedder: manifest.files['text-encoder.onnx']?.sha256 ?? '',
    sign: signerIn(join(folder, key)),
  });
  try {
    if ((await library.list()).length === 1) await library.add({ title: 'Cases' });
    const writer = await library.openWriter('cases');
    await writer.write(reports(0, count), { vectors: false });
    await writer.finish(`${count} cases`);
    await writer.close();
    return (await library.publish('cases', location)).fingerprint;
  } finally {
    await library.dispose();
  }
}

async function unsign(): Promise<void> {
  const connection = await connect(location);
  await (await connection.openTable('signatures')).delete('true');
  connection.close();
}

test('is refused unsigned, and says whose key signed it once it is', async () => {
  await unsign();
  await byId('view-indices').click();
  await byId('add-shared').click();
  await answerOpenDialog(real.app, [location]);
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await expect.poll(() => byId('dataset-location').inputValue()).toBe(location);
  await byId('dataset-title').fill('Clinic');
  await byId('dataset-confirm').click();
  await byId('dialog-error').waitFor();
  await expect.poll(() => byId('dialog-error').textContent()).toContain('is not signed');
  expect(await byId('allow-unsigned').isChecked()).toBe(false);

  const fingerprint = await publish('first', 3);
  await byId('dataset-confirm').click();
  await byId('added-dataset').waitFor();
  await expect.poll(() => byId('added-dataset').getByTestId('fingerprint').textContent()).toBe(fingerprint);
  await byId('added-done').click();
  await expect.poll(() => view().getByTestId('fingerprint').textContent()).toBe(fingerprint);
  await expect.poll(() => view().locator('.dataset-state').getAttribute('data-state')).toBe('ready');
  await expect.poll(() => byId('document-row').count()).toBe(3);
});

test('signed by another key, it is not taken until that one is trusted', async () => {
  const fingerprint = await publish('second', 5);
  await byId('refresh').click();
  await expect.poll(() => view().locator('.dataset-state').getAttribute('data-state')).toBe('untrusted');
  await expect.poll(() => byId('dataset-message').textContent()).toContain(fingerprint);
  await expect.poll(() => byId('document-row').count()).toBe(3);

  await byId('trust-publisher').click();
  const dialog = page.getByRole('dialog');
  await expect.poll(() => dialog.getByTestId('fingerprint').textContent()).toBe(fingerprint);
  await byId('confirm').click();
  await expect.poll(() => view().locator('.dataset-state').getAttribute('data-state')).toBe('ready');
  await expect.poll(() => view().getByTestId('fingerprint').textContent()).toBe(fingerprint);
  await expect.poll(() => byId('document-row').count()).toBe(5);
  await expect.poll(() => byId('trust-publisher').count()).toBe(0);
});

test('that lost its signature is told as that', async () => {
  await unsign();
  await byId('refresh').click();
  await expect.poll(() => view().locator('.dataset-state').getAttribute('data-state')).toBe('untrusted');
  await expect.poll(() => byId('dataset-message').textContent()).toContain('not signed by anybody');
  await expect.poll(() => byId('trust-publisher').textContent()).toContain('unsigned');
});
