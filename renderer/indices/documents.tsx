import { useCallback, useEffect, useState } from 'react';
import type { CallOutput } from '../../preload/calls.js';
import type { Dataset } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { CallButton } from '../chrome/call-button.js';
import { ConfirmDialog } from '../chrome/confirm-dialog.js';
import { Icon } from '../chrome/icon.js';
import { useDatasets } from '../session/datasets.js';
import { countOf, countText } from '../session/knowledge-words.js';
import { useNotices } from '../session/notices.js';
import { DocumentList } from './document-list.js';
import { DocumentReader } from './document-reader.js';

const pageSize = 25;
/** While the user types, the engine is not asked for every letter. */
const typingMs = 200;

/** The documents of a dataset: searched, paged, read, and where they are its own deleted. */
export function Documents({ dataset }: { dataset: Dataset }) {
  const { say, fail } = useNotices();
  const { read: readDatasets } = useDatasets();
  const [query, setQuery] = useState('');
  const [offset, setOffset] = useState(0);
  const [page, setPage] = useState<CallOutput<'dataset.documents'>>();
  const [open, setOpen] = useState<string>();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [deleting, setDeleting] = useState(false);
  const own = dataset.kind === 'own';
  const { id, version, state } = dataset;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version or state holds other documents
  useEffect(() => {
    let live = true;
    const text = query.trim();
    const timer = setTimeout(
      () =>
        bridge()
          .call('dataset.documents', { dataset: id, offset, limit: pageSize, ...(text && { query: text }) })
          .then(
            (value) => live && setPage(value),
            (thrown: unknown) => live && fail(thrown),
          ),
      text ? typingMs : 0,
    );
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [id, version, state, query, offset, fail]);

  const tick = useCallback((document: string, on: boolean) => {
    setTicked((old) => {
      const next = new Set(old);
      if (on) next.add(document);
      else next.delete(document);
      return next;
    });
  }, []);

  const remove = async () => {
    await bridge().call('dataset.deleteDocuments', { dataset: id, documents: [...ticked] });
    say(`Deleted ${countOf(ticked.size, 'document')}. The version before can be brought back.`);
    setTicked(new Set());
    if (open !== undefined && ticked.has(open)) setOpen(undefined);
    setOffset(0);
    await readDatasets();
  };

  const documents = page?.documents ?? [];
  const total = page?.total ?? 0;
  const nothing = page !== undefined && total === 0 && query.trim() === '';
  const allTicked = documents.length > 0 && documents.every((d) => ticked.has(d.id));
  return (
    <div className={open === undefined ? 'documents-view' : 'documents-view reading-one'}>
      <div className="documents-side">
        <div className="documents-bar" hidden={nothing}>
          <input
            type="search"
            aria-label="Search the documents"
            placeholder="Search the documents"
            value={query}
            maxLength={2000}
            data-testid="documents-query"
            onChange={({ target }) => {
              setQuery(target.value);
              setOffset(0);
            }}
          />
          {own && documents.length > 0 && (
            <label className="choice">
              <input
                type="checkbox"
                checked={allTicked}
                onChange={({ target }) => {
                  for (const d of documents) tick(d.id, target.checked);
                }}
              />
              All on this page
            </label>
          )}
          {ticked.size > 0 && (
            <CallButton
              call="dataset.deleteDocuments"
              className="small"
              data-testid="delete-documents"
              onClick={() => setDeleting(true)}
            >
              <Icon name="trash" /> Delete {countText(ticked.size)}
            </CallButton>
          )}
        </div>
        {page && documents.length === 0 && (
          <p className="quiet none-here">
            {!nothing
              ? 'No document has these words.'
              : own
                ? 'No documents yet. Drop files or folders anywhere here, or import them with the buttons above.'
                : 'It holds no documents.'}
          </p>
        )}
        <DocumentList
          documents={documents}
          open={open}
          ticked={own ? ticked : undefined}
          onOpen={(document) => setOpen(document === open ? undefined : document)}
          onTick={tick}
        />
        {total > pageSize && (
          <nav className="pager" aria-label="Pages">
            <button
              type="button"
              className="small"
              disabled={offset === 0}
              data-testid="page-before"
              onClick={() => setOffset(Math.max(0, offset - pageSize))}
            >
              Newer
            </button>
            <span className="quiet" role="status">
              {countText(offset + 1)}–{countText(Math.min(total, offset + pageSize))} of {countText(total)}
            </span>
            <button
              type="button"
              className="small"
              disabled={offset + pageSize >= total}
              data-testid="page-after"
              onClick={() => setOffset(offset + pageSize)}
            >
              Older
            </button>
          </nav>
        )}
      </div>
      {open !== undefined && (
        <aside className="reader" aria-label="Document">
          <button type="button" className="quiet-button close" onClick={() => setOpen(undefined)}>
            <Icon name="reject" /> Close
          </button>
          <DocumentReader dataset={id} document={open} />
        </aside>
      )}
      {deleting && (
        <ConfirmDialog
          title={`Delete ${countOf(ticked.size, 'document')}?`}
          action="Delete"
          onConfirm={remove}
          onClose={() => setDeleting(false)}
        >
          <p>
            They are no longer searched or cited. The dataset gets a new version; this one can be brought back
            under Versions.
          </p>
        </ConfirmDialog>
      )}
    </div>
  );
}
