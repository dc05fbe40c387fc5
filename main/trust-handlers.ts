/** The calls on what is trusted. */
import type { CallName } from '../preload/calls.js';
import type { Handlers } from './handlers.js';
import type { Places, Trust } from './trust/index.js';

type TrustCall = Extract<CallName, `trust.${string}`>;

export interface TrustParts {
  trust: Trust;
  places: Places;
  /** Name for what is written down of a decision. */
  who: () => string;
  /** Loads what is trusted now and was not before. */
  onChange: () => Promise<void>;
}

/** The handlers of the calls on what is trusted. */
export function trustHandlers({ trust, places, who, onChange }: TrustParts): Pick<Handlers, TrustCall> {
  return {
    'trust.list': () => trust.list(places),
    'trust.accept': async ({ digest }) => {
      await trust.accept(digest, places, who());
      await onChange();
      return trust.list(places);
    },
    'trust.addPublisher': async (publisher) => {
      await trust.addPublisher(publisher, who());
      await onChange();
      return trust.list(places);
    },
    'trust.remove': async ({ which }) => {
      await trust.remove(which);
      return trust.list(places);
    },
  };
}
