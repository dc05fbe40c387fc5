import type { FlagCode, Sentence } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { flagWords } from '../session/words.js';

interface Props {
  sentence: Sentence;
  readOnly: boolean;
  /** Of its buttons. */
  tabIndex: number;
  onConfirm(code: FlagCode): void;
  /** Opens the sentence to be filled in. */
  onFill(): void;
}

/** The flags of a sentence: an empty field is filled in, any other flag can be confirmed. Of a rejected sentence they no longer matter and are not shown. */
export function FlagList({ sentence, readOnly, tabIndex, onConfirm, onFill }: Props) {
  if (sentence.flags.length === 0 || sentence.status === 'rejected') return null;
  return (
    <ul className="flags" aria-label="Flags">
      {sentence.flags.map((flag) => (
        <li
          key={flag.code}
          className={flag.resolved ? 'flag resolved' : 'flag'}
          data-testid="flag"
          data-code={flag.code}
          data-resolved={flag.resolved}
        >
          <Icon name={flag.resolved ? 'accept' : 'flag'} />
          <span>
            <strong>{flagWords[flag.code]}.</strong> {flag.message}
            {flag.resolved && <em> Confirmed by the radiologist.</em>}
          </span>
          {!flag.resolved && !readOnly && flag.code === 'incomplete' && (
            <button
              type="button"
              className="small"
              data-testid="fill-in"
              tabIndex={tabIndex}
              onClick={onFill}
            >
              Fill in
            </button>
          )}
          {!flag.resolved && !readOnly && flag.code !== 'incomplete' && (
            <button
              type="button"
              className="small"
              data-testid="confirm-flag"
              tabIndex={tabIndex}
              onClick={() => onConfirm(flag.code)}
            >
              Confirm anyway
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
