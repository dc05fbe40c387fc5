import { useState } from 'react';
import type { Dataset, Progress } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { CallButton } from '../chrome/call-button.js';
import { ConfirmDialog } from '../chrome/confirm-dialog.js';
import { Icon } from '../chrome/icon.js';
import { ProgressLine } from '../chrome/progress-line.js';
import { panelOf, Tabs } from '../chrome/tabs.js';
import { useDatasets } from '../session/datasets.js';
import { countOf, kindOfDataset, totalsOf } from '../session/knowledge-words.js';
import { useNotices } from '../session/notices.js';
import { whenText } from '../session/words.js';
import { DatasetSigner } from './dataset-signer.js';
import { DatasetState } from './dataset-state.js';
import { Documents } from './documents.js';
import { ModalityTable } from './modality-table.js';
import { PublishDialog } from './publish-dialog.js';
import { TrustKnowledge } from './trust-knowledge.js';
import { TrustPublisher } from './trust-publisher.js';
import { Versions } from './versions.js';

const tabs = [
  { id: 'documents', title: 'Documents' },
  { id: 'versions', title: 'Versions' },
] as const;

interface Props {
  dataset: Dataset;
  taskOf(task: string | undefined): Progress | undefined;
  onImport(kind: 'files' | 'folder'): void;
  onRemoved(): void;
}

/** One dataset: its state, what it holds, its documents and versions, and what can be done with it as a whole. */
export function DatasetView({ dataset, taskOf, onImport, onRemoved }: Props) {
  const { say, fail } = useNotices();
  const { read } = useDatasets();
  const [tab, setTab] = useState<(typeof tabs)[number]['id']>('documents');
  const [asking, setAsking] = useState<'remove' | 'publish'>();
  const [task, setTask] = useState<string>();
  const kind = kindOfDataset[dataset.kind];
  const refreshable = dataset.kind === 'shared' || ['damaged', 'outdated', 'away'].includes(dataset.state);
  const totals = totalsOf(dataset);

  /** Runs what takes its time and has a progress, and tells how it went. */
  const run = async (kind: 'refresh' | 'publish', work: (task: string) => Promise<string>) => {
    const name = `${kind}-${crypto.randomUUID()}`;
    setTask(name);
    try {
      say(await work(name));
      await read();
    } catch (thrown) {
      fail(thrown);
    } finally {
      setTask(undefined);
    }
  };
  const refresh = () =>
    run('refresh', async (name) => {
      await bridge().call('dataset.refresh', { dataset: dataset.id, task: name });
      return `${dataset.title} is up to date.`;
    });
  const publish = (location: string) =>
    run('publish', async (name) => {
      const input = { dataset: dataset.id, location, task: name };
      const { fingerprint } = await bridge().call('dataset.publish', input);
      return `${dataset.title} is shared at ${location}, signed by your key ${fingerprint}.`;
    });
  const remove = async () => {
    await bridge().call('dataset.remove', { dataset: dataset.id });
    say(`${dataset.title} was ${dataset.kind === 'shared' ? 'forgotten' : 'deleted'}.`);
    onRemoved();
    await read();
  };

  return (
    <main className="pane" aria-label={dataset.title} data-testid="dataset-view" data-dataset={dataset.id}>
      <header className="pane-head dataset-head">
        <div>
          <h1>{dataset.title}</h1>
          <p className="dataset-facts">
            <DatasetState state={dataset.state} />
            <span title={kind.hint}>
              <Icon name={kind.icon} /> {kind.word}
            </span>
            {dataset.version > 0 && <span>Version {dataset.version}</span>}
            <span>{dataset.builtAt ? `Built ${whenText(dataset.builtAt)}` : 'Not built yet'}</span>
            {dataset.kind === 'shared' && <DatasetSigner dataset={dataset} />}
            <span className="location" title={dataset.location}>
              {dataset.location}
            </span>
          </p>
        </div>
        <div className="head-actions">
          {dataset.kind === 'own' && (
            <>
              <CallButton call="import.run" data-testid="import-here" onClick={() => onImport('files')}>
                <Icon name="import" /> Import files
              </CallButton>
              <CallButton call="import.run" onClick={() => onImport('folder')}>
                <Icon name="folder" /> Import folder
              </CallButton>
            </>
          )}
          {dataset.kind === 'own' && dataset.version > 0 && (
            <CallButton
              call="dataset.publish"
              data-testid="publish"
              disabled={task !== undefined}
              onClick={() => setAsking('publish')}
            >
              <Icon name="share" /> Share
            </CallButton>
          )}
          {dataset.kind === 'authored' && dataset.state === 'untrusted' && <TrustKnowledge />}
          {dataset.offered !== undefined && (
            <TrustPublisher dataset={dataset} offered={dataset.offered} onTrusted={() => void refresh()} />
          )}
          {refreshable && (
            <CallButton
              call="dataset.refresh"
              data-testid="refresh"
              disabled={task !== undefined}
              onClick={() => void refresh()}
            >
              <Icon name="refresh" /> Refresh
            </CallButton>
          )}
          {dataset.kind !== 'authored' && (
            <CallButton
              call="dataset.remove"
              data-testid="remove-dataset"
              onClick={() => setAsking('remove')}
            >
              <Icon name="trash" /> {dataset.kind === 'shared' ? 'Forget' : 'Delete'}
            </CallButton>
          )}
        </div>
      </header>
      {task !== undefined && (
        <ProgressLine
          progress={taskOf(task) ?? { task, label: 'Working', done: 0, total: 0 }}
          onCancel={() => void bridge().call('task.cancel', { task })}
        />
      )}
      {dataset.message && (
        <p className="dataset-message" role="note" data-testid="dataset-message">
          <Icon name="info" /> {dataset.message}
        </p>
      )}
      {dataset.modalities.length > 0 && <ModalityTable dataset={dataset} />}
      <Tabs label={dataset.title} name="dataset" tabs={tabs} chosen={tab} onChoose={(id) => setTab(id)} />
      <div {...panelOf('dataset', tab)} className="dataset-panel">
        {tab === 'documents' ? <Documents dataset={dataset} /> : <Versions dataset={dataset} />}
      </div>
      {asking === 'publish' && (
        <PublishDialog
          dataset={dataset}
          onPublish={(location) => void publish(location)}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'remove' && (
        <ConfirmDialog
          title={dataset.kind === 'shared' ? `Forget ${dataset.title}?` : `Delete ${dataset.title}?`}
          action={dataset.kind === 'shared' ? 'Forget' : 'Delete'}
          onConfirm={remove}
          onClose={() => setAsking(undefined)}
        >
          {dataset.kind === 'shared' ? (
            <p>
              The copy on this workstation is deleted and nothing of it is searched any more. What lies at{' '}
              {dataset.location} stays as it is.
            </p>
          ) : (
            <p>
              Its {countOf(totals.documents, 'document')}, {countOf(totals.images, 'image')} and all{' '}
              {countOf(dataset.version, 'version')} are deleted from this workstation.{' '}
              <strong>This cannot be undone.</strong> The files they were read from stay.
            </p>
          )}
        </ConfirmDialog>
      )}
    </main>
  );
}
