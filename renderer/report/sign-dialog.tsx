import { type FormEvent, useEffect, useState } from 'react';
import { bridge } from '../bridge.js';
import { Dialog } from '../chrome/dialog.js';
import { DialogFoot } from '../chrome/dialog-foot.js';
import { useSignedName } from '../session/access.js';

interface Props {
  /** `sign` asks only for a name; `addendum` for a text too. */
  kind: 'sign' | 'addendum';
  onDone(by: string, text: string): void;
  onClose(): void;
}

/** Asks who signs (as the system knows the user, to be corrected; who is signed in signs as such), and for an addendum what it says. */
export function SignDialog({ kind, onDone, onClose }: Props) {
  const signedName = useSignedName();
  const [by, setBy] = useState(signedName ?? '');
  const [text, setText] = useState('');
  useEffect(() => {
    bridge()
      .app('app.info', {})
      .then(
        ({ user }) => setBy((typed) => typed || user),
        () => {},
      );
  }, []);
  const addendum = kind === 'addendum';
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    onDone(by.trim(), text.trim());
  };
  return (
    <Dialog title={addendum ? 'Add an addendum' : 'Sign the report'} onClose={onClose}>
      <form onSubmit={onSubmit}>
        {addendum ? (
          <label>
            Addendum
            <textarea
              required
              rows={4}
              maxLength={2000}
              value={text}
              data-testid="addendum-text"
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        ) : (
          <p>
            You sign for every sentence that is not rejected, as it stands. The report is then final and read
            only; it can be amended by an addendum.
          </p>
        )}
        <label>
          Name of the radiologist
          <input
            required
            maxLength={120}
            pattern=".*\S.*"
            value={by}
            readOnly={signedName !== undefined}
            data-testid={addendum ? 'addendum-name' : 'sign-name'}
            onChange={(event) => setBy(event.target.value)}
          />
        </label>
        <DialogFoot onDismiss={onClose}>
          <button
            type="submit"
            className="primary"
            data-testid={addendum ? 'addendum-confirm' : 'sign-confirm'}
          >
            {addendum ? 'Add addendum' : 'Sign'}
          </button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
