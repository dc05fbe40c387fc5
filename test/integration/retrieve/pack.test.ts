import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { embedTexts, openPack, type Pack } from '../../../main/encode/index.js';
import { findingIds, findingName } from '../../../main/findings/vocabulary.js';
import {
  buildIndex,
  type Index,
  openIndex,
  retrieveEvidence,
  searchIndex,
} from '../../../main/retrieve/index.js';

const packFolder = fileURLToPath(new URL('../../../models/cxr', import.meta.url));
const knowledge = fileURLToPath(new URL('../../../indices', import.meta.url));
const hasPack = existsSync(join(packFolder, 'manifest.json'));
if (!hasPack) console.warn('Skipped: there is no model pack in models/cxr.');

describe.skipIf(!hasPack)('the XR knowledge base with the text encoder of the pack', () => {
  let folder: string;
  let pack: Pack;
  let index: Index;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wetread-pack-'));
    await mkdir(join(folder, 'documents'));
    await symlink(join(knowledge, 'xr'), join(folder, 'documents', 'xr'));
    pack = await openPack(packFolder);
    const embed = (texts: string[], options: { signal?: AbortSignal }) =>
      embedTexts(pack, texts, { ...options, states: false });
    index = await openIndex(join(folder, 'index'), embed, { embedder: 'the pack' });
    const { problems } = await buildIndex(index, join(folder, 'documents'));
    expect(problems).toEqual([]);
  });
  afterAll(async () => {
    await index?.dispose();
    await pack?.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  test('understands other words than the ones that are written', async () => {
    const questions: [string, RegExp][] = [
      ['fluid in the pleural space on an upright film', /effusion|costophrenic/],
      ['enlarged heart silhouette', /cardiomegaly|cardiothoracic/],
      ['chronic smoker with flattened diaphragms', /emphysema|hyperinflation/],
      ['tip of the central line position', /catheter/],
      ['breathing tube too deep', /endotracheal/],
      ['pacing leads', /pacemaker/],
      ['small calcified dot from old infection', /granuloma/],
      ['backbone curved sideways', /scoliosis/],
      ['stomach herniating behind the heart', /hiatal/],
      ['air under the diaphragm, perforation', /free/],
    ];
    const missed: string[] = [];
    for (const [query, expected] of questions) {
      const { documents } = await searchIndex(index, { query, modality: 'XR' });
      if (!documents.slice(0, 3).some(({ id }) => expected.test(id))) missed.push(query);
    }
    expect(missed.length).toBeLessThanOrEqual(1);
  });

  test('has something to cite for every finding of the vocabulary', async () => {
    for (const finding of findingIds) {
      const text = `Shortness of breath. ${findingName(finding)}`;
      const { snippets } = await retrieveEvidence(index, { modality: 'XR', text, findings: [finding] });
      expect(snippets.length, finding).toBeGreaterThan(0);
      expect(snippets[0]?.score, finding).toBeGreaterThan(0.5);
    }
  });

  test('returns less for a narrow question than for a broad one, and scores an absurd one low', async () => {
    const ask = (query: string) => searchIndex(index, { query, modality: 'XR' });
    const [sound, absurd] = [
      await ask('no acute cardiopulmonary abnormality'),
      await ask('football results'),
    ];
    expect(absurd.snippets.length).toBeLessThan(sound.snippets.length);
    expect(absurd.snippets[0]?.score ?? 0).toBeLessThan(sound.snippets[0]?.score ?? 0);
  });
});
