import { splice } from './mutate.js';

const mostTries = 600;
const nothing = new Uint8Array();

/**
 * A shorter input that still does the same: pieces are left out as long as it does, large ones first (the greedy half of delta debugging).
 * @param still whether an input still does it
 */
export async function minimise(
  input: Uint8Array,
  still: (bytes: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best = Uint8Array.from(input);
  let tries = 0;
  for (let piece = Math.ceil(best.length / 2); piece >= 1; piece = piece === 1 ? 0 : Math.ceil(piece / 2))
    for (let at = 0; at < best.length && tries < mostTries; tries++) {
      const shorter = Uint8Array.from(splice(best, at, Math.min(best.length, at + piece), nothing));
      if (await still(shorter)) best = shorter;
      else at += piece;
    }
  return best;
}
