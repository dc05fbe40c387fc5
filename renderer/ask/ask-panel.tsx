import { type FormEvent, type Ref, useState } from 'react';
import { Icon } from '../chrome/icon.js';
import { DocumentDialog } from '../indices/document-dialog.js';
import type { Question } from '../session/question.js';
import { AnswerView } from './answer-view.js';

/** A question on the study at hand, answered by quotation or not at all. */
export function AskPanel({ question, input }: { question: Question; input: Ref<HTMLInputElement> }) {
  const { text, answer, asking, refusal, write, ask } = question;
  const [open, setOpen] = useState<{ dataset: string; document: string }>();
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void ask();
  };
  return (
    <div className="ask">
      <form className="ask-form" onSubmit={onSubmit}>
        <input
          ref={input}
          type="search"
          aria-label="Question on this study"
          placeholder="What do the indices say on …"
          maxLength={2000}
          value={text}
          data-testid="question"
          onChange={({ target }) => write(target.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        />
        <button type="submit" className="primary" aria-disabled={asking} data-testid="ask">
          Ask
        </button>
      </form>
      <div aria-live="polite" aria-busy={asking} className={asking && answer ? 'stale' : undefined}>
        {refusal ? (
          <p className="refused" role="alert">
            <Icon name="flag" /> {refusal}
          </p>
        ) : answer ? (
          <AnswerView answer={answer} onOpen={(dataset, document) => setOpen({ dataset, document })} />
        ) : (
          <p className="quiet panel-note">
            {asking
              ? 'Looking in the indices…'
              : 'Answers are passages of the indices, quoted word for word with their sources. Where the indices do not say, there is no answer.'}
          </p>
        )}
      </div>
      {open && <DocumentDialog {...open} onClose={() => setOpen(undefined)} />}
    </div>
  );
}
