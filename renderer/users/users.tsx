import { useCallback, useEffect, useState } from 'react';
import type { AccessEntry, User } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { ConfirmDialog } from '../chrome/confirm-dialog.js';
import { Icon } from '../chrome/icon.js';
import { roleWords, useRefusal, useSessionState } from '../session/access.js';
import { useNotices } from '../session/notices.js';
import { AccessLog } from './access-log.js';
import { PasswordDialog } from './password-dialog.js';
import { UserDialog } from './user-dialog.js';
import { UserTable } from './user-table.js';

const logLength = 100;
const lockChoices = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60];

type Asking = { what: 'add' } | { what: 'change' | 'remove'; user: User } | { what: 'password' };

/** Who may use this workstation: oneself, and for an administrator everybody, the lock, and what has happened. */
export function UsersView() {
  const { say, fail } = useNotices();
  const session = useSessionState();
  const refusal = useRefusal()('user.list');
  const [users, setUsers] = useState<User[]>([]);
  const [log, setLog] = useState<AccessEntry[]>([]);
  const [asking, setAsking] = useState<Asking>();
  const administrator = session !== undefined && refusal === undefined;
  const open = session?.state === 'open';

  const read = useCallback(async () => {
    try {
      setUsers(await bridge().call('user.list', {}));
      setLog(await bridge().call('user.log', { limit: logLength }));
    } catch (thrown) {
      fail(thrown);
    }
  }, [fail]);
  useEffect(() => {
    if (!administrator) return;
    void read();
    return bridge().on('access', () => void read());
  }, [administrator, read]);

  const done = (said: string) => {
    say(said);
    void read();
  };
  const setLock = async (minutes: number) => {
    try {
      await bridge().call('session.setLock', { minutes });
      done(`Wetread locks after ${minutes} idle minutes.`);
    } catch (thrown) {
      fail(thrown);
    }
  };
  const remove = async ({ name, fullName }: User) => {
    await bridge().call('user.remove', { user: name });
    done(`${fullName} can no longer sign in.`);
  };
  const last = users.filter((user) => user.active).length === 1;

  return (
    <main className="page" aria-label="Users">
      <h1>Users</h1>
      {open && (
        <p className="quiet">
          Nobody signs in: Wetread is open to whoever uses this account of the system, and never locks. Add
          users where several people share it; each then signs with their own name.
        </p>
      )}
      {session?.state === 'signed-in' && session.user && (
        <section className="me" aria-label="You">
          <p>
            <strong>{session.user.fullName}</strong>{' '}
            <span className="quiet">
              {session.user.name} · {session.user.roles.map((role) => roleWords[role].word).join(', ')}
            </span>
          </p>
          <button type="button" data-testid="change-password" onClick={() => setAsking({ what: 'password' })}>
            Change your password
          </button>
        </section>
      )}
      {administrator ? (
        <section className="everybody" aria-label="All users">
          {users.length > 0 && (
            <UserTable
              users={users}
              onChange={(user) => setAsking({ what: 'change', user })}
              onRemove={(user) => setAsking({ what: 'remove', user })}
            />
          )}
          <button
            type="button"
            className={open ? 'primary' : undefined}
            data-testid="add-user"
            onClick={() => setAsking({ what: 'add' })}
          >
            <Icon name="add" /> {open ? 'Add the first user' : 'Add a user'}
          </button>
          {!open && (
            <label className="lock-minutes">
              Lock after idle minutes
              <select
                value={session.lockMinutes}
                data-testid="lock-minutes"
                onChange={({ target }) => void setLock(Number(target.value))}
              >
                {[...new Set([...lockChoices, session.lockMinutes])]
                  .sort((a, b) => a - b)
                  .map((minutes) => (
                    <option key={minutes} value={minutes}>
                      {minutes}
                    </option>
                  ))}
              </select>
            </label>
          )}
          {log.length > 0 && <AccessLog entries={log} />}
        </section>
      ) : (
        refusal && <p className="quiet">Users and the lock are set by an administrator.</p>
      )}
      {asking?.what === 'password' && (
        <PasswordDialog
          onDone={() => say('Your password is changed.')}
          onClose={() => setAsking(undefined)}
        />
      )}
      {(asking?.what === 'add' || asking?.what === 'change') && (
        <UserDialog
          user={asking.what === 'change' ? asking.user : undefined}
          first={open}
          onDone={done}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking?.what === 'remove' && (
        <ConfirmDialog
          title={`Remove ${asking.user.fullName}?`}
          action="Remove"
          onConfirm={() => remove(asking.user)}
          onClose={() => setAsking(undefined)}
        >
          <p>
            {asking.user.fullName} can no longer sign in. What they did and signed stays under their name, and
            they can be brought back.
          </p>
          {last && (
            <p>
              <strong>This is the last user.</strong> Wetread is then open again to whoever uses this account
              of the system.
            </p>
          )}
        </ConfirmDialog>
      )}
    </main>
  );
}
