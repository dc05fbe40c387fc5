import type { EventName, EventValue } from '../../preload/calls.js';
import { AccessEntry, type User } from '../../preload/values.js';
import type { Handlers } from '../handlers.js';
import type { Store } from '../review/index.js';
import type { Session } from './session.js';

type SessionCall = Extract<keyof Handlers, `session.${string}` | `user.${string}`>;

/** The calls on the session and on local users. */
export function sessionHandlers(
  session: Session,
  users: Store['users'],
  emit: <N extends EventName>(name: N, value: EventValue<N>) => void,
): Pick<Handlers, SessionCall> {
  return {
    'session.state': () => session.state(),
    'session.signIn': async ({ name, password }) => {
      const state = await session.signIn(name, password);
      // What changed while it was locked was told to nobody.
      emit('worklist', {});
      emit('datasets', {});
      return state;
    },
    'session.lock': () => session.lock(),
    'session.setPassword': async ({ current, password }) => {
      await session.setPassword(current, password);
      return {};
    },
    'session.setLock': ({ minutes }) => session.setLock(minutes),
    'user.list': (): User[] => users.list(),
    'user.add': ({ password, ...user }) => session.addUser(user, password),
    'user.change': ({ user, ...change }) => session.changeUser(user, change),
    'user.remove': ({ user }) => session.removeUser(user),
    'user.log': ({ limit }) =>
      users
        .log(limit)
        .map(({ at, who, action, subject, detail }) =>
          AccessEntry.parse({ at, who, action, subject, detail }),
        ),
  };
}
