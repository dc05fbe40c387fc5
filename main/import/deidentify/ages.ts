import type { Span } from './spans.js';

const above89 = String.raw`(?:9\d|1[0-3]\d)`;
const pattern = new RegExp(
  String.raw`(?<![\d./])${above89}(?=\s*-?\s*(?:years?|yrs?|y\.?)[\s-]*(?:old|of age|o\b|\/o\b)|\s*-?\s*y\/?o\b|[ -]?[MF]\b(?!\s*-)|\s+year\s+old)|(?<=\b(?:aged?|age of|age:)\s*:?\s*(?:is |was )?)${above89}(?![\d./%]|\s*(?:mm|cm|days|weeks|months|hours))`,
  'gi',
);

/** Ages above 89 become 90, the one group that 45 CFR 164.514(b)(2)(i)(C) allows for them. */
export function agesAbove89(text: string): Span[] {
  return [...text.matchAll(pattern)]
    .filter(([age]) => age !== '90')
    .map((match) => ({ from: match.index, to: match.index + match[0].length, kind: 'age', instead: '90' }));
}
