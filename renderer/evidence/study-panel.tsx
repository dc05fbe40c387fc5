import { type ReactNode, type RefObject, useState } from 'react';
import { AskPanel } from '../ask/ask-panel.js';
import { SimilarCases } from '../cases/similar-cases.js';
import { Icon } from '../chrome/icon.js';
import { panelOf, Tabs } from '../chrome/tabs.js';
import { DeidentifyDialog } from '../deidentify/deidentify-dialog.js';
import type { CasesState } from '../session/cases.js';
import type { Question } from '../session/question.js';

export const panelTabs = [
  { id: 'evidence', title: 'Evidence', shortcut: 'V' },
  { id: 'cases', title: 'Similar cases', shortcut: 'C' },
  { id: 'ask', title: 'Ask', shortcut: 'Q' },
] as const;
export type PanelTab = (typeof panelTabs)[number]['id'];

export interface Panel {
  study: string;
  tab: PanelTab;
  cases: CasesState;
  question: Question;
  input: RefObject<HTMLInputElement | null>;
  onTab(tab: PanelTab): void;
}

/** What stands beside the report of a study: its evidence, earlier cases that look alike, and what the indices say to a question. */
export function StudyPanel({ panel, evidence }: { panel: Panel; evidence: ReactNode }) {
  const { study, tab, cases, question, input, onTab } = panel;
  const [large, setLarge] = useState(false);
  const [copying, setCopying] = useState(false);
  return (
    <section
      className={`study-panel ${tab}${large ? ' large' : ''}`}
      aria-label="Evidence, similar cases, questions"
    >
      <header>
        <Tabs label="Beside the report" name="beside" tabs={panelTabs} chosen={tab} onChoose={onTab} />
        <button
          type="button"
          className="icon-button small"
          aria-label="De-identified copy…"
          title="De-identified copy…"
          data-testid="deidentify-open"
          onClick={() => setCopying(true)}
        >
          <Icon name="export" />
        </button>
        <button
          type="button"
          className="icon-button small"
          aria-label={large ? 'Smaller' : 'Larger'}
          aria-pressed={large}
          title={large ? 'Smaller' : 'Larger'}
          onClick={() => setLarge(!large)}
        >
          <Icon name={large ? 'smaller' : 'larger'} />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the panel scrolls by keyboard */}
      <div {...panelOf('beside', tab)} className="panel-scroll" tabIndex={0}>
        {tab === 'evidence' && evidence}
        {tab === 'cases' && <SimilarCases state={cases} />}
        {tab === 'ask' && <AskPanel question={question} input={input} />}
      </div>
      {copying && <DeidentifyDialog study={study} onClose={() => setCopying(false)} />}
    </section>
  );
}
