import { type FormEvent, useState } from 'react';
import { Dialog } from '../chrome/dialog.js';
import { DialogFoot } from '../chrome/dialog-foot.js';

/** Asks for a publisher's name and public key; `known` fills the key in. */
export function PublisherDialog({
  known,
  onAdd,
  onClose,
}: {
  known: string;
  onAdd(publisher: { name: string; key: string }): Promise<void>;
  onClose(): void;
}) {
  const [name, setName] = useState('');
  const [key, setKey] = useState(known);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    void onAdd({ name: name.trim(), key: key.trim() });
    onClose();
  };
  return (
    <Dialog title="Trust a publisher" onClose={onClose}>
      <form onSubmit={onSubmit}>
        <p>All model packs that carry the signature of this key are then loaded, now and later.</p>
        <label>
          Name
          <input
            required
            maxLength={80}
            pattern=".*\S.*"
            value={name}
            data-testid="publisher-name"
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <label>
          Public key
          <input
            required
            pattern="\s*[A-Za-z0-9_\-]{43}\s*"
            value={key}
            data-testid="publisher-key"
            onChange={({ target }) => setKey(target.value)}
          />
        </label>
        <DialogFoot onDismiss={onClose}>
          <button type="submit" className="primary" data-testid="publisher-add">
            Trust
          </button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
