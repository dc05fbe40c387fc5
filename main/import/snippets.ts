import type { Polarity } from '../../preload/values.js';
import { findingsNamed, parseFindings, splitSentences } from '../findings/index.js';
import type { SourceSnippet } from '../retrieve/index.js';
import { limits } from './limits.js';
import type { ImportRecord, RecordSection } from './record.js';

const mostWords = 60;
/** Shorter pieces of an article say nothing alone and join their neighbour. */
const shortestParagraph = 40;

/** Sections that state what the images of this study show; what others name is history, question or technique. */
const stating = new Set(['findings', 'impression', 'diagnosis', 'caption', 'addendum']);
/** Sections of reports that are sentences, each with a statement of its own. */
const bySentence = new Set([
  ...stating,
  'comparison',
  'recommendation',
  'text',
  'technique',
  'indication',
  'exam',
]);

/** Whether what a section of this record says of a finding is said of its own images. */
export const states = (topic: ImportRecord['topic'], kind: string): boolean =>
  topic !== 'article' && stating.has(kind);

/**
 * Sections → snippets: those of reports sentence by sentence, articles and discussions by paragraph; none longer than 60 words, none
 * twice. A fragment joins its neighbour.
 */
export function snippetsOf(
  topic: ImportRecord['topic'],
  sections: readonly RecordSection[],
): SourceSnippet[] {
  const said = new Set<string>();
  const snippets: SourceSnippet[] = [];
  for (const { kind, text } of sections) {
    const passages = topic !== 'article' && bySentence.has(kind) ? sentencesOf(text) : paragraphsOf(text);
    for (const passage of passages) {
      const key = passage.toLowerCase();
      if (!/\p{L}{2}/u.test(withoutPlaceholders(passage)) || said.has(key)) continue;
      said.add(key);
      snippets.push({ kind, text: passage, ...findingsOf(topic, kind, passage) });
      if (snippets.length === limits.snippets) return snippets;
    }
  }
  return snippets;
}

const withoutPlaceholders = (text: string) => text.replace(/\[[a-z]+\]/g, '');

function findingsOf(
  topic: ImportRecord['topic'],
  kind: string,
  text: string,
): { findings: string[]; polarity?: Polarity } {
  if (topic === 'article') return { findings: findingsNamed(text) };
  const statements = parseFindings(text);
  const findings = [...new Set(statements.map(({ finding }) => finding))];
  const polarities = [...new Set(statements.map(({ state }) => state))];
  // A sentence that affirms one finding and denies another has no polarity to be found by.
  const [polarity] = polarities;
  return {
    findings,
    ...(states(topic, kind) && polarities.length === 1 && polarity !== undefined && { polarity }),
  };
}

function sentencesOf(text: string): string[] {
  const joined: string[] = [];
  for (const sentence of splitSentences(unwrap(text)).flatMap((one) => cutLong(one))) {
    const last = joined.at(-1);
    const fragment = countWords(sentence) < 3 && parseFindings(sentence).length === 0;
    if (fragment && last !== undefined && countWords(last) + countWords(sentence) <= mostWords)
      joined[joined.length - 1] = `${last}. ${sentence}`;
    else joined.push(sentence);
  }
  const [first, second] = joined;
  if (
    first !== undefined &&
    second !== undefined &&
    countWords(first) < 3 &&
    countWords(second) < mostWords - 3
  )
    if (parseFindings(first).length === 0) joined.splice(0, 2, `${first}: ${second}`);
  return joined;
}

/** Lines that were only wrapped at the edge of a page belong to one sentence. */
function unwrap(text: string): string {
  return text.replace(/([^\n.;:!?])\n(?=[a-z(])/g, '$1 ');
}

function paragraphsOf(text: string): string[] {
  const paragraphs: string[] = [];
  let short = '';
  const parts = text.split(/\n\s*\n|\n(?=\s*(?:[-*•]|\d{1,2}[.)])\s)/).map((part) =>
    part
      .replace(/^\s*[-*•]\s+/, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  for (const part of parts) {
    if (part === '') continue;
    const whole = short === '' ? part : `${short} ${part}`;
    if (whole.length < shortestParagraph) {
      short = whole;
      continue;
    }
    short = '';
    paragraphs.push(...cutLong(whole));
  }
  if (short === '') return paragraphs;
  const last = paragraphs.at(-1);
  if (last !== undefined && countWords(last) + countWords(short) <= mostWords)
    paragraphs[paragraphs.length - 1] = `${last} ${short}`;
  else paragraphs.push(short);
  return paragraphs;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A passage as pieces of at most 60 words, cut between sentences, where one is longer at a comma, else between words. */
export function cutLong(text: string): string[] {
  if (countWords(text) <= mostWords) return [text];
  const pieces: string[] = [];
  let piece: string[] = [];
  const flush = () => {
    if (piece.length > 0) pieces.push(piece.join(' '));
    piece = [];
  };
  for (const { segment } of segmenter.segment(text)) {
    const words = segment.split(/\s+/).filter((word) => word !== '');
    if (piece.length + words.length > mostWords) flush();
    while (words.length > mostWords) {
      const comma = words.slice(0, mostWords).findLastIndex((word) => /[,;:]$/.test(word)) + 1;
      pieces.push(words.splice(0, comma > mostWords / 3 ? comma : mostWords).join(' '));
    }
    piece.push(...words);
  }
  flush();
  return pieces;
}

const countWords = (text: string) => text.match(/\S+/g)?.length ?? 0;
