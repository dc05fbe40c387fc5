import type { Snippet } from '../../preload/values.js';
import { sectionTitle } from '../session/knowledge-words.js';
import { Marked } from './marked.js';
import { Scores } from './scores.js';
import { SourceLine } from './source-line.js';

type Told = Pick<Snippet, 'title' | 'text' | 'source' | 'licence' | 'version' | 'score' | 'scores'> &
  Partial<Pick<Snippet, 'cues' | 'dataset' | 'kind'>>;

interface Props {
  snippet: Told;
  /** Opens the document it is of. */
  onOpen?: () => void;
}

/** What a snippet says, where it comes from, and how well it fits. */
export function SnippetText({ snippet, onOpen }: Props) {
  const { title, text, cues = [], kind, dataset } = snippet;
  return (
    <>
      <h3>
        {onOpen ? (
          <button type="button" className="link" title="Read the document" onClick={onOpen}>
            {title}
          </button>
        ) : (
          title
        )}
        {kind && <span className="snippet-kind">{sectionTitle(kind)}</span>}
      </h3>
      <p className="snippet-words">
        <Marked text={text} cues={cues} />
      </p>
      <SourceLine
        source={snippet.source}
        licence={snippet.licence}
        version={snippet.version}
        dataset={dataset}
      />
      <Scores score={snippet.score} scores={snippet.scores} />
    </>
  );
}
