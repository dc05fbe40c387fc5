import { type ReactNode, useState } from 'react';
import { toCallError } from '../bridge.js';
import { Dialog } from './dialog.js';
import { DialogFoot } from './dialog-foot.js';

interface Props {
  title: string;
  /** What will change. */
  children: ReactNode;
  /** The word on the button that does it. */
  action: string;
  /** Does it; a refusal is told in the dialog, which then stays. */
  onConfirm(): Promise<void>;
  onClose(): void;
}

/** Asks before something is taken away. The focus is on Cancel, so that Enter alone changes nothing. */
export function ConfirmDialog({ title, children, action, onConfirm, onClose }: Props) {
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');
  const confirm = async () => {
    setBusy(true);
    setRefusal('');
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setRefusal(toCallError(thrown).message);
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="confirm-text">{children}</div>
      <DialogFoot refusal={refusal} onDismiss={onClose}>
        <button
          type="button"
          className="primary"
          disabled={busy}
          data-testid="confirm"
          onClick={() => void confirm()}
        >
          {action}
        </button>
      </DialogFoot>
    </Dialog>
  );
}
