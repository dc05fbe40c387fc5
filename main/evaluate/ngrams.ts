/**
 * n-gram scores by the protocol of R2Gen (Chen et al. 2020, `clean_report_iu_xray` and its data loader), so that figures stand beside
 * those of the literature: the findings section alone, its cleaning, its vocabulary and its length limits. BLEU and ROUGE-L are those of
 * the COCO caption toolkit (Chen et al. 2015) with one reference.
 */

/** R2Gen reads 60 ids of a reference, of which the first marks the start. */
const REFERENCE_TOKENS = 59;
/** R2Gen samples at most 60 tokens. */
const DRAFT_TOKENS = 60;
/** Words rarer than this in the training reports are unknown. */
const LEAST_FREQUENT = 3;
export const UNKNOWN = '<unk>';

/**
 * A report as R2Gen compares it: lower case, list numbers 1 to 5 and repeated stops removed, a lone stop after each sentence. Its pattern
 * of stripped characters spans `:` to `[`, so hyphens stay, and `xxxx` stays.
 */
export function cleanReport(report: string): string[] {
  const plain = report
    .replaceAll('..', '.')
    .replaceAll('..', '.')
    .replaceAll('..', '.')
    .replaceAll('1. ', '')
    .replaceAll('. 2. ', '. ')
    .replaceAll('. 3. ', '. ')
    .replaceAll('. 4. ', '. ')
    .replaceAll('. 5. ', '. ')
    .replaceAll(' 2. ', '. ')
    .replaceAll(' 3. ', '. ')
    .replaceAll(' 4. ', '. ')
    .replaceAll(' 5. ', '. ');
  const sentences = plain
    .trim()
    .toLowerCase()
    .split('. ')
    .map((sentence) =>
      sentence
        .replaceAll(/["/\\']/g, '')
        .trim()
        .replaceAll(/[.,?;*!%^&_+():-[\]{}]/g, ''),
    );
  return `${sentences.join(' . ')} .`.split(/\s+/).filter((token) => token !== '');
}

/** The words that R2Gen knows: those that stand at least three times in the training reports. Empty: there were no reports. */
export function vocabularyOf(reports: readonly string[]): ReadonlySet<string> {
  const counts = new Map<string, number>();
  for (const token of reports.flatMap(cleanReport)) counts.set(token, (counts.get(token) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= LEAST_FREQUENT).map(([token]) => token));
}

/**
 * A reference as R2Gen decodes it from its ids: cut off, and rare words unknown. Without a vocabulary words stay as they are. The draft's
 * own words stay too, so that an unknown word is never counted as found.
 */
export function referenceTokens(report: string, vocabulary: ReadonlySet<string>): string[] {
  return cleanReport(report)
    .slice(0, REFERENCE_TOKENS)
    .map((token) => (vocabulary.size === 0 || vocabulary.has(token) ? token : UNKNOWN));
}

export function draftTokens(report: string): string[] {
  return cleanReport(report).slice(0, DRAFT_TOKENS);
}

/** What one study adds to BLEU: lengths, and for n = 1…4 the n-grams drafted and those of them found in the reference. */
export interface BleuCounts {
  draftLength: number;
  referenceLength: number;
  drafted: [number, number, number, number];
  found: [number, number, number, number];
}

const ORDERS = [0, 1, 2, 3] as const;

/** n-grams of order 1…4 of `tokens`, joined by spaces, with how often each stands. */
export function ngramsOf(tokens: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let i = 0; i + order <= tokens.length; i++) {
    const ngram = tokens.slice(i, i + order).join(' ');
    counts.set(ngram, (counts.get(ngram) ?? 0) + 1);
  }
  return counts;
}

export function bleuCounts(draft: readonly string[], reference: readonly string[]): BleuCounts {
  const counts: BleuCounts = {
    draftLength: draft.length,
    referenceLength: reference.length,
    drafted: [0, 0, 0, 0],
    found: [0, 0, 0, 0],
  };
  for (const k of ORDERS) {
    const there = ngramsOf(reference, k + 1);
    for (const [ngram, count] of ngramsOf(draft, k + 1))
      counts.found[k] += Math.min(count, there.get(ngram) ?? 0);
    counts.drafted[k] = Math.max(0, draft.length - k);
  }
  return counts;
}

export function sumBleu(counts: readonly BleuCounts[]): BleuCounts {
  const sum: BleuCounts = { draftLength: 0, referenceLength: 0, drafted: [0, 0, 0, 0], found: [0, 0, 0, 0] };
  for (const one of counts) {
    sum.draftLength += one.draftLength;
    sum.referenceLength += one.referenceLength;
    for (const k of ORDERS) {
      sum.drafted[k] += one.drafted[k];
      sum.found[k] += one.found[k];
    }
  }
  return sum;
}

/**
 * BLEU-1…4 of a corpus (Papineni et al. 2002) from its summed counts: geometric mean of the clipped precisions, times the brevity penalty
 * e^(1 − r/c) where the drafts are shorter than the references.
 */
export function bleu({
  draftLength,
  referenceLength,
  drafted,
  found,
}: BleuCounts): [number, number, number, number] {
  const penalty =
    draftLength === 0 ? 0 : draftLength < referenceLength ? Math.exp(1 - referenceLength / draftLength) : 1;
  let product = 1;
  const scores: [number, number, number, number] = [0, 0, 0, 0];
  for (const k of ORDERS) {
    product *= drafted[k] === 0 ? 0 : found[k] / drafted[k];
    scores[k] = penalty * product ** (1 / (k + 1));
  }
  return scores;
}

/** Weight of recall over precision in ROUGE-L, as in the COCO caption toolkit. */
const BETA = 1.2;

/** ROUGE-L of one study (Lin 2004): F-measure of the longest common subsequence. Averaged over studies. */
export function rougeL(draft: readonly string[], reference: readonly string[]): number {
  const common = longestCommon(draft, reference);
  if (common === 0) return 0;
  const precision = common / draft.length;
  const recall = common / reference.length;
  return ((1 + BETA ** 2) * precision * recall) / (recall + BETA ** 2 * precision);
}

function longestCommon(a: readonly string[], b: readonly string[]): number {
  let row = new Array<number>(b.length + 1).fill(0);
  for (const token of a) {
    const next = [0];
    for (const [j, other] of b.entries())
      next.push(token === other ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0));
    row = next;
  }
  return row[b.length] ?? 0;
}
