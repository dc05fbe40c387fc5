import type { Span } from './spans.js';

const above89 = String.raw`(?:9\d|1[0-3]\d)`;
const pattern = new RegExp(
  String.raw`(?<![\d./])${above89}(?=\s{0,3}-?\s{0,3}(?:years?|yrs?|y\.?)[\s-]*(?:old|of age|o\b|\/o\b)|\s{0,3}-?\s{0,3}y\/?o\b|\s{1,3}year\s{1,3}old)|(?<=\b(?:aged?|age of|age:)\s{0,3}:?\s{0,3}(?:is |was )?)${above89}(?!\d|[./]\d|%|\s{0,3}(?:mm|cm|days|weeks|months|hours))`,
  'gi',
);
/** Without one of these numbers the dearer patterns need not be tried. */
const any = new RegExp(above89);
/** 93F, 91 M: capitals only, and no technetium 99m. */
const short = /(?<![\d./A-Za-z-])(?:9\d|1[0-3]\d)(?=[MF]\b|[ -][MF]\b(?= (?:with|who|status|s\/p)))/g;

/** Ages above 89 become 90, the one group that 45 CFR 164.514(b)(2)(i)(C) allows for them. */
export function agesAbove89(text: string): Span[] {
  if (!any.test(text)) return [];
  return [...text.matchAll(pattern), ...text.matchAll(short)]
    .filter(([age]) => age !== '90')
    .map((match) => ({ from: match.index, to: match.index + match[0].length, kind: 'age', instead: '90' }));
}
