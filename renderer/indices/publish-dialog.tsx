import { type FormEvent, useState } from 'react';
import type { Dataset } from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';
import { Dialog } from '../chrome/dialog.js';
import { DialogFoot } from '../chrome/dialog-foot.js';
import { Icon } from '../chrome/icon.js';

interface Props {
  dataset: Dataset;
  onPublish(location: string): void;
  onClose(): void;
}

/** Asks where a dataset is to be copied, for others to read. */
export function PublishDialog({ dataset, onPublish, onClose }: Props) {
  const [location, setLocation] = useState('');
  const [refusal, setRefusal] = useState('');
  const choose = async () => {
    try {
      const [folder] = await bridge().app('app.choosePaths', { kind: 'folder' });
      if (folder !== undefined) setLocation(folder);
    } catch (thrown) {
      setRefusal(toCallError(thrown).message);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onPublish(location.trim());
    onClose();
  };
  return (
    <Dialog title={`Share ${dataset.title}`} onClose={onClose}>
      <form onSubmit={onSubmit}>
        <p>
          A copy is written where colleagues can add it as a shared dataset. It holds what was stored,
          de-identified, with its images, and is signed with the key of this workstation, whose fingerprint
          you are told: let colleagues compare it. Share again to bring the copy up to date.
        </p>
        <label>
          Where to
          <input
            required
            maxLength={1000}
            pattern=".*\S.*"
            value={location}
            placeholder="s3://radiology/chest"
            data-testid="publish-location"
            onChange={({ target }) => setLocation(target.value)}
          />
        </label>
        <p className="quiet hint">
          A folder that others can read (choose it), or <code>s3://bucket/path</code> on an object store.
        </p>
        <button type="button" className="small fit" onClick={() => void choose()}>
          <Icon name="folder" /> Choose a folder
        </button>
        <DialogFoot refusal={refusal} onDismiss={onClose}>
          <button type="submit" className="primary" data-testid="publish-confirm">
            Share
          </button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
