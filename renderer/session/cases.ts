import { useEffect, useState } from 'react';
import type { CallOutput } from '../../preload/calls.js';
import { bridge, toCallError } from '../bridge.js';

/** How many are looked for: what a radiologist would look through. */
const limit = 12;

export type Cases = CallOutput<'case.similar'>;

/** Earlier cases that look like a study, or why they cannot be told; undefined while they are looked for. */
export interface CasesState {
  found: Cases | undefined;
  refusal: string | undefined;
}

/** Looks for similar cases once they are wanted, and again when a dataset changed. */
export function useCases(study: string, wanted: boolean): CasesState {
  const [held, setHeld] = useState<CasesState & { study: string; turn: number }>();
  const [turn, setTurn] = useState(0);
  useEffect(() => bridge().on('datasets', () => setTurn((old) => old + 1)), []);
  const fresh = held?.study === study && held.turn === turn;
  useEffect(() => {
    if (!wanted || fresh) return;
    let live = true;
    const keep = (state: Partial<CasesState>) =>
      live && setHeld({ found: undefined, refusal: undefined, ...state, study, turn });
    bridge()
      .call('case.similar', { study, limit })
      .then(
        (found) => keep({ found }),
        (thrown: unknown) => keep({ refusal: toCallError(thrown).message }),
      );
    return () => {
      live = false;
    };
  }, [study, turn, wanted, fresh]);
  // What was found before a dataset changed stays until the new answer is there.
  return held?.study === study ? held : { found: undefined, refusal: undefined };
}
