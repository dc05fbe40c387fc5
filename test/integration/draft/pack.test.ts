import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeReport } from '../../../main/draft/decoder.js';
import {
  type Adapter,
  type DraftInput,
  draftReport,
  evidenceQuery,
  type FollowUpCount,
  loadAdapter,
} from '../../../main/draft/index.js';
import { type Encoding, encodeStudy, openPack, type Pack } from '../../../main/encode/index.js';
import { Draft, type Evidence, type Study } from '../../../preload/values.js';
import { snippet } from '../../unit/draft/values.js';
import { disposeStudy, hasPack, loadSample, packFolder, readSample, resize } from '../encode/real-pack.js';

describe.skipIf(!hasPack)('drafting with the pack that ships (needs models/cxr)', () => {
  let pack: Pack;
  let sample: Study;
  let encoding: Encoding;
  beforeAll(async () => {
    pack = await openPack(packFolder);
    sample = await loadSample();
    encoding = await encodeStudy(pack, sample, readSample, { resize });
  });
  afterAll(async () => {
    await pack.dispose();
    await disposeStudy();
  });

  const evidence: Evidence = {
    modality: 'XR',
    query: '',
    documents: [],
    problems: [],
    snippets: [
      snippet('heart', 'Cardiomegaly: on a frontal radiograph the heart is wider than half the chest.', 0.8),
      snippet('effusion', 'A small pleural effusion blunts the costophrenic angle.', 0.7),
      snippet('ptx', 'A pneumothorax shows the visceral pleural line without markings beyond it.', 0.6),
      snippet('normal', 'The heart size is normal. No pleural effusion or pneumothorax is seen.', 0.6),
    ],
  };
  const input = (over: Partial<DraftInput> = {}): DraftInput => {
    let ids = 0;
    return { study: sample, pack, adapter: null, encoding, evidence, newId: () => `s${ids++}`, ...over };
  };

  it('yields a whole draft that fits the contract', async () => {
    const draft = Draft.parse(await draftReport(input()));
    expect(draft.abstention).toBeUndefined();
    for (const section of ['findings', 'impression'] as const) {
      const texts = draft.sentences.filter((s) => s.section === section).map((s) => s.text);
      expect(texts.length).toBeGreaterThan(0);
      expect(new Set(texts).size).toBe(texts.length);
      for (const text of texts) {
        expect(text).toMatch(/^[A-Z0-9].*\.$/);
        expect(text.toLowerCase()).not.toContain('xx');
      }
    }
    expect(new Set(draft.sentences.map((s) => s.id)).size).toBe(draft.sentences.length);
  });

  it('states nothing present that the image does not show as likely, and all that it does', async () => {
    const draft = await draftReport(input());
    const present = draft.sentences.flatMap((s) => s.statements.filter((x) => x.state === 'present'));
    const likely = encoding.findings.filter((f) => f.likely).map((f) => f.id);
    for (const { finding } of present) expect(likely).toContain(finding);
    const offered = draft.offers.map((offer) => offer.finding);
    for (const id of offered) expect(likely).not.toContain(id);
  });

  it('backs every sentence or flags it', async () => {
    const { sentences } = await draftReport(input());
    for (const { support, flags } of sentences) if (support === 'none') expect(flags).not.toEqual([]);
    expect(sentences.some((s) => s.citations.length > 0)).toBe(true);
  });

  it('asks again for what nothing bears out, and keeps of the answers what is cited', async () => {
    const asked: string[] = [];
    const none = { ...evidence, snippets: [] };
    const answer: Evidence = {
      ...none,
      documents: [{ id: 'doc-normal', dataset: 'wetread', title: 'Normal', score: 1, scores: {} }],
      snippets: [
        snippet('normal', 'No pleural effusion, pneumothorax or focal consolidation is seen.', 0.9),
        snippet('knee', 'A lipohemarthrosis of the knee layers on a horizontal beam view.', 0.9),
      ],
    };
    const lookUp = async (text: string) => {
      asked.push(text);
      return answer;
    };
    const counts: FollowUpCount[] = [];
    const draft = await draftReport(input({ evidence: none, lookUp }), {
      onFollowUp: (count) => counts.push(count),
    });
    expect(asked).toHaveLength(Math.min(6, draft.sentences.length));
    expect(asked).toContainEqual(expect.stringMatching(/^no pneumothorax|, no pneumothorax/));
    expect(counts).toHaveLength(1);
    const [count] = counts;
    expect(count?.uncitedBefore).toBe(draft.sentences.length);
    expect(count?.uncitedAfter).toBe(
      draft.sentences.filter(({ citations }) => citations.length === 0).length,
    );
    const cited = draft.sentences.flatMap(({ citations }) => citations.map((c) => c.snippet));
    expect(new Set(cited)).toEqual(new Set(['normal']));
    expect(draft.evidence.snippets.map(({ id }) => id)).toEqual(['normal']);
    expect(draft.evidence.documents.map(({ id }) => id)).toEqual(['doc-normal']);
  });

  it('points at every view for what it states', async () => {
    const { sentences } = await draftReport(input());
    const shown = sentences.filter((s) => s.statements.some((x) => x.state === 'present'));
    for (const { focus } of shown) {
      expect(focus.map((f) => f.instance)).toEqual(encoding.views.map((v) => v.instance.uid));
      for (const { values, rows, columns } of focus) {
        expect(values).toHaveLength(rows * columns);
        expect(Math.max(...values)).toBe(1);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it('drafts the same twice', async () => {
    const texts = async () => (await draftReport(input())).sentences.map((s) => s.text);
    expect(await texts()).toEqual(await texts());
  });

  it('writes with one beam as with two: whole sentences, no repetition, within its length', async () => {
    const adapter = await loadAdapter(pack, null);
    const findingStates = encoding.findings.map((f) => (f.likely ? 1 : 0));
    for (const beams of [1, 2]) {
      const sentences = await writeReport(pack, { encoding, findingStates, texts: [], adapter, beams });
      expect(sentences.map((s) => s.section)).toEqual(expect.arrayContaining(['findings', 'impression']));
      for (const { probability, look } of sentences) {
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThanOrEqual(1);
        expect(look).toHaveLength(encoding.tokens.dims[1] ?? 0);
      }
      const keys = sentences.map((s) => `${s.section} ${s.text}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  const write = async (adapter: Adapter, state: (id: string) => number = () => 0) =>
    writeReport(pack, {
      encoding,
      findingStates: encoding.findings.map((f) => state(f.id)),
      texts: [],
      adapter,
    });

  it('attends to the finding states', async () => {
    const adapter = await loadAdapter(pack, null);
    const enlarged = await write(adapter, (id) => (id === 'cardiomegaly' ? 1 : 0));
    expect(enlarged).not.toEqual(await write(adapter));
  });

  it('writes the same without an adapter as with zeros', async () => {
    const zeros = await loadAdapter(pack, 'none');
    expect(zeros.id).toBeNull();
    expect(await write(zeros)).toEqual(await write(await loadAdapter(pack, null)));
  });

  it('writes otherwise with an adapter that is not zero', async () => {
    const none = await loadAdapter(pack, null);
    const filled = (tensor: Adapter['a']) => ({
      ...tensor,
      data: Float32Array.from(tensor.data, (_, i) => Math.sin(i * 12.9898) * 0.1),
    });
    expect(await write({ id: 'x', a: filled(none.a), b: filled(none.b) })).not.toEqual(await write(none));
  });

  it('loads every adapter that it lists', async () => {
    for (const { id } of pack.manifest.adapters) {
      const adapter = await loadAdapter(pack, id);
      expect([...adapter.a.data, ...adapter.b.data].every(Number.isFinite)).toBe(true);
      expect((await draftReport(input({ adapter: id }))).adapter).toBe(id);
    }
  });

  it('asks the index for what it found, with the vector of the images', () => {
    const query = evidenceQuery(encoding, sample);
    expect(query.text.length).toBeGreaterThan(0);
    expect(query.joint).toHaveLength(pack.manifest.text.jointWidth);
  });

  it('stops when cancelled', async () => {
    await expect(draftReport(input(), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });
});
