import type { Rule } from './spans.js';

/** Telephone, fax, e-mail and web addresses: (b)(2)(i)(D), (E), (F) and (N) of 45 CFR 164.514. */
export const contacts: readonly Rule[] = [
  { kind: 'contact', needs: /@/, pattern: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g },
  { kind: 'contact', pattern: /\b(?:https?:\/\/|ftp:\/\/|www\.)[^\s<>"'()]+[^\s<>"'().,;:!?]/gi },
  {
    kind: 'contact',
    needs: /\.(?:com|org|net|edu|gov|co|info)/i,
    pattern:
      /(?<![\w.-])[a-z0-9-]{2,63}(?:\.[a-z0-9-]{2,63}){0,5}\.(?:com|org|net|edu|gov|co\.uk|info)\b(?:\/[^\s<>"'()]*[^\s<>"'().,;:])?/gi,
  },
  // (555) 123-4567, 555.123.4567, +1 555 123 4567
  {
    kind: 'contact',
    pattern:
      /(?<![\w.-])(?:\+?\d{1,3}[ .-]?)?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[ .-]\d{4}(?:,?\s{0,3}(?:ext\.?|extension|x)\s{0,3}\d{1,6})?(?![\w-]|\.\d)/gi,
  },
  { kind: 'contact', pattern: /(?<![\w.])\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}(?![\w])/g },
  {
    kind: 'contact',
    pattern:
      /\b(?:pager|beeper|phone|telephone|tel|fax|cell|mobile|ext|extension|call back|callback|voicemail)\.?\s{0,3}(?:number|no\.?|#|at|is|on)?\s{0,3}[:#]?\s{0,3}(?<part>\+?[\d(][\d ().-]{2,16}\d)/gi,
  },
];
