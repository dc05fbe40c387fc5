import type { User } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { roleWords } from '../session/access.js';

interface Props {
  users: User[];
  /** Also brings back one who was removed. */
  onChange(user: User): void;
  onRemove(user: User): void;
}

/** All local users, removed ones at the end. */
export function UserTable({ users, onChange, onRemove }: Props) {
  const ordered = [...users].sort((a, b) => Number(b.active) - Number(a.active));
  return (
    <table className="users-table">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Full name</th>
          <th scope="col">Roles</th>
          <th scope="col">
            <span className="unseen">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {ordered.map((user) => (
          <tr key={user.name} data-testid="user" data-user={user.name} data-active={user.active}>
            <th scope="row">{user.name}</th>
            <td>{user.fullName}</td>
            <td className={user.active ? undefined : 'quiet'}>
              {user.active ? user.roles.map((role) => roleWords[role].word).join(', ') : 'Removed'}
            </td>
            <td className="row-buttons">
              {user.active ? (
                <>
                  <button
                    type="button"
                    className="small"
                    aria-label={`Change ${user.fullName}`}
                    data-testid="change-user"
                    onClick={() => onChange(user)}
                  >
                    <Icon name="edit" /> Change
                  </button>
                  <button
                    type="button"
                    className="small"
                    aria-label={`Remove ${user.fullName}`}
                    data-testid="remove-user"
                    onClick={() => onRemove(user)}
                  >
                    <Icon name="trash" /> Remove
                  </button>
                </>
              ) : (
                <button
                  type="button"
                  className="small"
                  aria-label={`Bring back ${user.fullName}`}
                  data-testid="bring-back"
                  onClick={() => onChange(user)}
                >
                  <Icon name="restore" /> Bring back
                </button>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
