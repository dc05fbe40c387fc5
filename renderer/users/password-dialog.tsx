import { type FormEvent, useState } from 'react';
import { bridge, toCallError } from '../bridge.js';
import { Dialog } from '../chrome/dialog.js';
import { DialogFoot } from '../chrome/dialog-foot.js';
import { PasswordFields } from './password-fields.js';

/** Changes the signed-in user's own password; the present one is asked for, as the screen may have been left open. */
export function PasswordDialog({ onDone, onClose }: { onDone(): void; onClose(): void }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (password !== again) return setRefusal('The two passwords differ.');
    setBusy(true);
    setRefusal('');
    try {
      await bridge().call('session.setPassword', { current, password });
      onDone();
      onClose();
    } catch (thrown) {
      setRefusal(toCallError(thrown).message);
      setBusy(false);
    }
  };

  return (
    <Dialog title="Change your password" onClose={onClose}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <label>
          Present password
          <input
            required
            type="password"
            maxLength={1000}
            autoComplete="off"
            value={current}
            data-testid="present-password"
            onChange={({ target }) => setCurrent(target.value)}
          />
        </label>
        <PasswordFields
          label="New password"
          password={password}
          again={again}
          onChange={(one, two) => {
            setPassword(one);
            setAgain(two);
          }}
        />
        <DialogFoot refusal={refusal} onDismiss={onClose}>
          <button type="submit" className="primary" disabled={busy} data-testid="password-confirm">
            Change
          </button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
