/**
 * The words of a snippet that answer a query, to be highlighted for the reader: the cue of Stimulus RAG, found by the entities that both name
 * instead of by a language model.
 */
import { findingNames, type Stem, stemsOf } from '../findings/index.js';
import { isCommon } from './common-words.js';
import { type Entity, entitiesOf } from './entities.js';

/** What a snippet is read for. */
export interface CueQuery {
  /** The concepts asked for; each is its list of names. */
  concepts: ReadonlySet<readonly string[]>;
  /** Other words of the query that say something, without endings. */
  stems: ReadonlySet<string>;
}

/** More marks than these show nothing. */
const most = 4;
/** Characters between two cues that are one: a space, a comma, a hyphen. */
const gap = 2;

/** Reads a query once for all its snippets. */
export function cueQuery(text: string, findings: readonly string[]): CueQuery {
  const entities = entitiesOf(text);
  const concepts = [...entities.map(({ names }) => names), ...findings.map(findingNames)];
  const other = stemsOf(text).filter((word) => !isCommon(word.stem) && !entities.some(inside(word)));
  return { concepts: new Set(concepts), stems: new Set(other.map(({ stem }) => stem)) };
}

const inside = (word: Stem) => (entity: Entity) => word.from >= entity.from && word.to <= entity.to;

/** Character ranges [from, to) of `text` that name what the query names, ascending, not overlapping; entities before single words. */
export function cuesOf(text: string, { concepts, stems }: CueQuery): [number, number][] {
  const named = entitiesOf(text).filter(({ names }) => concepts.has(names));
  const words = stemsOf(text).filter(({ stem }) => stems.has(stem));
  const chosen = [...named, ...words].slice(0, most).sort((a, b) => a.from - b.from);
  const cues: [number, number][] = [];
  for (const { from, to } of chosen) {
    const last = cues.at(-1);
    if (last !== undefined && from - last[1] < gap) last[1] = Math.max(last[1], to);
    else cues.push([from, to]);
  }
  return cues;
}
