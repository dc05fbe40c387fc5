import { useEffect, useRef, useState } from 'react';
import type { Progress } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { addMark, leftText, type Mark, rateOf } from './rate.js';

interface Props {
  progress: Progress | undefined;
  cancelling: boolean;
  onCancel(): void;
}

/** How far the import is, as it tells itself, how long it will take, and the way to stop it. */
export function ImportProgress({ progress, cancelling, onCancel }: Props) {
  const marks = useRef<Mark[]>([]);
  const [rate, setRate] = useState<number>();
  const { done = 0, total = 0, label = 'Reading files' } = progress ?? {};
  useEffect(() => {
    marks.current = addMark(marks.current, { at: performance.now(), done });
    setRate(rateOf(marks.current));
  }, [done]);
  return (
    <section className="import-progress" aria-label="Progress" data-testid="import-progress">
      <div role="status">
        <strong>{cancelling ? 'Stopping' : label}</strong>
        <span className="import-numbers">
          {total > 0 && `${Math.floor((100 * done) / total)} %`}
          {rate !== undefined && total > done && ` · ${leftText(total - done, rate)}`}
        </span>
      </div>
      <progress aria-label={label} {...(total > 0 && { value: done, max: total })} />
      <div className="import-foot">
        <p className="quiet">
          You can go on reading. What is stored stays when you stop, and running it again goes on from there.
        </p>
        <button type="button" data-testid="import-cancel" disabled={cancelling} onClick={onCancel}>
          <Icon name="stop" /> Cancel
        </button>
      </div>
    </section>
  );
}
