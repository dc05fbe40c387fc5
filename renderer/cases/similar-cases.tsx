import { Icon } from '../chrome/icon.js';
import type { CasesState } from '../session/cases.js';
import { countOf } from '../session/knowledge-words.js';
import { CaseCard } from './case-card.js';

/** Earlier cases that look like the study at hand, or why there are none. */
export function SimilarCases({ state: { found, refusal } }: { state: CasesState }) {
  if (refusal)
    return (
      <p className="refused" role="alert">
        <Icon name="flag" /> {refusal}
      </p>
    );
  if (!found)
    return (
      <p className="quiet panel-note" role="status">
        Comparing the images with earlier cases…
      </p>
    );
  if (found.cases.length === 0)
    return (
      <div className="panel-note" role="status" data-testid="no-cases">
        <p>
          <strong>No similar case.</strong>
        </p>
        <p className="quiet">
          {found.reason ?? "The department's own datasets hold no case that looks like this study."}
        </p>
      </div>
    );
  return (
    <section aria-label="Similar cases" data-testid="cases">
      <p className="quiet panel-note" role="status">
        {countOf(found.cases.length, 'earlier case')} by likeness of the images, de-identified. Not the study
        at hand.
      </p>
      <ol>
        {found.cases.map((hit) => (
          <CaseCard key={`${hit.dataset} ${hit.document}`} hit={hit} />
        ))}
      </ol>
    </section>
  );
}
