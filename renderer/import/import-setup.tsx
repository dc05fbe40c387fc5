import { IndexModality } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { Icon } from '../chrome/icon.js';
import { useDatasets } from '../session/datasets.js';
import type { ImportPlan } from '../session/imports.js';
import { fileName, modalityNames } from '../session/knowledge-words.js';
import { useNotices } from '../session/notices.js';

interface Props {
  plan: ImportPlan;
  onChange(part: Partial<ImportPlan>): void;
}

/** What is imported, into which dataset, and what is said of it. */
export function ImportSetup({ plan, onChange }: Props) {
  const { fail } = useNotices();
  const { list } = useDatasets();
  const own = list.filter((d) => d.kind === 'own');
  const add = async (kind: 'files' | 'folder') => {
    try {
      const paths = await bridge().app('app.choosePaths', { kind });
      if (paths.length > 0) onChange({ paths: [...new Set([...plan.paths, ...paths])] });
    } catch (thrown) {
      fail(thrown);
    }
  };
  return (
    <section className="import-setup" aria-label="Import">
      <div className="paths">
        <ul aria-label="Files and folders">
          {plan.paths.map((path) => (
            <li key={path} title={path} data-testid="import-path">
              <Icon name="file" />
              <span>{fileName(path)}</span>
              <button
                type="button"
                className="icon-button small"
                aria-label={`Leave out ${fileName(path)}`}
                title="Leave out"
                onClick={() => onChange({ paths: plan.paths.filter((p) => p !== path) })}
              >
                <Icon name="reject" />
              </button>
            </li>
          ))}
        </ul>
        <button type="button" className="quiet-button" onClick={() => void add('files')}>
          <Icon name="add" /> Files
        </button>
        <button type="button" className="quiet-button" onClick={() => void add('folder')}>
          <Icon name="add" /> Folder
        </button>
      </div>
      <div className="fields">
        <label>
          Into
          <select
            value={plan.dataset ?? ''}
            data-testid="import-dataset"
            onChange={({ target }) => onChange({ dataset: target.value || null })}
          >
            <option value="">A new dataset</option>
            {own.map((d) => (
              <option key={d.id} value={d.id}>
                {d.title}
              </option>
            ))}
          </select>
        </label>
        {plan.dataset === null && (
          <label>
            Name of the new dataset
            <input
              required
              maxLength={80}
              value={plan.title}
              placeholder="e.g. Chest reports 2025"
              data-testid="import-title"
              onChange={({ target }) => onChange({ title: target.value })}
            />
          </label>
        )}
        <label>
          Modality, where a file does not say
          <select
            value={plan.modality ?? ''}
            data-testid="import-modality"
            onChange={({ target }) =>
              onChange({ modality: target.value === '' ? undefined : IndexModality.parse(target.value) })
            }
          >
            <option value="">Leave such files out</option>
            {IndexModality.options.map((m) => (
              <option key={m} value={m}>
                {m}
                {modalityNames[m] === m ? '' : ` (${modalityNames[m]})`}
              </option>
            ))}
          </select>
        </label>
        <label>
          Who may use it for what
          <input
            maxLength={120}
            value={plan.licence}
            placeholder="e.g. Department use only"
            data-testid="import-licence"
            onChange={({ target }) => onChange({ licence: target.value })}
          />
        </label>
      </div>
      <label className="choice">
        <input
          type="checkbox"
          checked={!plan.vectors}
          data-testid="import-words-only"
          onChange={({ target }) => onChange({ vectors: !target.checked })}
        />
        <span>
          Words only, for now
          <span className="quiet">
            {' '}
            · much faster; found by words, not yet by meaning or likeness. Import the same files again to add
            these.
          </span>
        </span>
      </label>
    </section>
  );
}
