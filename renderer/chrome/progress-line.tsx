import type { Progress } from '../../preload/values.js';
import { Icon } from './icon.js';

/** How far a task is, with a way to stop it. Without a known total the bar only says that it runs. */
export function ProgressLine({ progress, onCancel }: { progress: Progress; onCancel?: () => void }) {
  const { label, done, total } = progress;
  const known = total > 0;
  return (
    <div className="progress-line">
      <span className="progress-label">
        {label}
        {known ? ` ${done} / ${total}` : '…'}
      </span>
      <progress aria-label={label} {...(known && { value: done, max: total })} />
      {onCancel && (
        <button type="button" className="small" data-testid="cancel-task" onClick={onCancel}>
          <Icon name="stop" /> Cancel
        </button>
      )}
    </div>
  );
}
