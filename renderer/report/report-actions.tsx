import type { Report } from '../../preload/values.js';
import { CallButton } from '../chrome/call-button.js';
import { Icon } from '../chrome/icon.js';
import { openFlagCount, plural, stateWords } from '../session/words.js';

interface Props {
  report: Report;
  onPreliminary(): void;
  onSign(): void;
  onAddendum(): void;
  onDraftAgain(): void;
  onExport(format: 'text' | 'fhir'): void;
}

/** The report's state and what can be done with it as a whole. */
export function ReportActions({ report, onPreliminary, onSign, onAddendum, onDraftAgain, onExport }: Props) {
  const state = stateWords[report.state];
  const flags = openFlagCount(report);
  const final = report.state === 'final';
  const untouched = report.sentences.every((s) => s.status === 'proposed');
  return (
    <header className="report-head">
      <div className="report-title">
        <h1>Report</h1>
        <span
          className={`state ${report.state}`}
          data-testid="state"
          data-state={report.state}
          title={state.hint}
        >
          <Icon name={state.icon} /> {state.word}
        </span>
        {!final && (
          <span
            className={flags > 0 ? 'open-flags' : 'open-flags none'}
            id="open-flags"
            data-testid="open-flags"
            data-count={flags}
          >
            <Icon name={flags > 0 ? 'flag' : 'accept'} />
            {flags > 0 ? plural(flags, 'open flag') : 'No open flag'}
          </span>
        )}
      </div>
      <div className="report-buttons">
        {report.state === 'draft' && (
          <CallButton call="report.toPreliminary" data-testid="preliminary-button" onClick={onPreliminary}>
            Make preliminary
          </CallButton>
        )}
        {!final && (
          <CallButton
            call="report.sign"
            className={flags > 0 ? 'primary held' : 'primary'}
            data-testid="sign-button"
            aria-describedby="open-flags"
            data-held={flags > 0}
            title={flags > 0 ? `Held back by ${plural(flags, 'open flag')}` : 'Sign the report'}
            onClick={onSign}
          >
            <Icon name="final" /> Sign
          </CallButton>
        )}
        {final && (
          <CallButton call="report.addendum" data-testid="addendum-button" onClick={onAddendum}>
            <Icon name="add" /> Addendum
          </CallButton>
        )}
        {report.state === 'draft' && untouched && (
          <CallButton call="report.draft" data-testid="draft-button" onClick={onDraftAgain}>
            Draft again
          </CallButton>
        )}
        <span className="exports">
          <CallButton
            call="report.export"
            data-testid="export-text"
            title="Export as text"
            onClick={() => onExport('text')}
          >
            <Icon name="export" /> Text
          </CallButton>
          <CallButton
            call="report.export"
            data-testid="export-fhir"
            title="Export as FHIR R4 DiagnosticReport"
            onClick={() => onExport('fhir')}
          >
            <Icon name="export" /> FHIR
          </CallButton>
        </span>
      </div>
    </header>
  );
}
