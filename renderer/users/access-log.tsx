import type { AccessEntry } from '../../preload/values.js';

const actionWords: Record<string, string> = {
  'sign-in': 'Signed in',
  'sign-in-failed': 'Wrong name or password',
  lock: 'Locked',
  'user-add': 'User added',
  'user-change': 'User changed',
  'user-remove': 'User removed',
  setting: 'Setting changed',
};

/** Sign-ins and changes of users, from the audit trail, newest first. */
export function AccessLog({ entries }: { entries: AccessEntry[] }) {
  return (
    <details className="access-log" data-testid="access-log">
      <summary>Sign-ins and changes, from the audit trail</summary>
      <ol>
        {entries.map((entry) => (
          <li key={`${entry.at} ${entry.action} ${entry.subject}`}>
            <time dateTime={entry.at}>{new Date(entry.at).toLocaleString()}</time>
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
