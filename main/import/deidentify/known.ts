import { ordinaryWords } from './ordinary-words.js';
import type { Span } from './spans.js';

/** Surnames that are also what reports are about: alone and in lower case they are left. */
const alsoWords = new Set(
  `white black brown gray grey green long short small little head foot hand bone wall hill stone field fields marks broad sharp wise banks rich strong power
  love early low bright bland lung chin may april june august rose young old park cross day best good price case ray rays page hall lake rivers waters
  heart house king knight major miner mark bill frank grant drew chance hope faith grace joy dawn eve summer autumn forest wood woods mason cook baker carter
  lane street church bishop pope noble bush berry cherry plum nut rice bean lamb fish fox wolf bull swan crane drake parrot finch self person man human child
  guy lobe mass block blood waist back cord close cutter fine flat frame free front game gap glass gold groves hook hurst iron key large mild moody moon more
  nail new north east west south orange peak pipe poor post pound quick raven read reed root sage sands seal shell ship short silver skinner slaughter spear
  spring star steel stern storm sweet tall temple thick tower tube turner valley vein vessel walker ward waste well wells wild winter yellow`
    .split(/\s+/)
    .filter(Boolean),
);

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const edge = (inner: string) => `(?<![\\p{L}\\d])(?:${inner})(?![\\p{L}\\d])`;

/**
 * What the header of a record says of its patient, physicians and institution, wherever the text repeats it.
 * @param known names in any order (`Doe^Jane`, `Doe, Jane`, `Jane Doe`), numbers, institutions
 */
export function knownSpans(text: string, known: readonly string[]): Span[] {
  const spans: Span[] = [];
  for (const value of new Set(known.map((one) => one.normalize('NFC').trim()))) {
    if (value.length < 2) continue;
    if (/\d/.test(value)) spans.push(...matches(text, numberPattern(value), 'number'));
    else if (isInstitution(value)) spans.push(...matches(text, phrasePattern(value), 'institution'));
    else spans.push(...nameSpans(text, value));
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
        .map(escape)
        .join('[\\s-]*'),
    ),
    'giu',
  );

const phrasePattern = (value: string) =>
  new RegExp(
    edge(
      value
        .split(/[\s^=]+/)
        .filter(Boolean)
        .map(escape)
        .join('[\\s,]+'),
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
function nameSpans(text: string, value: string): Span[] {
  const words = [...new Set(value.split(/[\s^=,.;()]+/).filter((word) => /\p{L}/u.test(word)))].filter(
    (word) => !/^(?:dr|mr|mrs|ms|md|m\.d|prof|jr|sr|phd|do|rn|and|unknown|anonymous|none|na)$/i.test(word),
  );
  const long = words.filter((word) => word.length >= 2);
  if (long.length === 0) return [];
  const any = `(?:${long
    .sort((a, b) => b.length - a.length)
    .map(escape)
    .join('|')})`;
  const initial = `(?:(?:${words.map((word) => escape([...word][0] ?? '')).join('|')})\\.?)`;
  const joined = `[\\s,.]+`;
  const arrangement = new RegExp(
    edge(
      `(?:${initial}${joined})*${any}(?:(?:${joined}${initial})*${joined}${any})+(?:${joined}${initial}(?!\\p{L}))?|(?:${initial}${joined}?)+${any}|${any},\\s*${initial}`,
    ),
    'giu',
  );
  const spans = matches(text, arrangement, 'name');
  const titled = new RegExp(`(?<=(?<!\\p{L})(?:dr|mr|mrs|ms|miss|prof)\\.?\\s+)${any}(?!\\p{L})`, 'giu');
  spans.push(...matches(text, titled, 'name'));
  for (const word of long.filter((one) => one.length >= 3)) {
    const common = alsoWords.has(word.toLowerCase()) || ordinaryWords.has(word.toLowerCase());
    for (const match of text.matchAll(new RegExp(`${edge(escape(word))}(?:['’]s)?`, 'giu'))) {
      const written = match[0];
      if (common && (!/^\p{Lu}\p{Ll}/u.test(written) || startsSentence(text, match.index))) continue;
      spans.push({ from: match.index, to: match.index + word.length, kind: 'name' });
    }
  }
  return spans;
}

const startsSentence = (text: string, at: number) =>
  /(?:^|[.:\n]\s*|\d\.\s)$/.test(text.slice(Math.max(0, at - 4), at));
