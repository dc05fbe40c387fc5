import { useEffect, useState } from 'react';
import type { Progress } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { useShortcuts } from '../chrome/shortcuts.js';
import { ImportView } from '../import/import-view.js';
import { Interrupted } from '../import/interrupted.js';
import { SearchView } from '../search/search-view.js';
import type { useSearch } from '../search/use-search.js';
import { useDatasets } from '../session/datasets.js';
import type { Imports } from '../session/imports.js';
import { useNotices } from '../session/notices.js';
import { AddDialog } from './add-dialog.js';
import { DatasetRail } from './dataset-rail.js';
import { DatasetView } from './dataset-view.js';

/** What the view shows beside the list of datasets; it is kept while the user reads. */
export type IndicesPlace = { show: 'search' } | { show: 'import' } | { show: 'dataset'; id: string };

interface Props {
  imports: Imports;
  search: ReturnType<typeof useSearch>;
  place: IndicesPlace;
  taskOf(task: string | undefined): Progress | undefined;
  onPlace(place: IndicesPlace): void;
}

/** The knowledge that drafts, questions and similar cases draw on: datasets, their documents, imports, and a search over all. */
export function IndicesView({ imports, search, place, taskOf, onPlace }: Props) {
  const { fail } = useNotices();
  const { list, known, read } = useDatasets();
  useEffect(() => void read(), [read]);
  const [adding, setAdding] = useState<'own' | 'shared'>();

  const choose = async (kind: 'files' | 'folder', dataset?: string) => {
    try {
      const paths = await bridge().app('app.choosePaths', { kind });
      if (paths.length === 0) return;
      imports.begin(paths, dataset);
      onPlace({ show: 'import' });
    } catch (thrown) {
      fail(thrown);
    }
  };
  useShortcuts({
    '/': () => {
      onPlace({ show: 'search' });
      requestAnimationFrame(() => document.getElementById('index-query')?.focus());
    },
  });

  const dataset = place.show === 'dataset' ? list.find((d) => d.id === place.id) : undefined;
  const importing = place.show === 'import' && imports.plan !== undefined;
  return (
    <div className="indices">
      <DatasetRail
        datasets={list}
        known={known}
        chosen={dataset?.id}
        searching={!dataset && !importing}
        importing={imports.plan ? { shown: importing, running: imports.running !== undefined } : undefined}
        onSearch={() => onPlace({ show: 'search' })}
        onChoose={(id) => onPlace({ show: 'dataset', id })}
        onNew={() => setAdding('own')}
        onShare={() => setAdding('shared')}
        onImport={(kind) => void choose(kind)}
        onImporting={() => onPlace({ show: 'import' })}
      />
      <div className="indices-main">
        {!imports.running && (
          <Interrupted
            requests={imports.interrupted}
            onResume={(request) => {
              onPlace({ show: 'import' });
              void imports.resume(request);
            }}
            onForget={(id) => void imports.forget(id)}
          />
        )}
        {importing ? (
          <ImportView
            imports={imports}
            taskOf={taskOf}
            onOpen={(id) => {
              imports.close();
              onPlace({ show: 'dataset', id });
            }}
          />
        ) : dataset ? (
          <DatasetView
            key={dataset.id}
            dataset={dataset}
            taskOf={taskOf}
            onImport={(kind) => void choose(kind, dataset.id)}
            onRemoved={() => onPlace({ show: 'search' })}
          />
        ) : (
          <SearchView search={search} />
        )}
      </div>
      {adding && (
        <AddDialog
          kind={adding}
          onAdded={(id) => {
            void read();
            onPlace({ show: 'dataset', id });
          }}
          onClose={() => setAdding(undefined)}
        />
      )}
    </div>
  );
}
