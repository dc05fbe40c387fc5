import { findingName } from '../findings/index.js';
import type { Embed, TextVectors } from './store/index-store.js';

/** Names of findings are few and asked for with every study, so their vectors are kept, for each encoder. */
const kept = new WeakMap<Embed, Map<string, TextVectors>>();

/** The vectors of the findings' names, in order; undefined where the encoder gave none. */
export async function nameVectors(
  embed: Embed,
  findings: readonly string[],
  options: { signal?: AbortSignal },
): Promise<(TextVectors | undefined)[]> {
  const known = kept.get(embed) ?? new Map<string, TextVectors>();
  kept.set(embed, known);
  const fresh = findings.filter((finding) => !known.has(finding));
  const vectors = fresh.length > 0 ? await embed(fresh.map(findingName), options) : [];
  for (const [at, finding] of fresh.entries()) {
    const own = vectors[at];
    if (own !== undefined) known.set(finding, own);
  }
  return findings.map((finding) => known.get(finding));
}
