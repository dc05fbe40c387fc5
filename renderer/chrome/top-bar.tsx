import type { WorklistRow } from '../../preload/values.js';
import { useSignedName } from '../session/access.js';
import { patientLine } from '../session/words.js';
import { Icon } from './icon.js';

export const views = ['Reading', 'Indices', 'Models', 'Users'] as const;
export type ViewName = (typeof views)[number];

interface Props {
  row: WorklistRow | undefined;
  view: ViewName;
  worklistShown: boolean;
  onView(view: ViewName): void;
  onWorklist(): void;
  onOpen(kind: 'files' | 'folder'): void;
  onHelp(): void;
  onLock(): void;
}

/** The slim bar over everything: whose study this is, opening, the views, and who is signed in. */
export function TopBar({ row, view, worklistShown, onView, onWorklist, onOpen, onHelp, onLock }: Props) {
  const signedName = useSignedName();
  return (
    <header className="top-bar">
      <button
        type="button"
        className="icon-button"
        aria-label="Worklist"
        aria-expanded={worklistShown}
        title="Worklist (B)"
        onClick={onWorklist}
      >
        <Icon name="list" />
      </button>
      <span className="app-name">Wetread</span>
      <p className="study-line" data-testid="study-line">
        {row ? (
          <>
            <strong>{patientLine(row.patient)}</strong>
            <span>
              {[
                row.date,
                row.description ?? row.modalities.join('/'),
                row.accession && `Accession ${row.accession}`,
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </>
        ) : (
          <span>No study open</span>
        )}
      </p>
      <nav className="views" aria-label="Views">
        {views.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === view ? 'page' : undefined}
            data-testid={`view-${name.toLowerCase()}`}
            onClick={() => onView(name)}
          >
            {name}
          </button>
        ))}
      </nav>
      <button type="button" data-testid="open-files" onClick={() => onOpen('files')}>
        <Icon name="file" /> Open files
      </button>
      <button type="button" data-testid="open-folder" onClick={() => onOpen('folder')}>
        <Icon name="folder" /> Open folder
      </button>
      <button type="button" className="icon-button" aria-label="Keys" title="Keys (?)" onClick={onHelp}>
        <Icon name="help" />
      </button>
      {signedName !== undefined && (
        <button
          type="button"
          className="who"
          aria-label={`${signedName}: lock`}
          title="Lock (Ctrl+L)"
          data-testid="lock"
          onClick={onLock}
        >
          <Icon name="final" /> <span>{signedName}</span>
        </button>
      )}
    </header>
  );
}
