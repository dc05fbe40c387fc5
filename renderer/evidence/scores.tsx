import type { Snippet } from '../../preload/values.js';

/** The ways a hit was found, as the window calls them: meaning of the words, image to text, image to image, the words themselves. */
const ways = [
  ['text', 'Text'],
  ['image', 'Image'],
  ['picture', 'Alike'],
  ['bm25', 'Words'],
] as const;

/** The fused score of a hit, and the scores it was fused from. */
export function Scores({ score, scores }: { score: number; scores: Snippet['scores'] }) {
  return (
    <span className="scores">
      <span>
        <meter min={0} max={1} value={score} aria-hidden="true" /> Score {score.toFixed(2)}
      </span>
      {ways.map(([way, word]) => {
        const value = scores[way];
        return value === undefined ? null : (
          <span key={way} className="quiet">
            {word} {value.toFixed(2)}
          </span>
        );
      })}
    </span>
  );
}
