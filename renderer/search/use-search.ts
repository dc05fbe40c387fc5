import { useCallback, useRef, useState } from 'react';
import type { Evidence, IndexModality, Polarity, SearchFilters, View } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { useNotices } from '../session/notices.js';

/** The search as it stands in its form; empty texts are filters that are not set. */
export interface SearchForm {
  query: string;
  modality: IndexModality;
  bodyRegion: string;
  view: Exclude<View, 'unknown'> | '';
  finding: string;
  polarity: Polarity | '';
  ageFrom: string;
  ageTo: string;
  sex: 'M' | 'F' | 'O' | '';
  kind: 'articles' | 'reports' | '';
  dataset: string;
}

export const emptyForm: SearchForm = {
  query: '',
  modality: 'XR',
  bodyRegion: '',
  view: '',
  finding: '',
  polarity: '',
  ageFrom: '',
  ageTo: '',
  sex: '',
  kind: '',
  dataset: '',
};

/** Nobody is older; an age from … without a limit goes this far. */
const oldest = 150;

/** The filters of a form; undefined where none is set. */
export function filtersOf(form: SearchForm): SearchFilters | undefined {
  const { bodyRegion, view, finding, polarity, ageFrom, ageTo, sex, kind, dataset } = form;
  const [from, to] = [ageFrom, ageTo].map((text) =>
    /^\d{1,3}$/.test(text.trim()) ? Number(text) : undefined,
  );
  const filters: SearchFilters = {
    ...(bodyRegion && { bodyRegion }),
    ...(view && { view }),
    ...(finding && { finding }),
    ...(polarity && { polarity }),
    ...((from !== undefined || to !== undefined) && {
      ageYears: [Math.min(from ?? 0, to ?? oldest), Math.max(from ?? 0, to ?? oldest)],
    }),
    ...(sex && { sex }),
    ...(kind && { kind }),
    ...(dataset && { datasets: [dataset] }),
  };
  return Object.keys(filters).length > 0 ? filters : undefined;
}

/** The search over all indices, kept while another view is shown. */
export function useSearch() {
  const { fail } = useNotices();
  const [form, setForm] = useState(emptyForm);
  const [found, setFound] = useState<Evidence>();
  const [searching, setSearching] = useState(false);
  const turn = useRef(0);

  const search = useCallback(
    async (asked: SearchForm) => {
      const query = asked.query.trim();
      if (query === '') return;
      const mine = ++turn.current;
      setSearching(true);
      try {
        const evidence = await bridge().call('index.search', {
          query,
          modality: asked.modality,
          filters: filtersOf(asked),
        });
        // An answer that comes after that of a later question is not shown.
        if (mine === turn.current) setFound(evidence);
      } catch (thrown) {
        if (mine === turn.current) fail(thrown);
      } finally {
        if (mine === turn.current) setSearching(false);
      }
    },
    [fail],
  );
  return { form, setForm, found, searching, search };
}
