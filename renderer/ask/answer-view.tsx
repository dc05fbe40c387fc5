import type { Answer } from '../../preload/values.js';
import { ProblemList } from '../chrome/problem-list.js';
import { SnippetText } from '../evidence/snippet-text.js';
import { countOf } from '../session/knowledge-words.js';

interface Props {
  answer: Answer;
  onOpen(dataset: string, document: string): void;
}

/** What the indices say to a question, word for word with its sources, or plainly that they do not. */
export function AnswerView({ answer, onOpen }: Props) {
  const { question, modality, snippets, problems } = answer;
  return (
    <section className="answer" aria-label="Answer" data-testid="answer" data-found={snippets.length > 0}>
      <p className="answer-to">
        <span className="quiet">{modality} ·</span> {question}
      </p>
      {snippets.length === 0 ? (
        <div className="not-found" data-testid="not-found">
          <p>
            <strong>Not found in the indices.</strong>
          </p>
          <p className="quiet">Wetread answers only with what its indices say, and these do not say it.</p>
        </div>
      ) : (
        <>
          <p className="quiet answer-count">
            {countOf(snippets.length, 'passage')} from the indices, word for word
          </p>
          <ol>
            {snippets.map((s) => (
              <li key={`${s.dataset} ${s.id}`} className="quoted" data-testid="answer-snippet">
                <blockquote>
                  <SnippetText snippet={s} onOpen={() => onOpen(s.dataset, s.document)} />
                </blockquote>
              </li>
            ))}
          </ol>
        </>
      )}
      <ProblemList problems={problems} told="could not be asked" one="dataset" />
    </section>
  );
}
