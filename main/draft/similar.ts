/** What the reports of similar earlier cases add: to what the image model believes, and to what the decoder reads. */
import type { FindingEstimate } from '../encode/index.js';
import { parseFindings } from '../findings/index.js';
import type { CaseCounts, SimilarCase } from '../retrieve/index.js';
import { comparison } from './priors.js';

/** Cases asked for: with fewer, a single report weighs too much. */
export const SIMILAR_CASES = 40;
/** How far their share moves the log odds of a finding; chosen on development studies. */
const WEIGHT = 0.2;
/** So many cases of the usual kind are counted in, or a finding that few reports have would be raised by chance. */
const USUAL_CASES = 10;
/** Cases whose sentences the decoder may read. */
const READ_CASES = 4;

const logit = (p: number) => Math.log(p / (1 - p));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/**
 * What the image model believes, moved towards what is reported in `similar` (most alike first), compared with how often all
 * cases report it: log odds + 0.2 · (log odds among the similar − log odds among all), a nearest-neighbour vote.
 */
export function withSimilar(
  findings: FindingEstimate[],
  similar: SimilarCase[],
  counts: CaseCounts,
): FindingEstimate[] {
  if (similar.length === 0) return findings;
  return findings.map((finding) => {
    const near = similar.filter((one) => one.case.present.has(finding.id)).length;
    const usual = ((counts.present.get(finding.id) ?? 0) + 1) / (counts.cases + 2);
    const here = (near + USUAL_CASES * usual) / (similar.length + USUAL_CASES);
    const moved = WEIGHT * (logit(here) - logit(usual));
    const probability = sigmoid(logit(Math.min(0.999, Math.max(0.001, finding.probability))) + moved);
    const { likely, possible } = finding.thresholds;
    return {
      ...finding,
      probability,
      likely: probability >= likely,
      possible: probability >= possible,
    };
  });
}

/** Whether a sentence of one report may be said in another: nothing was removed from it for privacy, and it compares with nothing. */
export function isReusable(sentence: string): boolean {
  return !/x{2,}|\[[^\]]*\]/i.test(sentence) && !comparison(sentence);
}

/**
 * Up to `count` sentences of the most similar reports for the decoder to read: first those that state what is likely
 * here, and none that compares with an earlier examination or states what the image rules out.
 */
export function similarSentences(
  findings: FindingEstimate[],
  similar: SimilarCase[],
  count: number,
): string[] {
  const estimates = new Map(findings.map((finding) => [finding.id, finding]));
  const ranked: { text: string; likely: number }[] = [];
  const sentences = similar
    .slice(0, READ_CASES)
    .flatMap((one) => [...one.case.findings, ...one.case.impression])
    .filter(isReusable);
  for (const text of new Set(sentences.map((sentence) => sentence.toLowerCase()))) {
    const present = parseFindings(text).filter(({ state }) => state === 'present');
    if (present.some(({ finding }) => !estimates.get(finding)?.possible)) continue;
    ranked.push({ text, likely: present.filter(({ finding }) => estimates.get(finding)?.likely).length });
  }
  return ranked
    .sort((a, b) => b.likely - a.likely)
    .slice(0, count)
    .map(({ text }) => text);
}
