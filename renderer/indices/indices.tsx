import { type FormEvent, useEffect, useState } from 'react';
import { type Dataset, type Evidence, IndexModality } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { Icon } from '../chrome/icon.js';
import { Scores } from '../evidence/scores.js';
import { SnippetText } from '../evidence/snippet-text.js';
import { useNotices } from '../session/notices.js';
import { sizeText } from '../session/words.js';

/** The knowledge base: what each modality's index holds, and a search over it. */
export function IndicesView() {
  const { fail } = useNotices();
  const [datasets, setDatasets] = useState<Dataset[]>([]);
  const [modality, setModality] = useState<IndexModality>('XR');
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<Evidence>();
  const [searching, setSearching] = useState(false);

  useEffect(() => {
    const read = () => bridge().call('dataset.list', {}).then(setDatasets, fail);
    void read();
    // An index that is being built is listed again when its building ends.
    return bridge().on('progress', ({ done, total }) => {
      if (total > 0 && done >= total) void read();
    });
  }, [fail]);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    const text = query.trim();
    if (text === '') return;
    setSearching(true);
    try {
      setFound(await bridge().call('index.search', { query: text, modality }));
    } catch (thrown) {
      fail(thrown);
    } finally {
      setSearching(false);
    }
  };

  return (
    <main className="page" aria-label="Indices">
      <h1>Indices</h1>
      <p className="quiet">
        The knowledge base that drafts cite, one index a modality, kept on this workstation.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Modality</th>
            <th scope="col" className="number">
              Documents
            </th>
            <th scope="col" className="number">
              Snippets
            </th>
            <th scope="col" className="number">
              Size
            </th>
            <th scope="col">Built</th>
          </tr>
        </thead>
        <tbody>
          {datasets
            .flatMap(({ modalities, builtAt }) => modalities.map((index) => ({ ...index, builtAt })))
            .map((index) => (
              <tr key={index.modality} data-testid="index-row">
                <th scope="row">{index.modality}</th>
                <td className="number">{index.documents}</td>
                <td className="number">{index.snippets}</td>
                <td className="number">{sizeText(index.bytes)}</td>
                <td>{index.builtAt ? new Date(index.builtAt).toLocaleString() : 'Not built yet'}</td>
              </tr>
            ))}
        </tbody>
      </table>
      <search>
        <form className="search" onSubmit={(event) => void onSubmit(event)}>
          <label>
            Search for
            <input
              type="search"
              value={query}
              maxLength={2000}
              placeholder="e.g. blunted costophrenic angle"
              data-testid="index-query"
              onChange={(event) => setQuery(event.target.value)}
            />
          </label>
          <label>
            Modality
            <select
              value={modality}
              onChange={(event) => setModality(IndexModality.parse(event.target.value))}
            >
              {IndexModality.options.map((m) => (
                <option key={m}>{m}</option>
              ))}
            </select>
          </label>
          <button type="submit" className="primary" disabled={searching}>
            <Icon name="search" /> Search
          </button>
        </form>
      </search>
      {found && (
        <div className="found" aria-live="polite">
          <section aria-label="Documents">
            <h2>Documents</h2>
            {found.documents.length === 0 && <p className="quiet">No document fits.</p>}
            <ol>
              {found.documents.map((d) => (
                <li key={d.id} className="hit">
                  <h3>{d.title}</h3>
                  <Scores score={d.score} scores={d.scores} />
                </li>
              ))}
            </ol>
          </section>
          <section aria-label="Snippets">
            <h2>Snippets</h2>
            {found.snippets.length === 0 && <p className="quiet">No snippet fits.</p>}
            <ol>
              {found.snippets.map((s) => (
                <li key={s.id} className="hit" data-testid="index-snippet">
                  <SnippetText snippet={s} />
                </li>
              ))}
            </ol>
          </section>
        </div>
      )}
    </main>
  );
}
