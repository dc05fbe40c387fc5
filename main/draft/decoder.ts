/** Writes a report with the pack's decoder: greedy or beam search over its graph, with constraints. */
import type { Section } from '../../preload/values.js';
import type { Encoding, Pack, Tensor } from '../encode/index.js';
import { float, floats, int } from '../encode/onnx.js';
import type { Adapter } from './adapter.js';

/** A text the decoder attends to; `states` [T,E] from `embedTexts`. */
export interface DecoderText {
  kind: 'indication' | 'snippet';
  states: Float32Array;
}

export interface DecodedSentence {
  section: Section;
  /** Lower case, without its full stop. */
  text: string;
  /** Geometric mean of its tokens' probabilities. */
  probability: number;
  /** Mean cross-attention over the patch tokens [N] while it was written. */
  look: Float32Array;
}

/** Tokens of one text that the decoder was trained to see. */
const TEXT_TOKENS = { indication: 48, snippet: 40 } as const;
const TEXT_KINDS = { indication: 0, snippet: 1, padding: 2 } as const;
/** A report is never longer than this, whatever the pack allows. */
const LONGEST = 150;

interface Hypothesis {
  ids: number[];
  logProbabilities: number[];
  looks: Float32Array[];
  score: number;
  inImpression: boolean;
  /** Where its current sentence starts. */
  sentence: number;
  written: Set<string>;
  /** The only token it may go on with. */
  forced?: number;
  ended: boolean;
}

/**
 * Writes findings and impression. `findingStates` [F] as in `models/README.md`. `beams` 1 is greedy. A sentence is never
 * written twice in a section, anonymisation marks never. Throws an AbortError by `signal`, between two steps.
 */
export async function writeReport(
  pack: Pack,
  {
    encoding,
    findingStates,
    texts,
    adapter,
    beams = 1,
  }: {
    encoding: Encoding;
    findingStates: number[];
    texts: DecoderText[];
    adapter: Adapter;
    beams?: number;
  },
  { signal }: { signal?: AbortSignal } = {},
): Promise<DecodedSentence[]> {
  const { decoder: geometry } = pack.manifest;
  const tokens = await tokensOf(pack);
  const memory = await (await pack.model('memory')).run({
    tokens: encoding.tokens,
    finding_states: int(findingStates, [1, findingStates.length]),
    ...textMemory(texts, pack.manifest.text.semanticWidth),
  });
  const cross = {
    cross_keys: float(floats(memory, 'cross_keys'), memory.cross_keys?.dims ?? []),
    cross_values: float(floats(memory, 'cross_values'), memory.cross_values?.dims ?? []),
    lora_a: adapter.a,
    lora_b: adapter.b,
  };
  const slots = cross.cross_keys.dims[3] ?? 0;
  const patches = encoding.tokens.dims[1] ?? 0;
  const model = await pack.model('step');
  const empty = float(new Float32Array(0), [
    geometry.layers,
    1,
    geometry.heads,
    0,
    geometry.width / geometry.heads,
  ]);

  let live: Hypothesis[] = [
    {
      ids: [geometry.bos],
      logProbabilities: [],
      looks: [],
      score: 0,
      inImpression: false,
      sentence: 1,
      written: new Set(),
      ended: false,
    },
  ];
  let cache: { past_keys: Tensor; past_values: Tensor } = { past_keys: empty, past_values: empty };
  const done: Hypothesis[] = [];
  const longest = Math.min(LONGEST, geometry.maxTokens - 1);

  for (let step = 0; step < longest && live.length > 0 && done.length < beams; step++) {
    signal?.throwIfAborted();
    const out = await model.run({
      input_ids: int(
        live.map((h) => h.ids[h.ids.length - 1] ?? geometry.bos),
        [live.length, 1],
      ),
      ...cross,
      ...cache,
    });
    const logits = floats(out, 'logits');
    const attention = floats(out, 'attention');
    const vocabulary = logits.length / live.length;

    const candidates: { parent: number; token: number; logProbability: number; score: number }[] = [];
    for (const [parent, hypothesis] of live.entries()) {
      const row = logits.subarray(parent * vocabulary, (parent + 1) * vocabulary);
      const { forced } = hypothesis;
      if (forced !== undefined) {
        candidates.push({ parent, token: forced, logProbability: 0, score: hypothesis.score });
        continue;
      }
      for (const { token, logProbability } of best(row, beams, forbidden(hypothesis, tokens, geometry)))
        candidates.push({ parent, token, logProbability, score: hypothesis.score + logProbability });
    }
    candidates.sort((a, b) => b.score - a.score);
    const next: Hypothesis[] = [];
    const parents: number[] = [];
    for (const { parent, token, logProbability, score } of candidates.slice(0, beams - done.length)) {
      const from = live[parent];
      if (!from) continue;
      const look = attention.slice(parent * slots, parent * slots + patches);
      const grown = extend(from, token, logProbability, look, score, tokens, geometry);
      if (grown.ended) done.push(grown);
      else {
        next.push(grown);
        parents.push(parent);
      }
    }
    cache = {
      past_keys: pickRows(out.present_keys, parents, live.length),
      past_values: pickRows(out.present_values, parents, live.length),
    };
    live = next;
  }
  const finished = done.length > 0 ? done : live;
  const chosen = finished.reduce(
    (a, b) => (normalised(b) > normalised(a) ? b : a),
    finished[0] as Hypothesis,
  );
  return chosen ? sentencesOf(chosen, tokens, geometry) : [];
}

type Geometry = Pack['manifest']['decoder'];

interface Tokens {
  /** Ids that end a sentence. */
  stops: Set<number>;
  /** Ids never written: padding, start, and marks of anonymisation. */
  never: Set<number>;
  startsWord(id: number): boolean;
  text(ids: number[]): string;
}

const known = new WeakMap<Pack, Promise<Tokens>>();

function tokensOf(pack: Pack): Promise<Tokens> {
  let tokens = known.get(pack);
  if (!tokens) {
    tokens = readTokens(pack);
    known.set(pack, tokens);
  }
  return tokens;
}

async function readTokens(pack: Pack): Promise<Tokens> {
  const tokenizer = await pack.tokenizer('decoder');
  const { bos, pad } = pack.manifest.decoder;
  const stops = new Set<number>();
  const never = new Set([bos, pad]);
  const starts = new Set<number>();
  for (const [token, id] of tokenizer.get_vocab(true)) {
    if (token.startsWith('Ġ') || token.startsWith('▁')) starts.add(id);
    const text = token.replace(/^[Ġ▁]/, '');
    if (text === '.') stops.add(id);
    if (/xx/i.test(text)) never.add(id);
  }
  return {
    stops,
    never,
    startsWord: (id) => starts.has(id),
    text: (ids) => tokenizer.decode(ids, { skip_special_tokens: true }).trim(),
  };
}

/** Indication and snippets, one after the other, as `text_states` [1,M,E] and `text_kinds` [1,M]. */
function textMemory(texts: DecoderText[], width: number): { text_states: Tensor; text_kinds: Tensor } {
  const parts = texts.map(({ kind, states }) => ({
    kind: TEXT_KINDS[kind],
    states: states.subarray(0, TEXT_TOKENS[kind] * width),
  }));
  const length = parts.reduce((sum, part) => sum + part.states.length, 0) / width;
  if (length === 0)
    return {
      text_states: float(new Float32Array(width), [1, 1, width]),
      text_kinds: int([TEXT_KINDS.padding], [1, 1]),
    };
  const data = new Float32Array(length * width);
  const kinds: number[] = [];
  let at = 0;
  for (const { kind, states } of parts) {
    data.set(states, at);
    at += states.length;
    for (let i = 0; i < states.length / width; i++) kinds.push(kind);
  }
  return { text_states: float(data, [1, length, width]), text_kinds: int(kinds, [1, length]) };
}

/** Rows of dimension 1 of [L,B,H,K,d], in the order of `rows`. */
function pickRows(tensor: Tensor | undefined, rows: number[], batch: number): Tensor {
  if (!tensor || !(tensor.data instanceof Float32Array)) return float(new Float32Array(0), []);
  if (rows.length === batch && rows.every((row, i) => row === i)) return tensor;
  const [layers = 0, , ...rest] = tensor.dims;
  const size = rest.reduce((a, b) => a * b, 1);
  const data = new Float32Array(layers * rows.length * size);
  for (let layer = 0; layer < layers; layer++)
    for (const [to, from] of rows.entries()) {
      const first = (layer * batch + from) * size;
      data.set(tensor.data.subarray(first, first + size), (layer * rows.length + to) * size);
    }
  return float(data, [layers, rows.length, ...rest]);
}

/** Ids a hypothesis may not go on with. */
function forbidden(
  hypothesis: Hypothesis,
  tokens: Tokens,
  { eos, impression, bos, pad }: Geometry,
): Set<number> {
  const ids = new Set(tokens.never);
  ids.add(hypothesis.inImpression ? impression : eos);
  if (hypothesis.ids.length === 1) ids.add(impression);
  const last = hypothesis.ids[hypothesis.ids.length - 1] ?? bos;
  const current = hypothesis.ids.slice(hypothesis.sentence);
  for (const id of repeating(current)) ids.add(id);
  // A section ends only where a sentence has.
  if (current.length > 0 && !tokens.stops.has(last)) for (const id of [eos, impression, pad]) ids.add(id);
  return ids;
}

/** Ids that would make a sentence say the same three tokens twice. */
function repeating(sentence: number[]): number[] {
  const [before, last] = sentence.slice(-2);
  return sentence.slice(2).filter((_, i) => sentence[i] === before && sentence[i + 1] === last);
}

/** The `count` likeliest ids of a row of logits that are not forbidden, with their log probabilities. */
function best(logits: Float32Array, count: number, forbid: Set<number>) {
  let top = Number.NEGATIVE_INFINITY;
  for (let id = 0; id < logits.length; id++) if (!forbid.has(id)) top = Math.max(top, logits[id] ?? top);
  let sum = 0;
  const chosen: { token: number; logit: number }[] = [];
  for (let id = 0; id < logits.length; id++) {
    if (forbid.has(id)) continue;
    const logit = logits[id] ?? 0;
    sum += Math.exp(logit - top);
    const worst = chosen[chosen.length - 1];
    if (chosen.length < count || !worst || logit > worst.logit) {
      chosen.push({ token: id, logit });
      chosen.sort((a, b) => b.logit - a.logit);
      if (chosen.length > count) chosen.pop();
    }
  }
  return chosen.map(({ token, logit }) => ({ token, logProbability: logit - top - Math.log(sum) }));
}

function extend(
  from: Hypothesis,
  token: number,
  logProbability: number,
  look: Float32Array,
  score: number,
  tokens: Tokens,
  { eos, impression }: Geometry,
): Hypothesis {
  const grown: Hypothesis = {
    ...from,
    ids: [...from.ids, token],
    logProbabilities: [...from.logProbabilities, logProbability],
    looks: [...from.looks, look],
    score,
  };
  if (token === eos) return { ...grown, ended: true };
  if (token === impression)
    return {
      ...grown,
      inImpression: true,
      forced: undefined,
      sentence: grown.ids.length,
      written: new Set(),
    };
  if (tokens.stops.has(token)) {
    const text = tokens.text(grown.ids.slice(from.sentence));
    // It goes round in circles: nothing useful comes any more, so the section ends here.
    const forced = from.written.has(text) ? (from.inImpression ? eos : impression) : undefined;
    return { ...grown, forced, sentence: grown.ids.length, written: new Set([...from.written, text]) };
  }
  return grown;
}

const normalised = ({ score, ids }: Hypothesis) => score / ids.length ** 0.8;

function sentencesOf(
  { ids, logProbabilities, looks }: Hypothesis,
  tokens: Tokens,
  { bos, eos, impression }: Geometry,
): DecodedSentence[] {
  const sentences: DecodedSentence[] = [];
  let section: Section = 'findings';
  let start = 1;
  const close = (end: number) => {
    const text = tokens.text(ids.slice(start, end)).replace(/[\s.]+$/, '');
    if (text && !sentences.some((s) => s.section === section && s.text === text)) {
      const used = logProbabilities.slice(start - 1, end - 1);
      const look = new Float32Array(looks[0]?.length ?? 0);
      for (const part of looks.slice(start - 1, end - 1))
        for (let i = 0; i < look.length; i++) look[i] = (look[i] ?? 0) + (part[i] ?? 0) / used.length;
      const mean = used.reduce((a, b) => a + b, 0) / Math.max(1, used.length);
      sentences.push({ section, text, probability: Math.exp(mean), look });
    }
    start = end;
  };
  for (let at = 1; at <= ids.length; at++) {
    const id = ids[at] ?? eos;
    if (id === impression || id === eos) {
      // What the length limit cut off is no sentence.
      if (tokens.stops.has(ids[at - 1] ?? bos)) close(at);
      start = at + 1;
      if (id === eos) break;
      section = 'impression';
    } else if (tokens.stops.has(ids[at - 1] ?? bos) && tokens.startsWord(id)) close(at);
  }
  return sentences;
}
