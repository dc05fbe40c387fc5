import type { ImportPreview } from '../../preload/values.js';
import { removalWords } from '../session/knowledge-words.js';

type Piece = ImportPreview['documents'][number]['pieces'][number];

/** A text before its import: what will be removed is struck through and says what it is. */
export function Redacted({ pieces }: { pieces: Piece[] }) {
  return pieces.map(({ text, removed }, index) =>
    removed ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity than their place
      <del key={index} className="removed" data-testid="removed" data-kind={removed}>
        <span className="removed-kind">{removalWords[removed][0]}</span>
        <s>{text}</s>
      </del>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <span key={index}>{text}</span>
    ),
  );
}

/** The pieces without the blank lines after the last. */
export function trimmedPieces(pieces: Piece[]): Piece[] {
  const last = pieces.at(-1);
  return last ? [...pieces.slice(0, -1), { ...last, text: last.text.trimEnd() }] : pieces;
}

/** Cuts pieces to so many characters, at a piece's or a word's end; tells whether anything was left out. */
export function cutPieces(pieces: Piece[], characters: number): { pieces: Piece[]; cut: boolean } {
  const kept: Piece[] = [];
  let left = characters;
  for (const piece of pieces) {
    if (piece.text.length <= left || piece.removed) {
      if (left <= 0) return { pieces: kept, cut: true };
      kept.push(piece);
      left -= piece.text.length;
      continue;
    }
    if (left > 0) kept.push({ text: `${piece.text.slice(0, left).replace(/\s+\S*$/, '')} …` });
    return { pieces: kept, cut: true };
  }
  return { pieces: kept, cut: false };
}
