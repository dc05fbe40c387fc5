const NUMBERING = /(^|[\s.;:])\(?\d{1,2}[.)]\s+(?=[a-z])/gi;
const ABBREVIATION = /\b(?:dr|mr|mrs|ms|vs|approx|no|st|e\.g|i\.e|a\.m|p\.m|cf)\.$/i;

/**
 * Report text → its sentences, trimmed, each without its final stop. Splits at full stops, semicolons and line ends; list
 * numbering ("1. ") is removed; decimals and common abbreviations do not split.
 */
export function splitSentences(text: string): string[] {
  const sentences: string[] = [];
  for (const line of text.replace(NUMBERING, '$1\n').split(/\n+/)) {
    let start = 0;
    for (const stop of line.matchAll(/[.;!?]+(?=\s|$|[A-Za-z]{3,})/g)) {
      if (ABBREVIATION.test(line.slice(start, stop.index + 1)) && stop.index + 1 < line.length) continue;
      push(sentences, line.slice(start, stop.index));
      start = stop.index + stop[0].length;
    }
    push(sentences, line.slice(start));
  }
  return sentences;
}

function push(sentences: string[], text: string) {
  const trimmed = text.replace(/\s+/g, ' ').replace(/^[\s.,:;-]+|[\s.,:;-]+$/g, '');
  if (/[a-z]{2}/i.test(trimmed)) sentences.push(trimmed);
}
