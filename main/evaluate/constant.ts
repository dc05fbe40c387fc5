/** The system that says the same of every study: no system that looks at images should score below it. */
import type { ReportedStudy } from './dataset.js';
import { type BleuCounts, bleu, draftTokens, ngramsOf, referenceTokens } from './ngrams.js';

/**
 * The training report whose findings section has the best corpus BLEU-4 against the findings sections of all training reports, of those
 * that need nothing removed. The same in every run; undefined where there is no report.
 */
export function bestConstant(
  studies: readonly ReportedStudy[],
  vocabulary: ReadonlySet<string>,
): ReportedStudy | undefined {
  const withFindings = studies.filter(({ findings }) => findings.trim() !== '');
  const references = withFindings.map(({ findings }) => referenceTokens(findings, vocabulary));
  const counts = [1, 2, 3, 4].map((order) => countsOf(references, order));
  const total = references.reduce((sum, tokens) => sum + tokens.length, 0);

  const score = (study: ReportedStudy): number => {
    const tokens = draftTokens(study.findings);
    const sum: BleuCounts = {
      draftLength: tokens.length * references.length,
      referenceLength: total,
      drafted: [0, 0, 0, 0],
      found: [0, 0, 0, 0],
    };
    for (const k of [0, 1, 2, 3] as const) {
      sum.drafted[k] = Math.max(0, tokens.length - k) * references.length;
      for (const [ngram, count] of ngramsOf(tokens, k + 1))
        for (const there of counts[k]?.get(ngram) ?? []) sum.found[k] += Math.min(count, there);
    }
    return bleu(sum)[3];
  };
  return withFindings
    .filter(({ findings, impression }) => impression.trim() !== '' && !/x{2,}/i.test(findings + impression))
    .map((study) => ({ study, score: score(study) }))
    .sort((a, b) => b.score - a.score || (a.study.uid < b.study.uid ? -1 : 1))[0]?.study;
}

/** How often each n-gram stands in each of the texts that have it. */
function countsOf(texts: readonly (readonly string[])[], order: number): Map<string, number[]> {
  const counts = new Map<string, number[]>();
  for (const tokens of texts)
    for (const [ngram, count] of ngramsOf(tokens, order)) {
      const known = counts.get(ngram);
      if (known) known.push(count);
      else counts.set(ngram, [count]);
    }
  return counts;
}
