import { type FormEvent, useState } from 'react';
import { type Evidence, IndexModality } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { DocumentDialog } from '../indices/document-dialog.js';
import { useDatasets } from '../session/datasets.js';
import { countOf, totalsOf } from '../session/knowledge-words.js';
import { SearchFilters } from './search-filters.js';
import { SearchResults } from './search-results.js';
import { emptyForm, filtersOf, type SearchForm, type useSearch } from './use-search.js';

const whatWasFound = ({ documents, snippets }: Evidence) =>
  `${countOf(documents.length, 'document')} and ${countOf(snippets.length, 'snippet')} found`;

/** A search over all indices of a modality. A filter that changes searches again. */
export function SearchView({ search: state }: { search: ReturnType<typeof useSearch> }) {
  const { form, setForm, found, searching, search } = state;
  const { list } = useDatasets();
  const [open, setOpen] = useState<{ dataset: string; document: string }>();
  const narrowed = filtersOf(form) !== undefined;

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void search(form);
  };
  const change = (part: Partial<SearchForm>) => {
    const next = { ...form, ...part };
    setForm(next);
    if (found) void search(next);
  };
  const documents = list.reduce((sum, d) => sum + totalsOf(d).documents, 0);

  return (
    <main className="pane search-pane" aria-label="Search">
      <h1 className="unseen">Search all indices</h1>
      <search>
        <form onSubmit={onSubmit}>
          <div className="search">
            <input
              id="index-query"
              type="search"
              aria-label="Search for"
              value={form.query}
              maxLength={2000}
              placeholder="What to look up, e.g. blunted costophrenic angle"
              data-testid="index-query"
              onChange={({ target }) => setForm({ ...form, query: target.value })}
            />
            <select
              aria-label="Modality"
              value={form.modality}
              data-testid="index-modality"
              onChange={({ target }) => change({ modality: IndexModality.parse(target.value) })}
            >
              {IndexModality.options.map((m) => (
                <option key={m}>{m}</option>
              ))}
            </select>
            <button type="submit" className="primary" aria-disabled={searching}>
              <Icon name="search" /> Search
            </button>
          </div>
          <div className="filter-row">
            <SearchFilters form={form} onChange={change} />
            {narrowed && (
              <button
                type="button"
                className="quiet-button"
                data-testid="clear-filters"
                onClick={() => change({ ...emptyForm, query: form.query, modality: form.modality })}
              >
                <Icon name="reject" /> Clear filters
              </button>
            )}
          </div>
        </form>
      </search>
      <p className="unseen" role="status">
        {searching ? 'Searching' : found && whatWasFound(found)}
      </p>
      <div aria-busy={searching} className={searching ? 'stale' : undefined}>
        {found ? (
          <SearchResults found={found} onOpen={(dataset, document) => setOpen({ dataset, document })} />
        ) : (
          <div className="found-nothing">
            <p className="quiet">
              {countOf(documents, 'document')} in {countOf(list.length, 'dataset')}. Drafts cite them,
              questions are answered from them, and images are compared with theirs.
            </p>
          </div>
        )}
      </div>
      {open && <DocumentDialog {...open} onClose={() => setOpen(undefined)} />}
    </main>
  );
}
