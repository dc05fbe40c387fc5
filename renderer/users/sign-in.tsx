import { type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import type { SessionState } from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';
import { Icon } from '../chrome/icon.js';

/** The screen over everything while nobody is signed in. A modal dialog, so that it lies over whatever other was open. */
export function SignIn({ session }: { session: SessionState }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before the browser takes the focus out of the room behind, so that it can be given back.
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      className="lock-screen"
      aria-label="Sign in"
      data-testid="lock-screen"
      onCancel={(event) => event.preventDefault()}
      // The browser closes it at the second Escape, whatever is said at the first.
      onClose={() => dialog.current?.showModal()}
    >
      <SignInForm session={session} />
      <p className="quiet notice">Wetread drafts; a radiologist signs. Not a medical device.</p>
    </dialog>
  );
}

/** Asks for name and password; the name of who locked it is there already. */
export function SignInForm({ session }: { session: SessionState }) {
  const known = session.user;
  const [name, setName] = useState(known?.name ?? '');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState('');
  const passwordBox = useRef<HTMLInputElement>(null);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefusal('');
    try {
      await bridge().call('session.signIn', { name: name.trim(), password });
    } catch (thrown) {
      setRefusal(toCallError(thrown).message);
      setBusy(false);
      passwordBox.current?.focus();
    }
    setPassword('');
  };

  return (
    <form className="sign-in" onSubmit={(event) => void onSubmit(event)}>
      <h1>Wetread</h1>
      <p className="quiet">
        {known ? (
          <>
            Locked by {known.fullName}. After signing in you are where you were; another user begins afresh.
          </>
        ) : (
          'Sign in to read.'
        )}
      </p>
      <label>
        Name
        <input
          required
          maxLength={200}
          value={name}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: nothing else is on the screen
          autoFocus={!known}
          data-testid="sign-in-name"
          onChange={({ target }) => setName(target.value)}
        />
      </label>
      <label>
        Password
        <input
          ref={passwordBox}
          required
          type="password"
          maxLength={1000}
          value={password}
          autoComplete="off"
          // biome-ignore lint/a11y/noAutofocus: nothing else is on the screen
          autoFocus={known !== null}
          aria-describedby={refusal ? 'sign-in-refusal' : undefined}
          data-testid="sign-in-password"
          onChange={({ target }) => setPassword(target.value)}
        />
      </label>
      {refusal && (
        <p className="dialog-error" role="alert" id="sign-in-refusal" data-testid="sign-in-refusal">
          <Icon name="flag" /> {refusal}
        </p>
      )}
      <button type="submit" className="primary" disabled={busy} data-testid="sign-in">
        Sign in
      </button>
    </form>
  );
}
