import { type ReactNode, useState } from 'react';

/** Longer texts are shown to about this many characters until they are asked for in full. */
export const longText = 420;

/** The beginning of a text, cut between words; the text itself where it is not much longer. */
export function beginningOf(text: string, characters = longText): string {
  if (text.length <= characters * 1.2) return text;
  return `${text.slice(0, characters).replace(/\s+\S*$/, '')} …`;
}

/** A text that may be long: its beginning, and the rest on demand. */
export function LongText({
  text,
  characters,
  show,
}: {
  text: string;
  characters?: number;
  show(text: string): ReactNode;
}) {
  const [whole, setWhole] = useState(false);
  const beginning = beginningOf(text, characters);
  return (
    <>
      {show(whole ? text : beginning)}
      {beginning !== text && (
        <button type="button" className="quiet-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all of it'}
        </button>
      )}
    </>
  );
}
