import { useState } from 'react';
import type { Report, Section, Sentence } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import type { Cited } from '../evidence/numbering.js';
import { type SentenceActions, SentenceRow } from './sentence-row.js';
import { TextBox } from './text-box.js';

const titles: Record<Section, string> = { findings: 'Findings', impression: 'Impression' };

interface Props {
  section: Section;
  report: Report;
  cited: Map<string, Cited>;
  current: string | undefined;
  entered: string | undefined;
  readOnly: boolean;
  actionsFor(sentence: Sentence): Omit<SentenceActions, 'addAfter'>;
  register(id: string, row: HTMLLIElement | null): void;
  onAdd(section: Section, after: string | null, text: string): void;
}

/** One section of the report, with a place to write a sentence of one's own. */
export function ReportSection(props: Props) {
  const { section, report, cited, current, entered, readOnly, actionsFor, register, onAdd } = props;
  const [addingAfter, setAddingAfter] = useState<string | null>();
  const sentences = report.sentences.filter((s) => s.section === section);
  const last = sentences.at(-1)?.id ?? null;

  const box = (after: string | null) => (
    <li key="new" className="sentence new">
      <TextBox
        label={`New sentence in ${titles[section]}`}
        start=""
        onSave={(text) => {
          setAddingAfter(undefined);
          onAdd(section, after, text);
        }}
        onCancel={() => setAddingAfter(undefined)}
      />
    </li>
  );

  return (
    <section className="report-section" aria-label={titles[section]}>
      <div className="section-head">
        <h2>{titles[section]}</h2>
        {!readOnly && (
          <button
            type="button"
            className="quiet-button"
            title="Add a sentence (N)"
            data-testid={`add-${section}`}
            onClick={() => setAddingAfter(last)}
          >
            <Icon name="add" /> Add sentence
          </button>
        )}
      </div>
      <ul>
        {sentences.length === 0 && addingAfter === undefined && (
          <li className="quiet empty-section">No sentence yet.</li>
        )}
        {addingAfter === null && box(null)}
        {sentences.flatMap((sentence) => {
          const row = (
            <SentenceRow
              key={sentence.id}
              ref={(element) => register(sentence.id, element)}
              sentence={sentence}
              cited={cited}
              current={current === sentence.id}
              entered={entered === sentence.id}
              readOnly={readOnly}
              actions={{ ...actionsFor(sentence), addAfter: () => setAddingAfter(sentence.id) }}
            />
          );
          return addingAfter === sentence.id ? [row, box(sentence.id)] : [row];
        })}
      </ul>
    </section>
  );
}
