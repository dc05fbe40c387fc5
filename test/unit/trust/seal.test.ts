import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { fromRoot } from '../../../.ci/root.js';
import { sealOf } from '../../../.ci/seal.js';

it('is of the model packs and documents that are here; where they changed on purpose: npm run seal', async () => {
  expect(await readFile(fromRoot('main/trust/shipped.json'), 'utf8')).toBe(await sealOf());
});
