import type { Rule } from './spans.js';

/*
 * All elements of dates but the year (45 CFR 164.514(b)(2)(i)(C)), and times of day. Fractions, ratios, scores, spinal levels and the
 * clock positions of breast imaging are written the same way; cues tell them apart.
 */

const year = String.raw`(?:19|20)\d\d`;
const day = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const month = '(?:0?[1-9]|1[0-2])';
const ordinal = `${day}(?:st|nd|rd|th)?`;
/** Months that mean nothing else, in full or short. */
const named =
  'January|February|April|June|July|August|September|October|November|December|Jan|Feb|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|March|Mar|May';
const cue = '(?:on|dated?|since|from|until|till|prior|previous|comparison|CT|MRI|radiographs?|films?)';
const weakCue = '(?:of|by|to|and|with|through|study|exam|examination|between|for)';
const clockPosition = /^\s{0,3}(?:o['’ ]?clock|position|axis|radian|radius|\w* ?quadrant)/i;

export const dates: readonly Rule[] = [
  // 2019-03-14, with a time or without
  {
    kind: 'date',
    pattern: new RegExp(
      String.raw`(?<![\d.])${year}([-/.])${month}\1${day}(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?(?![\d])`,
      'g',
    ),
  },
  // 20190314
  {
    kind: 'date',
    pattern: new RegExp(
      String.raw`(?<![\d.])${year}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:\d{6}(?:\.\d+)?)?(?![\d.])`,
      'g',
    ),
  },
  // 3/14/2019, 14.3.19, 03-14-2019
  {
    kind: 'date',
    needs: /\d[/.-]\d/,
    pattern: new RegExp(
      String.raw`(?<![\d./-])${day}([/.-])${day}\1(?:${year}|['’]?\d\d)(?![\d/-]|\.\d)`,
      'g',
    ),
    accept: ([match, separator]) => {
      const [first = 0, second = 0] = match.split(separator ?? '').map(Number);
      if (first > 12 && second > 12) return false;
      return separator === '/' || /\d{4}$/.test(match) || /^\d\d.\d\d.\d\d$/.test(match);
    },
  },
  // on 3/14
  {
    kind: 'date',
    needs: /\d\/\d/,
    pattern: new RegExp(
      String.raw`(?<=\b${cue}\s{0,3}:?\s{1,3}(?:the\s{1,3})?)${month}/${day}(?![\d/%]|\.\d|-\d|\s{0,3}(?:of|the|cm|mm|strength|scale|power|vessels?|lobes?|thirds?)\b)`,
      'gi',
    ),
    // Strength, murmurs, reflexes and fractions.
    accept: ([match]) => !/^(?:[0-6]\/[1-6]|[1-8]\/8|\d\/10)$/.test(match),
  },
  // of 3/14: where a fraction is as likely, only a day that no fraction has
  {
    kind: 'date',
    needs: /\d\/\d/,
    pattern: new RegExp(
      String.raw`(?<=\b${weakCue}\s{0,3}:?\s{1,3}(?:the\s{1,3})?)${month}/(?:1[3-9]|2\d|3[01])(?![\d/%]|\.\d|-\d|\s{0,3}(?:of|the|cm|mm|patients?|cases?|lymph|nodes?|points?)\b)`,
      'gi',
    ),
  },
  // in 11/08: month and year
  {
    kind: 'date',
    needs: /\d\/\d/,
    pattern: new RegExp(String.raw`(?<![\d./-])${month}/(?:0\d|${year})(?![\d/]|\.\d|\s{0,3}(?:mm|cm))`, 'g'),
  },
  // March 14, 2019; 14-Mar-19; the 3rd of July; March 2019 keeps its year
  {
    kind: 'date',
    pattern: new RegExp(
      String.raw`(?<![\w])(?:${ordinal}(?:\s{1,3}of\s{1,3}|\s{0,3}[-./]?\s{0,3}))(?:${named})\b\.?(?:\s{0,3}[-,./]?\s{0,3}(?:${year}|['’]?\d\d(?=\b(?![.:]\d)))(?!\s{0,3}(?:mm|cm|mg|ml|x)\b))?(?![\w])`,
      'gi',
    ),
    accept: ([match]) => isMonth(match),
  },
  {
    kind: 'date',
    pattern: new RegExp(
      String.raw`(?<![\w])(?:${named})\b\.?[ \t]{0,8}${ordinal}(?![\d.]*\d|/|\s{0,3}(?:mm|cm|mg|ml|x|%)\b)(?:\s{0,3}(?:-|–|to|and)\s{0,3}${ordinal}(?!\d))?(?:,?\s{0,3}${year})?`,
      'gi',
    ),
    accept: ([match]) => isMonth(match),
  },
  {
    kind: 'date',
    pattern: new RegExp(String.raw`(?<![\w])(?:${named})\b\.?(?=(?:,| of)?\s{0,3}['’]?${year}(?!\d))`, 'gi'),
    accept: ([match]) => isMonth(match),
  },
  {
    kind: 'date',
    pattern:
      /(?<![\w-])(?:January|February|April|June|July|August|September|October|November|December)(?![\w-])/gi,
    accept: ([match]) => match !== match.toLowerCase(),
  },
  {
    kind: 'date',
    pattern: /(?<=\b(?:in|since|last|early|late|mid|until|by|from|this|next|of)[ -])(?:March|May)\b/g,
  },
  { kind: 'date', pattern: /\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b/gi },
  // Times of day
  {
    kind: 'date',
    pattern:
      /(?<![\d:.])(?:[01]?\d|2[0-4])(?:[:.][0-5]\d){0,2}\s{0,3}(?:[ap]\.m\.|[ap]m)(?!\w)(?:\s{0,3}\(?\b(?:EST|EDT|CST|CDT|MST|MDT|PST|PDT|ET|CT|PT|GMT|UTC)\b(?!\s{1,3}(?:scan|of))\)?)?/gi,
  },
  {
    kind: 'date',
    pattern:
      /(?<![\d:.])(?:[01]?\d|2[0-4]):?[0-5]\d(?::[0-5]\d)?\s{0,3}(?:hours|hrs?|h)\b(?!\s{0,3}(?:after|post|ago|later|delay))/g,
    accept: ([match]) => match.includes(':') || /^[0-2]\d{3}/.test(match),
  },
  { kind: 'date', pattern: /(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?![\d:])/g },
  {
    kind: 'date',
    needs: /\d:\d/,
    pattern:
      /(?<=\b(?:at|time|@)\s{0,3}:?\s{0,3}(?:approximately |about |around )?)(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])/gi,
    accept: (match, text) => {
      const after = text.slice(match.index + match[0].length, match.index + match[0].length + 24);
      if (clockPosition.test(after)) return false;
      const hourly = /^(?:[1-9]|1[0-2]):(?:00|30)$/.test(match[0]);
      return !(hourly && /\b(?:breasts?|nipple|o['’]clock|mammogra\w+)\b/i.test(text));
    },
  },
];

/** Short months only as written in a date: OCT is a method, mar and dec words of their own, may a verb. */
function isMonth(match: string): boolean {
  const word =
    /[a-z]{3,}/i.exec(match.replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1').replace(/\bof\b/gi, ''))?.[0] ?? '';
  if (word.length > 5) return true;
  if (/^[A-Z][a-z]+$/.test(word)) return true;
  return /(?:19|20)\d\d|\d\s{0,3}[-./]\s{0,3}[a-z]{3}\.?\s{0,3}[-./]\s{0,3}\d\d/i.test(match);
}
