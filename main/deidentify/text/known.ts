import { afterEponym, afterName, eponyms } from './eponyms.js';
import { isOrdinary } from './people-names.js';
import type { Span } from './spans.js';

const quote = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const edge = (inner: string) => `(?<![\\p{L}\\d])(?:${inner})(?![\\p{L}\\d])`;

/**
 * What the header of a record says of its patient, physicians and institution, wherever the text repeats it.
 * @param options `doubtful`: single words that reports use for other things go too, where they look like a name. Default true.
 * @param known names in any order (`Doe^Jane`, `Doe, Jane`, `Jane Doe`), numbers, institutions
 */
export function knownSpans(
  text: string,
  known: readonly string[],
  options: { doubtful?: boolean } = {},
): Span[] {
  const { doubtful = true } = options;
  const spans: Span[] = [];
  // The patterns below are dear, and most of what a header says is not repeated.
  const lower = text.toLowerCase();
  const occurs = (words: readonly string[]) => words.some((word) => lower.includes(word.toLowerCase()));
  for (const value of new Set(known.map((one) => one.normalize('NFC').trim()))) {
    if (value.length < 2) continue;
    // Shorter numbers are more often a measurement than what the header meant.
    if (/\d/.test(value) && value.replace(/[^\p{L}\d]/gu, '').length < 4) continue;
    if (!occurs(value.split(/[\s^=,.;()-]+/).filter((word) => word !== ''))) continue;
    if (/\d/.test(value)) spans.push(...matches(text, numberPattern(value), 'number'));
    else if (isInstitution(value)) {
      // "Radiology" alone names no institution.
      if (/\s/.test(value.trim())) spans.push(...matches(text, phrasePattern(value), 'institution'));
    } else spans.push(...nameSpans(text, value, doubtful));
  }
  return spans;
}

const isInstitution = (value: string) =>
  /\b(?:hospital|clinic|center|centre|university|institute|health|healthcare|imaging|radiology|medical|infirmary|department)\b/i.test(
    value,
  );

const numberPattern = (value: string) =>
  new RegExp(
    edge(
      value
        .split(/[\s-]+/)
        .map(quote)
        .join('[\\s-]{0,3}'),
    ),
    'giu',
  );

const phrasePattern = (value: string) =>
  new RegExp(
    edge(
      value
        .split(/[\s^=]+/)
        .filter(Boolean)
        .map(quote)
        .join('[\\s,]{1,4}'),
    ),
    'giu',
  );

function matches(text: string, pattern: RegExp, kind: Span['kind']): Span[] {
  return [...text.matchAll(pattern)].map((match) => ({
    from: match.index,
    to: match.index + match[0].length,
    kind,
  }));
}

/** A full name in any order, with initials or titles; then its longer words alone. */
function nameSpans(text: string, value: string, doubtful: boolean): Span[] {
  const words = [...new Set(value.split(/[\s^=,.;()]+/).filter((word) => /\p{L}/u.test(word)))].filter(
    (word) => !/^(?:dr|mr|mrs|ms|md|m\.d|prof|jr|sr|phd|do|rn|and|unknown|anonymous|none|na)$/i.test(word),
  );
  const long = words.filter((word) => word.length >= 2);
  if (long.length === 0) return [];
  const any = `(?:${long
    .sort((a, b) => b.length - a.length)
    .map(quote)
    .join('|')})`;
  const initial = `(?:(?:${words.map((word) => quote([...word][0] ?? '')).join('|')})\\.?)`;
  const joined = `[\\s,.]{1,4}`;
  const arrangement = new RegExp(
    edge(
      `(?:${initial}${joined}){0,4}${any}(?:(?:${joined}${initial}){0,4}${joined}${any}){1,6}(?:${joined}${initial}(?!\\p{L}))?|(?:${initial}${joined}?){1,4}${any}|${any},\\s{0,2}${initial}`,
    ),
    'giu',
  );
  // An initial is a capital: "Wada, a surgeon" ends at the comma.
  const spans = matches(text, arrangement, 'name').filter(
    ({ from, to }) => !/(?<!\p{L})\p{Ll}(?!\p{L})/u.test(text.slice(from, to)),
  );
  const titled = new RegExp(`(?<=(?<!\\p{L})(?:dr|mr|mrs|ms|miss|prof)\\.?\\s{1,3})${any}(?!\\p{L})`, 'giu');
  spans.push(...matches(text, titled, 'name'));
  for (const word of long.filter((one) => one.length >= 3)) {
    // White, Young, Small: surnames that are also what reports are about.
    const common = isOrdinary(word);
    const eponym = eponyms.has(word.toLowerCase());
    if ((!doubtful || long.length === 1) && (common || eponym)) continue;
    for (const match of text.matchAll(new RegExp(`${edge(quote(word))}(?:['’]s)?`, 'giu'))) {
      const written = match[0];
      if (common && (!/^\p{Lu}\p{Ll}/u.test(written) || startsSentence(text, match.index))) continue;
      const to = match.index + word.length;
      const after = text.slice(to, to + 40);
      if (eponym ? afterEponym.test(after) : !doubtful && afterName.test(after)) continue;
      spans.push({ from: match.index, to, kind: 'name' });
    }
  }
  return spans;
}

const startsSentence = (text: string, at: number) =>
  /(?:^|[.:\n]\s*|\d\.\s)$/.test(text.slice(Math.max(0, at - 4), at));
