import { createContext, useCallback, useContext, useEffect, useState } from 'react';
import { roleMissing } from '../../preload/access.js';
import type { CallName } from '../../preload/calls.js';
import type { Role, SessionState } from '../../preload/values.js';
import { bridge } from '../bridge.js';

/** The session as the engine says, and whose reading room the window holds. */
export interface Held {
  /** Undefined until the engine has answered. */
  state: SessionState | undefined;
  /** Counts the rooms: another user gets a new one, the same user the one that was left. */
  room: number;
  /** Whose room it is: a user's name, empty without local users; undefined while there is none. */
  owner: string | undefined;
}

export const nobodyYet: Held = { state: undefined, room: 0, owner: undefined };

/** What the window holds once the session is `state`. */
export function follow(old: Held, state: SessionState): Held {
  if (state.state === 'locked') return { ...old, state };
  const owner = state.state === 'open' ? '' : (state.user?.name ?? '');
  // Who has just become the first user stays where they made themselves one.
  const same = !old.owner || old.owner === owner;
  return { state, owner, room: same ? old.room : old.room + 1 };
}

/** Whether there is a room to be shown, or to be kept behind the sign-in screen. */
export const hasRoom = ({ state, owner }: Held): boolean => state?.state !== 'locked' || owner !== undefined;

/** Follows the session of the engine. */
export function useSession(): Held {
  const [held, setHeld] = useState(nobodyYet);
  useEffect(() => {
    let heard = false;
    const off = bridge().on('session', (state) => {
      heard = true;
      setHeld((old) => follow(old, state));
    });
    bridge()
      .call('session.state', {})
      .then(
        (state) => {
          if (!heard) setHeld((old) => follow(old, state));
        },
        // An engine that cannot be opened says so itself; one that comes back says who is there.
        () => {},
      );
    return off;
  }, []);
  return held;
}

export const SessionContext = createContext<SessionState | undefined>(undefined);

/** The session; undefined until it is known. */
export const useSessionState = () => useContext(SessionContext);

/** Says why the user may not make a call, or undefined where they may. The engine decides; this is only for showing it. */
export function useRefusal(): (call: CallName) => string | undefined {
  const session = useContext(SessionContext);
  const roles = session?.user?.roles;
  return useCallback(
    (call) => (session?.state === 'signed-in' && roles ? roleMissing(call, roles) : undefined),
    [session?.state, roles],
  );
}

/** The signed-in user's full name; undefined where nobody signs in. */
export function useSignedName(): string | undefined {
  const session = useContext(SessionContext);
  return session?.state === 'signed-in' ? session.user?.fullName : undefined;
}

export const roleWords: Record<Role, { word: string; hint: string }> = {
  radiologist: { word: 'Radiologist', hint: 'Drafts, edits, signs, adds addenda, exports' },
  resident: { word: 'Resident', hint: 'Drafts, edits, makes preliminary; does not sign' },
  administrator: { word: 'Administrator', hint: 'Users, datasets, imports, models, settings' },
};
