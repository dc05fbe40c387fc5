import type { Report } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { flaggedSentences, flagWords, plural } from '../session/words.js';

interface Props {
  report: Report;
  message: string;
  onGo(sentence: string): void;
}

/** Why the signature was refused: each open flag, leading to its sentence. */
export function Refusal({ report, message, onGo }: Props) {
  const flagged = flaggedSentences(report);
  return (
    <div className="refusal" role="alert" data-testid="sign-refusal">
      <p>
        <Icon name="flag" />
        <strong>Not signed.</strong> {message}
      </p>
      {flagged.length > 0 && (
        <ul aria-label={plural(flagged.length, 'flagged sentence')}>
          {flagged.map((s) => (
            <li key={s.id}>
              <button type="button" className="link" onClick={() => onGo(s.id)}>
                {s.flags
                  .filter((f) => !f.resolved)
                  .map((f) => flagWords[f.code])
                  .join(', ')}
                : {s.text}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
