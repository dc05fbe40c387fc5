import type { Rule } from './spans.js';

/** Telephone, fax, e-mail and web addresses: (b)(2)(i)(D), (E), (F) and (N) of 45 CFR 164.514. */
export const contacts: readonly Rule[] = [
  { kind: 'contact', pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g },
  { kind: 'contact', pattern: /\b(?:https?:\/\/|ftp:\/\/|www\.)[^\s<>"'()]+[^\s<>"'().,;:!?]/gi },
  {
    kind: 'contact',
    pattern:
      /\b[a-z0-9-]{2,}(?:\.[a-z0-9-]{2,})*\.(?:com|org|net|edu|gov|co\.uk|info)\b(?:\/[^\s<>"'()]*[^\s<>"'().,;:])?/gi,
  },
  // (555) 123-4567, 555.123.4567, +1 555 123 4567
  {
    kind: 'contact',
    pattern:
      /(?<![\w.-])(?:\+?\d{1,3}[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}(?:,?\s*(?:ext\.?|extension|x)\s*\d{1,6})?(?![\w-]|\.\d)/gi,
  },
  { kind: 'contact', pattern: /(?<![\w.])\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}(?![\w])/g },
  {
    kind: 'contact',
    pattern:
      /\b(?:pager|beeper|phone|telephone|tel|fax|cell|mobile|ext|extension|call back|callback|voicemail)\.?\s*(?:number|no\.?|#|at|is|on)?\s*[:#]?\s*(?<part>\+?[\d(][\d ().-]{2,16}\d)/gi,
  },
];
