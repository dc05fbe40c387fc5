interface Props {
  label: string;
  password: string;
  again: string;
  onChange(password: string, again: string): void;
}

/** A new password, typed twice. */
export function PasswordFields({ label, password, again, onChange }: Props) {
  const differs = again !== '' && again !== password;
  return (
    <>
      <label>
        {label}
        <input
          required
          type="password"
          minLength={10}
          maxLength={256}
          autoComplete="off"
          value={password}
          data-testid="new-password"
          onChange={({ target }) => onChange(target.value, again)}
        />
      </label>
      <p className="quiet hint">At least 10 characters; four words are easier to keep than signs.</p>
      <label>
        The same again
        <input
          required
          type="password"
          maxLength={256}
          autoComplete="off"
          value={again}
          aria-invalid={differs}
          data-testid="new-password-again"
          onChange={({ target }) => onChange(password, target.value)}
        />
      </label>
      {differs && (
        <p className="quiet hint" role="status">
          The two differ.
        </p>
      )}
    </>
  );
}
