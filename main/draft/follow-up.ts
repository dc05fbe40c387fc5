import type { Statement } from '../../preload/values.js';
import { findingName } from '../findings/index.js';
import type { ReadSnippet } from './grounding.js';
import { NORMALS } from './phrases.js';

/** A question to the indices for one sentence. */
export interface FollowUp {
  text: string;
  findings: string[];
}

/** How many sentences were asked about again, and how many of them nothing cited bore out before and after. */
export interface FollowUpCount {
  asked: number;
  uncitedBefore: number;
  uncitedAfter: number;
}

/** Sentences asked about again at most: each costs a query, and what a first question leaves open is seldom more. */
export const MOST_FOLLOW_UPS = 6;

/**
 * What to ask for a sentence that the first evidence does not bear out: a follow-up question as in i-MedRAG (Xiong et al. 2024), made of what was
 * found wanting. It names the findings on which no snippet says the same (all, where each has one), with side and site, and of what is denied how
 * its absence is told. A sentence that states no finding is asked in its own words.
 */
export function followUpQuestion(
  text: string,
  statements: readonly Statement[],
  snippets: readonly ReadSnippet[],
): FollowUp {
  const isSaid = ({ finding, state }: Statement) =>
    snippets.some(({ byText, findings }) => byText.has(finding) && findings.get(finding)?.has(state));
  const unsaid = statements.filter((statement) => !isSaid(statement));
  const wanting = unsaid.length > 0 ? unsaid : statements;
  if (wanting.length === 0) return { text, findings: [] };
  const denied = wanting.filter(({ state }) => state === 'absent').map(({ finding }) => finding);
  const topics = NORMALS.filter(({ findings }) => findings.every((id) => denied.includes(id)));
  const parts = [
    ...wanting.map(worded),
    ...topics.map(({ topic }) => topic),
    ...(denied.length > 0 ? ['report phrasing'] : []),
  ];
  return {
    text: [...new Set(parts)].join(', '),
    findings: [...new Set(wanting.map(({ finding }) => finding))],
  };
}

const worded = ({ finding, state, side, site }: Statement): string => {
  const words = state === 'absent' ? ['no'] : [side, site];
  return [...words, findingName(finding)].filter(Boolean).join(' ');
};
