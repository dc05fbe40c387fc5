import type { AccessEntry } from '../../preload/values.js';
import { whenText } from '../session/words.js';

const actionWords: Record<string, string> = {
  'sign-in': 'Signed in',
  'sign-in-failed': 'Wrong name or password',
  lock: 'Locked',
  'user-add': 'User added',
  'user-change': 'User changed',
  'user-remove': 'User removed',
  setting: 'Setting changed',
  'copy-out': 'De-identified copies',
};

/** Sign-ins, changes of users and copies for others, from the audit trail, newest first. */
export function AccessLog({ entries }: { entries: AccessEntry[] }) {
  return (
    <details className="access-log" data-testid="access-log">
      <summary>Sign-ins, changes and copies for others, from the audit trail</summary>
      <ol>
        {entries.map((entry) => (
          <li key={`${entry.at} ${entry.action} ${entry.subject} ${entry.detail}`}>
            <time dateTime={entry.at}>{whenText(entry.at)}</time>
            <span>{actionWords[entry.action] ?? entry.action}</span>
            <span>
              {[entry.subject !== entry.who && entry.subject, entry.detail].filter(Boolean).join(': ')}
            </span>
            <span className="quiet">by {entry.who}</span>
          </li>
        ))}
      </ol>
    </details>
  );
}
