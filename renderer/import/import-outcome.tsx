import type { ImportResult } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { countOf, countText, removalCounts, removalWords } from '../session/knowledge-words.js';
import { ImportProblems } from './import-problems.js';

interface Props {
  result: ImportResult;
  title: string;
  seconds: number;
  onOpen(): void;
  onClose(): void;
}

/** What an import did: what is new, what was removed from it, and what could not be read. */
export function ImportOutcome({ result, title, seconds, onOpen, onClose }: Props) {
  const removed = removalCounts(result.removals);
  const nothing = result.added + result.updated + result.unchanged === 0;
  return (
    <section className="import-outcome" aria-label="Result" data-testid="import-result">
      <h2 role="status">
        <Icon name={nothing ? 'info' : 'accept'} />
        {nothing ? `Nothing was imported into ${title}` : `Imported into ${title}`}
        <span className="quiet">
          {' '}
          version {result.version} · {seconds < 100 ? seconds.toFixed(1) : Math.round(seconds)} s
        </span>
      </h2>
      <dl className="figures">
        {(
          [
            ['Added', result.added, 'added'],
            ['Updated', result.updated, 'updated'],
            ['Unchanged', result.unchanged, 'unchanged'],
            ['Snippets', result.snippets, 'snippets'],
            ['Images', result.images, 'images'],
          ] as const
        ).map(([word, count, id]) => (
          <div key={id}>
            <dt>{word}</dt>
            <dd data-testid={`result-${id}`}>{countText(count)}</dd>
          </div>
        ))}
      </dl>
      <div className="removed-summary" data-testid="result-removals">
        <h3>Removed before storing</h3>
        {removed.length === 0 ? (
          <p className="quiet">No personal detail was found.</p>
        ) : (
          <ul>
            {removed.map(([kind, count]) => (
              <li key={kind}>{countOf(count, ...removalWords[kind])}</li>
            ))}
          </ul>
        )}
      </div>
      <ImportProblems problems={result.problems} told="could not be imported" />
      <div className="import-foot">
        <button type="button" onClick={onClose}>
          Close
        </button>
        <button type="button" className="primary" data-testid="open-imported" onClick={onOpen}>
          Show the documents
        </button>
      </div>
    </section>
  );
}
