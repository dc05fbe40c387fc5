import { splitSentences } from '../findings/index.js';
import type { SourceSnippet } from '../retrieve/index.js';
import { limits } from './limits.js';
import type { FindingReader } from './read-findings.js';
import type { ImportRecord, RecordSection } from './record.js';

const mostWords = 60;
const mostChars = 600;
const inSlices = new RegExp(`.{1,${mostChars}}`, 'gu');
/** Shorter pieces of an article say nothing alone and join their neighbour. */
const shortestParagraph = 40;
/** In words: a shorter sentence joins the one before it. */
const shortestSentence = 2;

/** Sections of reports and cases that are cut sentence by sentence, each a statement of its own. */
const bySentence = new Set([
  ...['findings', 'impression', 'diagnosis', 'caption', 'addendum', 'comparison'],
  ...['recommendation', 'text', 'technique', 'indication', 'exam'],
]);

/**
 * Sections → snippets: those of reports sentence by sentence, articles and discussions by paragraph; none longer than 60 words, none
 * twice. A fragment joins its neighbour. With the findings that they state as present.
 */
export function snippetsOf(
  topic: ImportRecord['topic'],
  bodyRegion: string,
  sections: readonly RecordSection[],
  reader: FindingReader,
): { snippets: SourceSnippet[]; present: string[] } {
  const said = new Set<string>();
  const snippets: SourceSnippet[] = [];
  const present = new Set<string>();
  for (const { kind, text } of sections) {
    const sentences = topic !== 'article' && bySentence.has(kind);
    const passages = sentences ? sentencesOf(text) : paragraphsOf(text);
    for (const passage of sentences && kind !== 'exam' ? passages.map(withStop) : passages) {
      const key = passage.toLowerCase();
      if (!saysAnything(passage) || said.has(key)) continue;
      if (snippets.length === limits.snippets) break;
      said.add(key);
      const read = reader.read(topic, kind, bodyRegion, passage);
      for (const finding of read.present) present.add(finding);
      const { findings, polarity } = read;
      snippets.push({ kind, text: passage, findings, ...(polarity !== undefined && { polarity }) });
    }
  }
  return { snippets, present: [...present] };
}

/** A sentence is shown and joined with others as one; splitting took its stop. */
const withStop = (sentence: string) => (/[\p{L}\p{N})\]%"]$/u.test(sentence) ? `${sentence}.` : sentence);

/** A placeholder alone (`[name]`) says nothing. */
const saysAnything = (text: string) => /\p{L}{2}/u.test(text.replace(/\[[a-z]+\]/g, ''));

function sentencesOf(text: string): string[] {
  const joined: string[] = [];
  let lead = '';
  for (const sentence of splitSentences(unwrap(text)).filter(saysAnything).flatMap(cutLong)) {
    const words = countWords(sentence);
    const last = joined.at(-1);
    if (lead !== '') {
      joined.push(`${lead}: ${sentence}`);
      lead = '';
    } else if (words >= shortestSentence) joined.push(sentence);
    else if (last === undefined) lead = sentence;
    else if (countWords(last) + words <= mostWords) joined[joined.length - 1] = `${last}. ${sentence}`;
    else joined.push(sentence);
  }
  if (lead !== '') joined.push(lead);
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

/**
 * A passage as pieces of at most 60 words, cut between sentences, where one is longer at a comma, else between words. Languages without
 * spaces are cut by their length.
 */
export function cutLong(text: string): string[] {
  if (countWords(text) <= mostWords && text.length <= mostChars) return [text];
  const pieces: string[] = [];
  let piece: string[] = [];
  let chars = 0;
  const flush = () => {
    if (piece.length > 0) pieces.push(piece.join(' '));
    piece = [];
    chars = 0;
  };
  for (const { segment } of segmenter.segment(text)) {
    const words = segment
      .split(/\s+/)
      .filter((word) => word !== '')
      .flatMap((word) => (word.length <= mostChars ? [word] : (word.match(inSlices) ?? [])));
    if (piece.length + words.length > mostWords || chars + segment.length > mostChars) flush();
    while (words.length > mostWords) {
      const comma = words.slice(0, mostWords).findLastIndex((word) => /[,;:]$/.test(word)) + 1;
      pieces.push(words.splice(0, comma > mostWords / 3 ? comma : mostWords).join(' '));
    }
    piece.push(...words);
    chars += segment.length;
  }
  flush();
  return pieces;
}

const countWords = (text: string) => text.match(/\S+/g)?.length ?? 0;
