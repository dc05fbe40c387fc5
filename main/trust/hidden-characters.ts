/**
 * Characters that change how a text looks or reads without being seen: they can turn its order round, hide words from whoever
 * reads it but not from what searches it, or split a name so that it is not recognised.
 */

/** Ends of lines and pages that are not written as such; tabs and line feeds stay. */
const lineEnds = /\r\n?|[\v\f\u0085\u2028\u2029]/g;

/** Without harm in a text that was only typeset: byte order marks, soft hyphens, joiners between letters that do not join. */
const idle = /[\u00ad\ufeff]|(?<=^|[\p{Script=Latin}\p{Script=Common}])[\u200c\u200d]+/gu;

/**
 * Controls (C0, C1), the marks that turn the direction of writing (UAX #9), spaces without width, invisible operators, annotation marks, and
 * the tags and variation selectors beyond the basic plane, of which whole sentences can be made.
 */
const hidden =
  /(?![\t\n])\p{Cc}|[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu;

/** Latin letters and digits in forms that fonts give, not code points: full width and mathematical. */
const styled = /[\uff01-\uff5e\u{1d400}-\u{1d7ff}]/gu;

/** A space as a web page writes it: "no&nbsp;effusion" are two words. */
const space = /&(?:nbsp|#160|#xa0);/gi;

/** In a word with Latin letters: "nо" with a Cyrillic о reads as a denial and is searched as none. */
const cyrillic = /\p{Script=Cyrillic}/gu;
const likeLatin: Readonly<Record<string, string>> = Object.fromEntries(
  [...'аеорсухіѕјһԁԛԝАВЕКМНОРСТХ'].map((letter, at) => [letter, 'aeopcyxisjhdqwABEKMHOPCTX'.charAt(at)]),
);

/** A text that says what it shows, and how many characters of it hid something: those were taken out, or read as what they look like. */
export function withoutHidden(text: string): { text: string; removed: number } {
  let removed = 0;
  const shown = text
    .replace(lineEnds, '\n')
    .replace(hidden, () => {
      removed += 1;
      return '';
    })
    .replace(idle, '')
    .replace(styled, (letter) => letter.normalize('NFKC'))
    .replace(space, ' ');
  if (shown.search(cyrillic) < 0) return { text: shown, removed };
  const plain = shown.replace(/\p{L}+/gu, (word) => {
    if (!/\p{Script=Latin}/u.test(word)) return word;
    return word.replace(cyrillic, (letter) => {
      removed += 1;
      return likeLatin[letter] ?? letter;
    });
  });
  return { text: plain, removed };
}
