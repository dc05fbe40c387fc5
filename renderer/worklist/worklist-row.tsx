import type { WorklistRow } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { patientLine, plural, stateWords } from '../session/words.js';

interface Props {
  row: WorklistRow;
  id: string;
  selected: boolean;
  active: boolean;
  onOpen(): void;
}

/** A study of the worklist and how far its report is. */
export function WorklistRowItem({ row, id, selected, active, onOpen }: Props) {
  const state = row.report && stateWords[row.report.state];
  const flags = row.report?.openFlags ?? 0;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box takes the keys for its options
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      className={`row${active ? ' active' : ''}`}
      data-testid="worklist-row"
      data-study={row.study}
      data-state={row.report?.state ?? 'none'}
      onClick={onOpen}
    >
      <span className="row-patient" title={patientLine(row.patient)}>
        {patientLine(row.patient)}
      </span>
      <span className="row-study">
        {[row.modalities.join('/'), row.description ?? row.bodyPart].filter(Boolean).join(' · ')}
      </span>
      <span className="row-date">
        {row.date ?? 'No date'} · {plural(row.images, 'image')}
      </span>
      <span className="row-report">
        {state ? (
          <>
            <Icon name={state.icon} /> {state.word}
          </>
        ) : (
          <>
            <Icon name="none" /> No report
          </>
        )}
        {flags > 0 && (
          <span className="row-flags">
            <Icon name="flag" /> {plural(flags, 'flag')}
          </span>
        )}
        {row.problems > 0 && (
          <span className="row-flags">
            <Icon name="info" /> {plural(row.problems, 'problem')}
          </span>
        )}
      </span>
    </div>
  );
}
