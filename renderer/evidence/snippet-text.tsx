import type { Snippet } from '../../preload/values.js';
import { Scores } from './scores.js';

type Told = Pick<Snippet, 'title' | 'text' | 'source' | 'licence' | 'version' | 'score' | 'scores'>;

/** What a snippet says, where it comes from, and how well it fits. */
export function SnippetText({ snippet }: { snippet: Told }) {
  return (
    <>
      <h3>{snippet.title}</h3>
      <p>{snippet.text}</p>
      <p className="quiet">
        {snippet.source} · {snippet.licence} · version {snippet.version}
      </p>
      <Scores score={snippet.score} scores={snippet.scores} />
    </>
  );
}
