import type { Sentence, Statement } from '../../preload/values.js';
import type { FindingEstimate } from '../encode/index.js';
import { parseFindings } from '../findings/index.js';
import type { DecodedSentence } from './decoder.js';
import { clearSide } from './grounding.js';
import {
  ACUTE,
  findingPhrase,
  impressionPhrase,
  listed,
  MAYBE_ACUTE,
  NORMALS,
  noneOf,
  phrases,
} from './phrases.js';

/** A sentence on its way into the draft. */
export interface Candidate {
  section: Sentence['section'];
  text: string;
  origin: 'model' | 'template';
  statements: Statement[];
  decoded?: DecodedSentence;
}

/** From this probability on a finding is drafted whatever the decoder wrote, and concluded on without a "possible". */
export const SURE = 0.6;

/** Whether a section speaks of a finding; with `state`, whether it says just that of it. */
const speaksOf = (
  candidates: Candidate[],
  section: Sentence['section'],
  finding: string,
  state?: Statement['state'],
) =>
  candidates.some(
    (c) =>
      c.section === section &&
      c.statements.some((s) => s.finding === finding && (!state || s.state === state)),
  );

/** Whether all of `statements`, if there are any, stand in the section already. */
export function isSaid(kept: Candidate[], section: Sentence['section'], statements: Statement[]): boolean {
  const said = kept.filter((c) => c.section === section).flatMap((c) => c.statements);
  return (
    statements.length > 0 &&
    statements.every((a) =>
      said.some((b) => a.finding === b.finding && a.state === b.state && (!a.side || a.side === b.side)),
    )
  );
}

/**
 * Adds what must be said and was not: likely findings, the normal ones that every report names, and the impression. `left` are
 * findings to be left to the radiologist, likely or not: nothing is said of them.
 */
export function complete(
  kept: Candidate[],
  findings: FindingEstimate[],
  left: ReadonlySet<string> = new Set(),
): Candidate[] {
  const add = (section: Sentence['section'], text: string): Candidate => ({
    section,
    text,
    origin: 'template',
    statements: parseFindings(text),
  });
  const likely = findings.filter((f) => f.likely && !left.has(f.id));
  const isLikely = (id: string) => likely.some((f) => f.id === id);
  const positives = likely
    .filter((f) => !speaksOf(kept, 'findings', f.id, 'present'))
    .map((f) => add('findings', findingPhrase(f.id, f.name, clearSide(f))));
  const absent = (id: string) => findings.some((f) => f.id === id && !f.possible);
  const said = [...kept];
  const sentences: Candidate[] = [];
  const negatives: string[] = [];
  const list = () => {
    if (negatives.length > 0) sentences.push(add('findings', noneOf(negatives.splice(0))));
  };
  for (const { findings: ids, text, listed: word } of NORMALS) {
    if (!ids.every(absent) || ids.every((id) => speaksOf(said, 'findings', id))) continue;
    if (text) list();
    if (text && !ids.some((id) => speaksOf(kept, 'findings', id, 'present'))) {
      const sentence = add('findings', text);
      sentences.push(sentence);
      said.push(sentence);
    }
    if (word) negatives.push(word);
  }
  list();

  const concluded = likely.filter(
    (f) => !speaksOf(kept, 'impression', f.id, 'present') && !(phrases[f.id]?.within ?? []).some(isLikely),
  );
  // What is sure first: "possible" reaches to the end of the sentence.
  const named = concluded
    .sort((a, b) => Number(b.probability >= SURE) - Number(a.probability >= SURE))
    .flatMap((f) => {
      const phrase = impressionPhrase(f.id, clearSide(f));
      return phrase ? [f.probability >= SURE ? phrase : `possible ${phrase}`] : [];
    });
  const impression = named.length > 0 ? [add('impression', listed(named))] : [];
  const acuteSaid = ACUTE.some((id) => speaksOf(kept, 'impression', id));
  const acuteOpen = left.has(MAYBE_ACUTE) || findings.some((f) => ACUTE.includes(f.id) && f.possible);
  const concludes = named.length > 0 || kept.some((c) => c.section === 'impression');
  // An impression there must be: where something acute is only possible, this one carries a flag that says so.
  if (!acuteSaid && !isLikely(MAYBE_ACUTE) && (!acuteOpen || !concludes))
    impression.push(add('impression', 'No acute cardiopulmonary abnormality.'));

  const of = (section: Sentence['section']) => kept.filter((c) => c.section === section);
  return [...of('findings'), ...positives, ...sentences, ...of('impression'), ...impression];
}
