/** How far a task was at a time, in milliseconds. */
export interface Mark {
  at: number;
  done: number;
}

/** The rate is that of the last half minute: an import begins slowly, and what was so long ago says little. */
const windowMs = 30_000;

/** Adds a mark; a task that begins another part counts from zero again. */
export function addMark(marks: readonly Mark[], mark: Mark): Mark[] {
  const last = marks.at(-1);
  if (last && mark.done < last.done) return [mark];
  const recent = marks.filter((m) => mark.at - m.at <= windowMs);
  // The last mark before the window is its beginning.
  const before = marks.findLast((m) => mark.at - m.at > windowMs);
  return [...(before ? [before] : []), ...recent, mark];
}

/** Items a second over the marks; undefined while too little is known to say. */
export function rateOf(marks: readonly Mark[]): number | undefined {
  const [first, last] = [marks[0], marks.at(-1)];
  if (!first || !last || last.at - first.at < 500 || last.done === first.done) return undefined;
  return ((last.done - first.done) * 1000) / (last.at - first.at);
}

/** "about 2 min left": no more exact than it can be. */
export function leftText(left: number, rate: number): string {
  const seconds = left / rate;
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 90) return `about ${Math.ceil(seconds / 10) * 10} s left`;
  if (seconds < 5400) return `about ${Math.round(seconds / 60)} min left`;
  return `about ${Math.round(seconds / 3600)} h left`;
}
