import type { Evidence } from '../../preload/values.js';
import { ProblemList } from '../chrome/problem-list.js';
import { Scores } from '../evidence/scores.js';
import { SnippetText } from '../evidence/snippet-text.js';
import { useDatasetTitle } from '../session/datasets.js';
import { countOf } from '../session/knowledge-words.js';

interface Props {
  found: Evidence;
  onOpen(dataset: string, document: string): void;
}

/** What a search found: the documents, then the snippets within them. */
export function SearchResults({ found, onOpen }: Props) {
  const titleOf = useDatasetTitle();
  const { documents, snippets, problems } = found;
  if (documents.length === 0 && snippets.length === 0)
    return (
      <div className="found-nothing" data-testid="found-nothing">
        <p>
          <strong>Nothing in the indices fits.</strong>
        </p>
        <p className="quiet">Try other words, another modality, or fewer filters.</p>
        <ProblemList problems={problems} told="could not be asked" one="dataset" />
      </div>
    );
  return (
    <div className="found" data-testid="found">
      <section aria-label="Documents">
        <h2>{countOf(documents.length, 'document')}</h2>
        <ol>
          {documents.map((d) => (
            <li key={`${d.dataset} ${d.id}`} className="hit" data-testid="index-document">
              <h3>
                <button type="button" className="link" onClick={() => onOpen(d.dataset, d.id)}>
                  {d.title}
                </button>
              </h3>
              <p className="quiet">{titleOf(d.dataset)}</p>
              <Scores score={d.score} scores={d.scores} />
            </li>
          ))}
        </ol>
        <ProblemList problems={problems} told="could not be asked" one="dataset" />
      </section>
      <section aria-label="Snippets">
        <h2>{countOf(snippets.length, 'snippet')}</h2>
        {snippets.length === 0 && <p className="quiet">No snippet of these documents fits.</p>}
        <ol>
          {snippets.map((s) => (
            <li
              key={`${s.dataset} ${s.id}`}
              className="hit"
              data-testid="index-snippet"
              data-dataset={s.dataset}
            >
              <SnippetText snippet={s} onOpen={() => onOpen(s.dataset, s.document)} />
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}
