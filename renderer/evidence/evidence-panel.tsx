import { useEffect, useRef } from 'react';
import type { Report, Sentence } from '../../preload/values.js';
import { ProblemList } from '../chrome/problem-list.js';
import { plural, supportWords } from '../session/words.js';
import type { Cited } from './numbering.js';
import { SnippetText } from './snippet-text.js';

interface Props {
  report: Report;
  cited: Map<string, Cited>;
  /** The sentence whose evidence is wanted; none: all that the report cites. */
  sentence: Sentence | undefined;
  /** The snippet that was followed, with a count so that following it again scrolls again. */
  followed: { snippet: string; turn: number } | undefined;
}

/** What can be said of a sentence's support in half a sentence. */
function standing(sentence: Sentence): string {
  if (sentence.origin === 'human' || sentence.status === 'edited') return "the radiologist's own words";
  if (sentence.flags.some((flag) => flag.code === 'incomplete')) return 'a field to be filled in';
  return supportWords[sentence.support].hint.toLowerCase();
}

/** What the sentence at hand rests on: its cited snippets, with title, source, licence, version and scores. */
export function EvidencePanel({ report, cited, sentence, followed }: Props) {
  const panel = useRef<HTMLElement>(null);
  const list = sentence ? sentence.citations.flatMap((c) => cited.get(c.snippet) ?? []) : [...cited.values()];

  useEffect(() => {
    if (!followed) return;
    const target = panel.current?.querySelector<HTMLElement>(
      `[data-snippet-id="${CSS.escape(followed.snippet)}"]`,
    );
    target?.scrollIntoView({ block: 'nearest' });
    target?.focus({ preventScroll: true });
  }, [followed]);

  return (
    <section ref={panel} className="evidence" aria-label="Evidence" data-testid="evidence-panel">
      <p className="quiet panel-note">
        {sentence
          ? `For the sentence at hand · ${standing(sentence)}`
          : `${plural(cited.size, 'snippet')} cited`}
      </p>
      {list.length === 0 && (
        <p className="quiet panel-note">
          {sentence
            ? 'This sentence cites nothing.'
            : `Nothing is cited${report.evidence.snippets.length > 0 ? '; what was retrieved is below.' : '.'}`}
        </p>
      )}
      <ProblemList problems={report.evidence.problems} told="could not be asked" one="dataset" />
      <ol>
        {list.map((c) => (
          <li
            key={c.snippet}
            tabIndex={-1}
            className={followed?.snippet === c.snippet ? 'snippet followed' : 'snippet'}
            aria-current={followed?.snippet === c.snippet ? 'true' : undefined}
            data-testid="evidence-snippet"
            data-snippet-id={c.snippet}
          >
            <span className="snippet-number">[{c.number}]</span>
            <div>
              <SnippetText snippet={c} />
            </div>
          </li>
        ))}
        {list.length === 0 &&
          !sentence &&
          report.evidence.snippets.map((s) => (
            <li
              key={s.id}
              tabIndex={-1}
              className="snippet"
              data-testid="evidence-snippet"
              data-snippet-id={s.id}
            >
              <span className="snippet-number">–</span>
              <div>
                <SnippetText snippet={s} />
              </div>
            </li>
          ))}
      </ol>
    </section>
  );
}
