import type { Dataset } from '../../preload/values.js';
import { Dialog } from '../chrome/dialog.js';
import { Fingerprint } from './fingerprint.js';

/** Tells, after a shared dataset was added, whose key is trusted from now on. */
export function AddedDataset({ dataset, onClose }: { dataset: Dataset; onClose(): void }) {
  const { title, publisher } = dataset;
  return (
    <Dialog title={`${title} was added`} onClose={onClose}>
      <div className="confirm-text" data-testid="added-dataset">
        {publisher === undefined || publisher === 'unsigned' ? (
          <p>
            It is not signed: whoever can write where it lies can change what drafts cite. Once its publisher
            signs it, Wetread holds it to that key.
          </p>
        ) : (
          <p>
            It is signed by the key <Fingerprint publisher={publisher} />. Ask its publisher whether that is
            theirs. From now on Wetread takes nothing that another key signs.
          </p>
        )}
      </div>
      <div className="dialog-actions">
        <button type="button" className="primary" data-testid="added-done" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
