import type { ButtonHTMLAttributes } from 'react';
import type { CallName } from '../../preload/calls.js';
import { useRefusal } from '../session/access.js';

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** The call that it makes. */
  call: CallName;
}

/**
 * A button that makes a call. Where the user lacks the role it says so and does nothing; it stays in reach of the keyboard, so that
 * the reason can be read out.
 */
export function CallButton({ call, title, onClick, ...rest }: Props) {
  const refusal = useRefusal()(call);
  if (refusal === undefined) return <button type="button" {...rest} title={title} onClick={onClick} />;
  return (
    <button
      {...rest}
      type="button"
      aria-disabled="true"
      aria-describedby={undefined}
      aria-description={refusal}
      title={refusal}
      data-refused="role-missing"
    />
  );
}
