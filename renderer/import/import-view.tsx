import type { Progress } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { useDatasetTitle } from '../session/datasets.js';
import type { Imports } from '../session/imports.js';
import { ImportOutcome } from './import-outcome.js';
import { ImportPreviewView } from './import-preview.js';
import { ImportProgress } from './import-progress.js';
import { ImportSetup } from './import-setup.js';

interface Props {
  imports: Imports;
  taskOf(task: string | undefined): Progress | undefined;
  onOpen(dataset: string): void;
}

/** What still keeps an import from being started, in a sentence; empty when nothing does. */
export function whatIsMissing({ plan, preview }: Pick<Imports, 'plan' | 'preview'>): string {
  if (!plan || plan.paths.length === 0) return 'Choose files or a folder.';
  if (plan.dataset === null && plan.title.trim() === '') return 'Name the new dataset.';
  if (plan.mapping?.sections.length === 0) return 'Use at least one column as text.';
  if (preview?.state === 'failed') return 'The files cannot be read.';
  const documents = preview?.state === 'ready' ? (preview.value?.documents ?? []) : [];
  if (!plan.modality && documents.length > 0 && documents.every((d) => d.modality === undefined))
    return 'Choose the modality: these files do not say it.';
  return '';
}

/** An import from the choice of files to its result. */
export function ImportView({ imports, taskOf, onOpen }: Props) {
  const { plan, preview, running, outcome } = imports;
  const titleOf = useDatasetTitle();
  if (!plan) return null;
  const missing = whatIsMissing(imports);
  const close = () => imports.close();
  return (
    <main className="pane import" aria-label="Import" data-testid="import">
      <header className="pane-head">
        <h1>Import</h1>
        <p className="pane-lead quiet">
          Text, Markdown, PDF, DOCX, CSV, JSONL, DICOM SR, FHIR and folders of images with reports. Names,
          dates, numbers and places are removed before anything is stored.
        </p>
      </header>
      {running ? (
        <ImportProgress
          progress={taskOf(running.task)}
          cancelling={running.cancelling}
          onCancel={imports.cancel}
        />
      ) : outcome?.kind === 'done' ? (
        <ImportOutcome
          result={outcome.result}
          seconds={outcome.seconds}
          title={titleOf(outcome.result.dataset)}
          onOpen={() => onOpen(outcome.result.dataset)}
          onClose={close}
        />
      ) : (
        <>
          {outcome && (
            <p className="refused" role="alert" data-testid="import-stopped">
              <Icon name={outcome.kind === 'stopped' ? 'info' : 'flag'} />
              {outcome.kind === 'stopped'
                ? 'Stopped. What was stored stays; import again to go on from there.'
                : outcome.message}
            </p>
          )}
          <ImportSetup plan={plan} onChange={imports.change} />
          <ImportPreviewView
            preview={preview}
            progress={taskOf(preview?.task)}
            mapping={plan.mapping}
            onMapping={(mapping) => imports.change({ mapping })}
          />
          <footer className="pane-foot">
            <span className="quiet" role="status">
              {missing}
            </span>
            <button type="button" onClick={close}>
              Discard
            </button>
            <button
              type="button"
              className="primary"
              disabled={missing !== ''}
              data-testid="import-start"
              onClick={() => void imports.start()}
            >
              <Icon name="import" /> Import
            </button>
          </footer>
        </>
      )}
    </main>
  );
}
