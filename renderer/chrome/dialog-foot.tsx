import type { ReactNode } from 'react';
import { Icon } from './icon.js';

interface Props {
  /** Why what was asked for was not done; empty: nothing to tell. */
  refusal?: string;
  /** The word on the button that leaves all as it is. */
  dismissal?: string;
  onDismiss(): void;
  /** The buttons that do something. */
  children?: ReactNode;
}

/** The end of a dialog: what was refused, the way out, and the way on. */
export function DialogFoot({ refusal = '', dismissal = 'Cancel', onDismiss, children }: Props) {
  return (
    <>
      {refusal && (
        <p className="dialog-error" role="alert" data-testid="dialog-error">
          <Icon name="flag" /> {refusal}
        </p>
      )}
      <div className="dialog-actions">
        <button type="button" onClick={onDismiss}>
          {dismissal}
        </button>
        {children}
      </div>
    </>
  );
}
