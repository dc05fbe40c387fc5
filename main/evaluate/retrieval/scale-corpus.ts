/**
 * A synthetic corpus of realistic distribution: each document keeps to one of some hundred topics (cells around real sentences, of
 * Zipfian size), each of its snippets is a real sentence moved in both spaces by noise of the real vectors' own covariance
 * (weighted differences of pairs of them) with some of its words replaced by draws from the real word counts. A document is
 * made from its number alone, so that any of them can be made again.
 */

import type { TextVectors } from '../../retrieve/index.js';
import { dot } from '../../retrieve/index.js';
import { Random, Weighted } from './scale-random.js';
import type { Seed } from './scale-seeds.js';

export interface ScaleSnippet extends TextVectors {
  id: string;
  text: string;
  findings: string[];
}

export interface ScaleDocument extends TextVectors {
  id: string;
  title: string;
  bodyRegion: string;
  findings: string[];
  snippets: ScaleSnippet[];
}

const topics = 400;
/** Noise of a whole document, and the range of a snippet's own, in standard deviations of the real vectors. */
const documentNoise = 0.2;
const snippetNoise = [0.1, 0.8] as const;
const noisePairs = 5;
/** Share of snippets that have nothing to do with the topic: the normal sentences that stand in every report. */
const generic = 0.2;
/** Share of documents that nearly repeat an earlier one. */
const repeated = 0.05;
const replacedWords = 0.3;
const fewestSnippets = 6;
const mostSnippets = 14;

export class ScaleCorpus {
  readonly #cells: Seed[][];
  readonly #topic: Weighted;
  readonly #common: Weighted;
  readonly #words: string[];
  readonly #word: Weighted;

  constructor(
    private readonly seeds: readonly Seed[],
    private readonly seed = 1,
  ) {
    const random = new Random(seed);
    const anchors = Array.from({ length: Math.min(topics, seeds.length) }, () => random.pick(seeds));
    const cells = new Map<Seed, Seed[]>();
    for (const one of seeds) {
      let best = anchors[0];
      let most = -1;
      for (const anchor of anchors) {
        const likeness = dot(anchor.semantic, one.semantic);
        if (likeness > most) [best, most] = [anchor, likeness];
      }
      if (best !== undefined) cells.set(best, [...(cells.get(best) ?? []), one]);
    }
    this.#cells = [...cells.values()];
    this.#topic = zipf(this.#cells.length, 10);
    this.#common = zipf(seeds.length, 30);
    const counts = new Map<string, number>();
    for (const { text } of seeds)
      for (const word of text.split(/\s+/)) counts.set(word, (counts.get(word) ?? 0) + 1);
    this.#words = [...counts.keys()];
    this.#word = new Weighted([...counts.values()]);
  }

  /** Document number `n`, the same whenever it is asked for. */
  document(n: number): ScaleDocument {
    const own = new Random(this.seed, n, 1);
    const original = n > 0 && own.next() < repeated ? own.below(n) : n;
    const random = new Random(this.seed, original, 2);
    const cell = this.#cells[this.#topic.draw(random)] ?? [];
    const id = `scale-${n}`;
    const shared = this.#noise(random, documentNoise);
    const count = fewestSnippets + random.below(mostSnippets - fewestSnippets + 1);
    const bodyRegions: string[] = [];
    const snippets: ScaleSnippet[] = [];
    let title = '';
    for (let at = 0; at < count; at += 1) {
      const common = random.next() < generic;
      const seed = common ? this.seeds[this.#common.draw(random)] : random.pick(cell);
      if (seed === undefined) continue;
      const noise = this.#noise(random, random.between(...snippetNoise));
      const repeat = original === n ? undefined : this.#noise(own, snippetNoise[0]);
      if (!common) bodyRegions.push(seed.bodyRegion);
      const text = this.#reword(seed.text, original === n ? random : own);
      title ||= text.split(' ').slice(0, 8).join(' ');
      snippets.push({
        id: `${id}#${at}`,
        text,
        findings: seed.findings,
        semantic: unit([seed.semantic, shared.semantic, noise.semantic, repeat?.semantic]),
        joint: unit([seed.joint, shared.joint, noise.joint, repeat?.joint]),
      });
    }
    const named = new Map<string, number>();
    for (const finding of snippets.flatMap(({ findings }) => findings))
      named.set(finding, (named.get(finding) ?? 0) + 1);
    return {
      id,
      title,
      bodyRegion: bodyRegions[0] ?? 'whole-body',
      findings: [...named].filter(([, times]) => times > 1).map(([finding]) => finding),
      snippets,
      semantic: unit(snippets.map(({ semantic }) => semantic)),
      joint: unit(snippets.map(({ joint }) => joint)),
    };
  }

  /** Gaussian noise of the covariance of the seeds times `deviations` squared: the same in both spaces. */
  #noise(random: Random, deviations: number): TextVectors {
    const semantic = new Float32Array(this.seeds[0]?.semantic.length ?? 0);
    const joint = new Float32Array(this.seeds[0]?.joint.length ?? 0);
    for (let pair = 0; pair < noisePairs; pair += 1) {
      const a = random.pick(this.seeds);
      const b = random.pick(this.seeds);
      const weight = (deviations * random.gaussian()) / Math.sqrt(2 * noisePairs);
      for (let i = 0; i < semantic.length; i += 1)
        semantic[i] = (semantic[i] ?? 0) + weight * ((a.semantic[i] ?? 0) - (b.semantic[i] ?? 0));
      for (let i = 0; i < joint.length; i += 1)
        joint[i] = (joint[i] ?? 0) + weight * ((a.joint[i] ?? 0) - (b.joint[i] ?? 0));
    }
    return { semantic, joint };
  }

  #reword(text: string, random: Random): string {
    const words = text
      .split(/\s+/)
      .map((word) => (random.next() < replacedWords ? (this.#words[this.#word.draw(random)] ?? word) : word));
    if (random.next() < 0.15) words.push(`${(random.next() * 60).toFixed(1)} mm`);
    return words.join(' ');
  }
}

/** Weights by rank, 1 / (rank + offset) (Zipf and Mandelbrot). */
const zipf = (count: number, offset: number) =>
  new Weighted(Array.from({ length: count }, (_, rank) => 1 / (rank + offset)));

/** Sum of vectors of one width, of unit length. */
function unit(vectors: readonly (Float32Array | undefined)[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) {
    if (vector === undefined) continue;
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
  }
  const length = Math.sqrt(dot(sum, sum)) || 1;
  for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) / length;
  return sum;
}
