import type { ImportMapping, Progress } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { ProgressLine } from '../chrome/progress-line.js';
import type { PreviewState } from '../session/imports.js';
import { countText } from '../session/knowledge-words.js';
import { ImportProblems } from './import-problems.js';
import { MappingTable } from './mapping-table.js';
import { PreviewDocument } from './preview-document.js';

/** "text files with images" of two of the kind "text with images". */
export const filesOf = (kind: string, count: number): string =>
  kind.replace(/^(.*?)( with images)?$/, `$1 ${count === 1 ? 'file' : 'files'}$2`);

interface Props {
  preview: PreviewState | undefined;
  progress: Progress | undefined;
  /** As changed by the user; until then the guessed one is shown. */
  mapping: ImportMapping | undefined;
  onMapping(mapping: ImportMapping): void;
}

/** What an import would read and what it would remove, before anything is stored. */
export function ImportPreviewView({ preview, progress, mapping, onMapping }: Props) {
  if (!preview) return null;
  const { state, value, task, message } = preview;
  const table = value?.tables[0];
  const files = value?.files.filter((f) => f.count > 0) ?? [];
  return (
    <section
      className="import-preview"
      aria-label="Preview"
      aria-busy={state === 'reading'}
      data-testid="import-preview"
      data-state={state}
    >
      <h2>What would be read</h2>
      {state === 'reading' && (
        <ProgressLine
          progress={progress ?? { task: task ?? '', label: 'Reading the first files', done: 0, total: 0 }}
        />
      )}
      {state === 'failed' && (
        <p className="refused" role="alert">
          <Icon name="flag" /> {message}
        </p>
      )}
      {value && (
        <div className={state === 'reading' ? 'stale' : undefined}>
          {files.length > 0 ? (
            <ul className="file-kinds" aria-label="Files found">
              {files.map(({ kind, count }) => (
                <li key={kind}>
                  <strong>{countText(count)}</strong> {filesOf(kind, count)}
                </li>
              ))}
            </ul>
          ) : (
            <p className="quiet">No file that can be read was found there.</p>
          )}
          <ImportProblems problems={value.problems} told="cannot be read" />
          {table && (
            <MappingTable
              table={mapping ? { ...table, mapping } : table}
              others={value.tables.length - 1}
              onChange={onMapping}
            />
          )}
          {value.documents.length > 0 && (
            <section aria-label="First documents">
              <h3 className="first-documents">The first documents, with what will be removed</h3>
              {value.documents.map((document) => (
                <PreviewDocument key={`${document.file} ${document.title}`} document={document} />
              ))}
            </section>
          )}
        </div>
      )}
    </section>
  );
}
