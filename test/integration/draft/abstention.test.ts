import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { draftReport } from '../../../main/draft/index.js';
import { encodeStudy, openPack, type Pack } from '../../../main/encode/index.js';
import { Draft, type Evidence } from '../../../preload/values.js';
import { instance, series, study } from '../../unit/encode/study.js';
import { trustAll, writePack } from '../../unit/encode/write-pack.js';

let folder: string;
let pack: Pack;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wetread-pack-'));
  await writePack(folder);
  pack = await openPack(folder, { trust: trustAll });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const evidence: Evidence = {
  modality: 'XR',
  query: 'hand',
  documents: [{ id: 'd', dataset: 'wetread', title: 'Hand', score: 1, scores: {} }],
  snippets: [],
  problems: [],
};
const unread = () => {
  throw new Error('No pixel of a study outside the domain may be read.');
};

it.each([
  ['CR', 'HAND', 'body-part', 'Bones: [ ]'],
  ['CT', 'CHEST', 'modality', 'Lungs and airways: [ ]'],
  ['US', undefined, 'modality', 'Region examined: [ ]'],
  ['MG', 'BREAST', 'modality', 'Breast density: [ ]'],
] as const)(
  'abstains on %s %s with reason, template and evidence',
  async (modality, bodyPart, code, line) => {
    const value = study([series(modality, [instance('a')], { bodyPart })]);
    const encoding = await encodeStudy(pack, value, unread, { resize: unread });
    let ids = 0;
    const draft = Draft.parse(
      await draftReport({ study: value, pack, adapter: null, encoding, evidence, newId: () => `s${ids++}` }),
    );
    expect(draft.abstention).toMatchObject({ code, reason: expect.stringContaining('chest radiographs') });
    expect(draft.sentences.map((s) => s.text)).toContain(line);
    expect(draft.sentences.every((s) => s.origin === 'template' && s.statements.length === 0)).toBe(true);
    // Every field is open, so that the report cannot be signed as it is.
    expect(draft.sentences.every((s) => s.flags.some((f) => f.code === 'incomplete' && !f.resolved))).toBe(
      true,
    );
    expect(draft.offers).toEqual([]);
    expect(draft.evidence).toEqual(evidence);
  },
);
