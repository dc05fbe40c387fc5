import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { CallError } from '../../preload/calls.js';
import { toCallError } from '../bridge.js';

/** What the user is told: the last thing that went well, and the errors that wait to be read. */
export interface Notices {
  info: string;
  errors: (CallError & { id: number })[];
  say(text: string): void;
  /** Tells what a call was refused with; a cancellation that the user asked for is only an info. */
  fail(thrown: unknown): void;
  dismiss(id: number): void;
}

export function useNoticesState(): Notices {
  const [info, setInfo] = useState('');
  const [errors, setErrors] = useState<Notices['errors']>([]);
  const say = useCallback((text: string) => setInfo(text), []);
  const fail = useCallback((thrown: unknown) => {
    const error = toCallError(thrown);
    if (error.code === 'cancelled') return setInfo('Cancelled.');
    // The sign-in screen says it; what was refused is asked again after signing in.
    if (error.code === 'locked') return;
    setErrors((old) => {
      if (old.some((e) => e.message === error.message)) return old;
      return [...old, { ...error, id: (old.at(-1)?.id ?? 0) + 1 }].slice(-4);
    });
  }, []);
  const dismiss = useCallback((id: number) => setErrors((old) => old.filter((e) => e.id !== id)), []);
  return useMemo(() => ({ info, errors, say, fail, dismiss }), [info, errors, say, fail, dismiss]);
}

export const NoticesContext = createContext<Notices>({
  info: '',
  errors: [],
  say: () => {},
  fail: () => {},
  dismiss: () => {},
});
export const useNotices = () => useContext(NoticesContext);
