import type { Dataset } from '../../preload/values.js';
import { CallButton } from '../chrome/call-button.js';
import { Icon } from '../chrome/icon.js';
import { countOf, kindOfDataset, totalsOf } from '../session/knowledge-words.js';
import { DatasetState } from './dataset-state.js';

interface Props {
  datasets: Dataset[];
  known: boolean;
  /** Id of the one that is shown; undefined: the search. */
  chosen: string | undefined;
  searching: boolean;
  /** The import that is planned or runs, and whether it is what is shown. */
  importing: { shown: boolean; running: boolean } | undefined;
  onSearch(): void;
  onChoose(dataset: string): void;
  onNew(): void;
  onShare(): void;
  onImport(kind: 'files' | 'folder'): void;
  onImporting(): void;
}

/** All datasets, with the ways to a new one. */
export function DatasetRail(props: Props) {
  const { datasets, known, chosen, searching, importing } = props;
  const { onSearch, onChoose, onNew, onShare, onImport, onImporting } = props;
  return (
    <nav className="rail" aria-label="Datasets">
      <button
        type="button"
        className="rail-search"
        aria-current={searching ? 'page' : undefined}
        data-testid="rail-search"
        title="Search all indices (/)"
        onClick={onSearch}
      >
        <Icon name="search" /> Search all indices
      </button>
      {importing && (
        <button
          type="button"
          className="rail-search"
          aria-current={importing.shown ? 'page' : undefined}
          data-testid="rail-import"
          onClick={onImporting}
        >
          <Icon name="import" /> {importing.running ? 'Import running' : 'Import'}
        </button>
      )}
      <header>
        <h2>Datasets</h2>
        <span className="quiet">{known && datasets.length}</span>
      </header>
      <ul>
        {datasets.map((d) => {
          const totals = totalsOf(d);
          const kind = kindOfDataset[d.kind];
          return (
            <li key={d.id}>
              <button
                type="button"
                className="dataset"
                aria-current={d.id === chosen ? 'page' : undefined}
                data-testid="dataset"
                data-dataset={d.id}
                data-kind={d.kind}
                data-state={d.state}
                onClick={() => onChoose(d.id)}
              >
                <span className="dataset-title" title={d.title}>
                  {d.title}
                </span>
                <span className="dataset-kind" title={kind.hint}>
                  <Icon name={kind.icon} /> {kind.word}
                </span>
                <span className="dataset-line">
                  <DatasetState state={d.state} />
                  <span>{countOf(totals.documents, 'document')}</span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      <footer>
        <p className="quiet">Drop files or folders here to import them, or choose:</p>
        <div className="pair">
          <CallButton call="import.run" data-testid="import-files" onClick={() => onImport('files')}>
            <Icon name="import" /> Files
          </CallButton>
          <CallButton call="import.run" data-testid="import-folder" onClick={() => onImport('folder')}>
            <Icon name="import" /> Folder
          </CallButton>
        </div>
        <CallButton call="dataset.add" className="quiet-button" data-testid="new-dataset" onClick={onNew}>
          <Icon name="add" /> New dataset
        </CallButton>
        <CallButton call="dataset.add" className="quiet-button" data-testid="add-shared" onClick={onShare}>
          <Icon name="share" /> Add a shared dataset
        </CallButton>
      </footer>
    </nav>
  );
}
