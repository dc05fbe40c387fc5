/** Which cues a text can hold at all, by the words that they begin with: far quicker to look up than to search for each. */
export class CueWords {
  /** Lower-case word → a bit for each cue that begins with it. */
  readonly #cues = new Map<string, number>();

  /** @param words of each cue, of at most 31, in lower case and parted by blanks: every match has one of them with no letter beside it */
  constructor(words: readonly string[]) {
    for (const [place, own] of words.entries())
      for (const word of own.split(/\s+/)) this.#cues.set(word, (this.#cues.get(word) ?? 0) | (1 << place));
  }

  /** A bit for each cue that the text may hold. */
  in(text: string): number {
    let found = 0;
    // A long s counts as s where case does not matter.
    for (const [word] of text
      .toLowerCase()
      .replaceAll('ſ', 's')
      .matchAll(/\p{L}+/gu))
      found |= this.#cues.get(word) ?? 0;
    return found;
  }
}
