/** A stretch of a text: a cue (what answers the query) or what stands between cues. */
export interface Stretch {
  text: string;
  cue: boolean;
  from: number;
}

/** Cuts a text at its cue ranges [from, to); ranges that do not fit it, or that overlap one before, are left out. */
export function stretchesOf(text: string, cues: readonly (readonly [number, number])[]): Stretch[] {
  const stretches: Stretch[] = [];
  let at = 0;
  for (const [from, to] of cues) {
    if (from < at || to > text.length || from >= to) continue;
    if (from > at) stretches.push({ text: text.slice(at, from), cue: false, from: at });
    stretches.push({ text: text.slice(from, to), cue: true, from });
    at = to;
  }
  if (at < text.length) stretches.push({ text: text.slice(at), cue: false, from: at });
  return stretches;
}

/** A text with its cues marked by weight and underline. */
export function Marked({ text, cues }: { text: string; cues: readonly (readonly [number, number])[] }) {
  return stretchesOf(text, cues).map(({ text: part, cue, from }) =>
    cue ? (
      <mark key={from} data-testid="cue">
        {part}
      </mark>
    ) : (
      <span key={from}>{part}</span>
    ),
  );
}
