import { type FormEvent, useState } from 'react';
import { Role, type User } from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';
import { Dialog } from '../chrome/dialog.js';
import { DialogFoot } from '../chrome/dialog-foot.js';
import { roleWords } from '../session/access.js';
import { PasswordFields } from './password-fields.js';

interface Props {
  /** Who is changed; undefined: somebody new. */
  user: User | undefined;
  /** The first user of all, who is an administrator in any case. */
  first: boolean;
  onDone(said: string): void;
  onClose(): void;
}

/** Asks for a user's names, roles and password; who is there already keeps the password unless a new one is given. */
export function UserDialog({ user, first, onDone, onClose }: Props) {
  const back = user !== undefined && !user.active;
  const [name, setName] = useState('');
  const [fullName, setFullName] = useState(user?.fullName ?? '');
  const [roles, setRoles] = useState<Role[]>(
    user?.roles ?? (first ? ['radiologist', 'administrator'] : ['radiologist']),
  );
  // The password from before may be why they are gone.
  const [reset, setReset] = useState(user === undefined || back);
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    if (reset && password !== again) return setRefusal('The two passwords differ.');
    setBusy(true);
    setRefusal('');
    try {
      if (user)
        await bridge().call('user.change', {
          ...{ user: user.name, fullName, roles },
          ...(back && { active: true }),
          ...(reset && { password }),
        });
      else await bridge().call('user.add', { name, fullName, roles, password });
      onDone(`${fullName.trim()} ${back ? 'is back' : user ? 'was changed' : 'was added'}.`);
      onClose();
    } catch (thrown) {
      setRefusal(toCallError(thrown).message);
      setBusy(false);
    }
  };

  return (
    <Dialog
      title={user ? `${back ? 'Bring back' : 'Change'} ${user.fullName}` : 'Add a user'}
      onClose={onClose}
    >
      <form onSubmit={(event) => void onSubmit(event)}>
        {first && (
          <p className="quiet">
            From now on Wetread asks for a password, and locks when it is left alone. The first user is an
            administrator, and a radiologist too if you choose so.
          </p>
        )}
        {!user && (
          <label>
            Name to sign in with
            <input
              required
              maxLength={40}
              pattern="\s*[A-Za-z0-9][A-Za-z0-9._\-]*\s*"
              title="Letters, digits, dot, dash, underscore"
              autoComplete="off"
              autoCapitalize="off"
              spellCheck={false}
              value={name}
              placeholder="e.g. a.reader"
              data-testid="user-name"
              onChange={({ target }) => setName(target.value)}
            />
          </label>
        )}
        <label>
          Full name, as it stands under a report
          <input
            required
            maxLength={120}
            pattern=".*\S.*"
            autoComplete="off"
            value={fullName}
            placeholder="e.g. Dr. Ada Reader"
            data-testid="user-full-name"
            onChange={({ target }) => setFullName(target.value)}
          />
        </label>
        <fieldset className="roles">
          <legend>Roles</legend>
          {Role.options.map((role) => {
            const held = first && role === 'administrator';
            return (
              <label key={role} className="choice">
                <input
                  type="checkbox"
                  checked={held || roles.includes(role)}
                  disabled={held}
                  data-testid={`role-${role}`}
                  onChange={({ target }) =>
                    setRoles((old) =>
                      target.checked ? [...old, role] : old.filter((other) => other !== role),
                    )
                  }
                />
                <span>
                  {roleWords[role].word} <span className="quiet">· {roleWords[role].hint}</span>
                </span>
              </label>
            );
          })}
        </fieldset>
        {user && (
          <label className="choice">
            <input
              type="checkbox"
              checked={reset}
              data-testid="reset-password"
              onChange={({ target }) => setReset(target.checked)}
            />
            Give a new password
          </label>
        )}
        {reset && (
          <PasswordFields
            label="Password"
            password={password}
            again={again}
            onChange={(one, two) => {
              setPassword(one);
              setAgain(two);
            }}
          />
        )}
        <DialogFoot refusal={refusal} onDismiss={onClose}>
          <button
            type="submit"
            className="primary"
            disabled={busy || roles.length === 0}
            data-testid="user-confirm"
          >
            {back ? 'Bring back' : user ? 'Change' : 'Add'}
          </button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
