import { type FormEvent, useState } from 'react';
import type { Dataset } from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';
import { Dialog } from '../chrome/dialog.js';
import { DialogFoot } from '../chrome/dialog-foot.js';
import { Icon } from '../chrome/icon.js';
import { fileName } from '../session/knowledge-words.js';
import { AddedDataset } from './added-dataset.js';

interface Props {
  /** `own`: to be filled here; `shared`: filled elsewhere. */
  kind: 'own' | 'shared';
  onAdded(dataset: string): void;
  onClose(): void;
}

/** Asks for a new dataset's name, and for a shared one where it lies. */
export function AddDialog({ kind, onAdded, onClose }: Props) {
  const [title, setTitle] = useState('');
  const [location, setLocation] = useState('');
  const [allowUnsigned, setAllowUnsigned] = useState(false);
  const [added, setAdded] = useState<Dataset>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');
  const shared = kind === 'shared';

  const choose = async () => {
    try {
      const [folder] = await bridge().app('app.choosePaths', { kind: 'folder' });
      if (folder === undefined) return;
      setLocation(folder);
      setTitle((typed) => typed || fileName(folder));
    } catch (thrown) {
      setRefusal(toCallError(thrown).message);
    }
  };
  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefusal('');
    try {
      const dataset = await bridge().call('dataset.add', {
        title: title.trim(),
        ...(shared && { location: location.trim(), allowUnsigned }),
      });
      onAdded(dataset.id);
      if (shared) setAdded(dataset);
      else onClose();
    } catch (thrown) {
      setRefusal(toCallError(thrown).message);
      setBusy(false);
    }
  };

  if (added !== undefined) return <AddedDataset dataset={added} onClose={onClose} />;
  return (
    <Dialog title={shared ? 'Add a shared dataset' : 'New dataset'} onClose={onClose}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <p className="quiet">
          {shared
            ? 'A dataset that others fill. Wetread only reads it, keeps a copy to search, and goes on when it is away.'
            : "A body of the department's own knowledge, with indices of its own. It stays on this workstation."}
        </p>
        {shared && (
          <>
            <label>
              Where it lies
              <input
                required
                maxLength={1000}
                value={location}
                placeholder="s3://radiology/chest"
                data-testid="dataset-location"
                onChange={({ target }) => setLocation(target.value)}
              />
            </label>
            <p className="quiet hint">
              A folder (choose it), <code>s3://bucket/path</code> on an object store, or{' '}
              <code>db://name</code> on LanceDB Enterprise.
            </p>
            <button type="button" className="small fit" onClick={() => void choose()}>
              <Icon name="folder" /> Choose a folder
            </button>
          </>
        )}
        <label>
          Name
          <input
            required
            maxLength={80}
            pattern=".*\S.*"
            value={title}
            placeholder={shared ? 'e.g. Chest reports of the clinic' : 'e.g. Chest reports 2025'}
            data-testid="dataset-title"
            onChange={({ target }) => setTitle(target.value)}
          />
        </label>
        {shared && (
          <label className="choice">
            <input
              type="checkbox"
              checked={allowUnsigned}
              data-testid="allow-unsigned"
              onChange={({ target }) => setAllowUnsigned(target.checked)}
            />
            Also if nobody signed it: whoever can write there can then change what drafts cite
          </label>
        )}
        <DialogFoot refusal={refusal} onDismiss={onClose}>
          <button type="submit" className="primary" disabled={busy} data-testid="dataset-confirm">
            {shared ? 'Add' : 'Create'}
          </button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
