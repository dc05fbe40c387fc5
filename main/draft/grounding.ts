/**
 * What a sentence rests on: the findings it states, whether the image model bears them out, which snippets speak of them,
 * and what is wrong with it. Used on drafted sentences, and again when a radiologist edits one.
 */
import type {
  Citation,
  Flag,
  Report,
  Section,
  Sentence,
  Side,
  Snippet,
  Statement,
  Support,
} from '../../preload/values.js';
import type { FindingEstimate } from '../encode/index.js';
import { parseFindings } from '../findings/index.js';
import { dot } from '../retrieve/index.js';
import { comparison } from './priors.js';

/** A snippet with what it speaks of. */
export interface ReadSnippet {
  snippet: Snippet;
  /** The findings it speaks of, by id, and what it says of each. */
  findings: Map<string, Set<Statement['state']>>;
  /** Those that its text names, not its title alone. */
  byText: ReadonlySet<string>;
  /** Unit vector of its meaning; absent: judged by its findings alone. */
  semantic?: Float32Array;
}

export interface OtherSentence {
  section: Section;
  text: string;
  statements: Statement[];
}

export interface GroundingContext {
  section: Section;
  origin: Sentence['origin'];
  /** What the image model says; absent where it was not asked. */
  findings?: FindingEstimate[];
  snippets: ReadSnippet[];
  /** The other sentences that stand in the report. */
  others: OtherSentence[];
  /** Whether the study came with an earlier one to compare with. */
  hasPrior: boolean;
  /** Unit vector of the sentence's meaning. */
  semantic?: Float32Array;
  /** How sure the decoder was, 0…1, for a sentence that states no finding. */
  probability?: number;
}

export interface Grounded {
  statements: Statement[];
  support: Support;
  confidence: number;
  citations: Citation[];
  flags: Flag[];
}

/** A side is clear when it is likely and this much likelier than the other; both are when each is this likely. A side left unsaid
 * does less harm than a wrong one. */
const SIDE_MARGIN = 0.35;
const BOTH_SIDES = 0.7;
/** At or below this share of its "possible" threshold the image says a finding is not there. */
const CONFIDENTLY_ABSENT = 0.5;
/** Cosine from which on a snippet is cited by meaning alone. */
const SAME_MEANING = 0.6;
/** Least citation score. */
const CITED = 0.42;
const CITATIONS = 3;
/** "No large effusion" does not deny a small one. */
const PARTIAL_DENIAL =
  /\b(?:large|big|acute|new|focal|suspicious|definite|significant|displaced|typical|lobar|overt|gross|obvious)\b|\bno (?:other|additional|further)\b/i;

/** A pneumothorax is always acute, so "nothing acute" denies every one. */
const isPartial = (denial: string, finding: string) =>
  PARTIAL_DENIAL.test(finding === 'pneumothorax' ? denial.replaceAll(/\bacute\b/gi, '') : denial);

/** The side that the image model sees clearly, if it does. */
export function clearSide({ sides }: Pick<FindingEstimate, 'sides'>): Side | undefined {
  if (!sides) return undefined;
  const { left, right } = sides;
  if (left >= 0.5 && left - right >= SIDE_MARGIN) return 'left';
  if (right >= 0.5 && right - left >= SIDE_MARGIN) return 'right';
  return left >= BOTH_SIDES && right >= BOTH_SIDES ? 'bilateral' : undefined;
}

/** Whether the side that is said is not the one that is seen. */
export function sideDiffers(said: Side, estimate: FindingEstimate): boolean {
  const seen = clearSide(estimate);
  if (!seen || !estimate.sides || seen === said) return false;
  // Seen on both, said on one: the other half is missing, not wrong. Said on both, seen on one: wrong when the other is clear.
  if (seen === 'bilateral') return false;
  if (said === 'bilateral') return Math.min(estimate.sides.left, estimate.sides.right) < 0.15;
  return true;
}

type Verdict = 'supported' | 'open' | 'refuted';

/** What the image model makes of one statement. */
export function judge(statement: Statement, estimate: FindingEstimate | undefined): Verdict {
  if (!estimate) return 'open';
  const { likely, possible } = estimate;
  switch (statement.state) {
    case 'present':
      if (likely) return 'supported';
      return possible ? 'open' : 'refuted';
    case 'absent':
      if (statement.side && likely && sideDiffers(statement.side, estimate)) return 'supported';
      if (likely) return 'refuted';
      return possible ? 'open' : 'supported';
    case 'uncertain':
      return possible ? 'supported' : 'open';
  }
}

/** The findings a snippet speaks of. Its title tells what it is about, where its text does not name it. */
export function readSnippet(snippet: Snippet, semantic?: Float32Array): ReadSnippet {
  const findings: ReadSnippet['findings'] = new Map();
  const add = ({ finding, state }: Statement) =>
    findings.set(finding, (findings.get(finding) ?? new Set()).add(state));
  for (const statement of parseFindings(snippet.text)) add(statement);
  const byText = new Set(findings.keys());
  for (const statement of parseFindings(`${snippet.title}.`))
    if (!byText.has(statement.finding)) add(statement);
  return { snippet, findings, byText, semantic };
}

/** Whether what a snippet says of a finding can bear out a statement: how a finding looks does not show that it is absent. */
function bearsOut(said: Set<Statement['state']>, { state }: Statement): boolean {
  return state === 'absent' ? said.has('absent') : said.has('present') || said.has('uncertain');
}

/** Grounds one sentence. Pure: the same text and context give the same answer. */
export function groundSentence(text: string, context: GroundingContext): Grounded {
  const statements = parseFindings(text);
  const estimates = new Map((context.findings ?? []).map((f) => [f.id, f]));
  const verdicts = statements.map((statement) => ({
    statement,
    estimate: estimates.get(statement.finding),
    verdict: judge(statement, estimates.get(statement.finding)),
  }));
  const citations = cite(statements, context);
  const bySeeing = verdicts.length > 0 && verdicts.every((v) => v.verdict === 'supported');
  const byReading = citations.length > 0;
  const support: Support = bySeeing ? (byReading ? 'both' : 'image') : byReading ? 'evidence' : 'none';

  const flags: Flag[] = [];
  const flag = (code: Flag['code'], message: string) => {
    if (!flags.some((f) => f.code === code && f.message === message))
      flags.push({ code, message, resolved: false });
  };
  const human = context.origin === 'human';
  const seen = context.findings !== undefined;

  if (!human && seen) {
    for (const { statement, estimate, verdict } of verdicts) {
      if (!estimate) continue;
      const percent = `${Math.round(estimate.probability * 100)} %`;
      if (statement.state === 'absent' && verdict === 'refuted')
        flag('contradiction', `The image model sees ${estimate.name} (${percent}).`);
      else if (statement.state === 'absent' && verdict === 'open')
        flag('unsupported', `The image model does not rule out ${estimate.name} (${percent}).`);
      else if (statement.state === 'present' && verdict === 'refuted') {
        flag('unsupported', `The image model does not see ${estimate.name} (${percent}).`);
        if (estimate.probability <= CONFIDENTLY_ABSENT * estimate.thresholds.possible)
          flag('contradiction', `The image model says there is no ${estimate.name} (${percent}).`);
      } else if (statement.state === 'present' && verdict === 'open')
        flag('unsupported', `The image model is not sure of ${estimate.name} (${percent}).`);
    }
    if (support === 'none' && flags.length === 0)
      flag('unsupported', 'Neither the image nor a retrieved text bears this out.');
  }
  if (seen)
    for (const { statement, estimate } of verdicts)
      if (
        estimate &&
        statement.side &&
        statement.state === 'present' &&
        sideDiffers(statement.side, estimate)
      )
        flag('side-conflict', `The image model sees ${estimate.name} on the ${clearSide(estimate)}.`);
  for (const statement of statements) {
    const conflict = conflictWith(text, statement, context);
    if (conflict) flag(conflict.code, conflict.message);
  }
  const words = context.hasPrior ? undefined : comparison(text);
  if (words)
    flag('invented-prior', `"${words}" compares with an earlier examination, and there is none here.`);

  return { statements, support, confidence: human ? 1 : confidenceOf(verdicts, context), citations, flags };
}

function confidenceOf(
  verdicts: { statement: Statement; estimate?: FindingEstimate }[],
  { probability = 0.5 }: GroundingContext,
): number {
  const known = verdicts.flatMap(({ statement, estimate }) => {
    if (!estimate) return [];
    const { probability: p, sides } = estimate;
    if (statement.state === 'absent') return [1 - p];
    if (statement.state === 'uncertain') return [Math.max(p, 0.5)];
    const { side } = statement;
    if (!side || !sides) return [p];
    return [p * (side === 'bilateral' ? Math.min(sides.left, sides.right) : sides[side])];
  });
  const value = known.length > 0 ? Math.min(...known) : probability;
  return Math.min(1, Math.max(0, value));
}

const overlap = (a?: Side, b?: Side) => !a || !b || a === b || a === 'bilateral' || b === 'bilateral';

/** Whether another sentence says the opposite, or the other section another side. */
export function conflictWith(
  text: string,
  statement: Statement,
  { others, section }: Pick<GroundingContext, 'others' | 'section'>,
): { code: 'contradiction' | 'side-conflict'; message: string } | undefined {
  for (const other of others) {
    for (const said of other.statements) {
      if (said.finding !== statement.finding) continue;
      const pair = new Set([said.state, statement.state]);
      const denial = said.state === 'absent' ? other.text : text;
      if (pair.has('present') && pair.has('absent')) {
        const elsewhere = said.site && statement.site && said.site !== statement.site;
        if (overlap(said.side, statement.side) && !elsewhere && !isPartial(denial, statement.finding))
          return { code: 'contradiction', message: `Another sentence says the opposite: "${other.text}"` };
      }
    }
    if (other.section === section || !statement.side || statement.state !== 'present') continue;
    const elsewhere = others
      .filter((o) => o.section !== section)
      .flatMap((o) => o.statements)
      .filter((s) => s.finding === statement.finding && s.state === 'present' && s.side);
    if (elsewhere.length > 0 && !elsewhere.some((s) => overlap(s.side, statement.side)))
      return {
        code: 'side-conflict',
        message: `The ${other.section} say ${elsewhere[0]?.side}, not ${statement.side}.`,
      };
  }
  return undefined;
}

function cite(statements: Statement[], { snippets, semantic }: GroundingContext): Citation[] {
  const stated = new Set(statements.map((s) => s.finding));
  const scored = snippets.flatMap(({ snippet, findings, byText, semantic: other }) => {
    const spoken = statements.flatMap((statement) => {
      const said = findings.get(statement.finding);
      if (!said) return [];
      const { finding, state } = statement;
      return [
        {
          finding,
          agrees: bearsOut(said, statement),
          plainly: byText.has(finding) && said.size === 1 && said.has(state),
          opposed: byText.has(finding) && said.has(state === 'absent' ? 'present' : 'absent'),
        },
      ];
    });
    const shared = new Set(spoken.filter(({ agrees }) => agrees).map(({ finding }) => finding)).size;
    const cosine = semantic && other ? dot(semantic, other) : undefined;
    if (shared === 0 && (spoken.length > 0 || (cosine ?? 0) < SAME_MEANING)) return [];
    // A snippet on this finding alone says more of it than one that lists many.
    const about = shared === 0 ? 0 : shared / Math.sqrt(stated.size * Math.max(1, findings.size));
    const near = cosine ?? snippet.score;
    const score = Math.min(1, Math.max(0, 0.5 * about + 0.5 * Math.max(0, near)));
    // A passage on another disease may say in passing what is normal; that is no place to look it up.
    const onDisease =
      statements.every(({ state }) => state === 'absent') &&
      [...byText].some((finding) => !stated.has(finding) && findings.get(finding)?.has('present'));
    const plain =
      shared === 0 || (spoken.some((s) => s.plainly) && !spoken.some((s) => s.opposed) && !onDisease);
    return score >= CITED ? [{ snippet, score, plain }] : [];
  });
  scored.sort((a, b) => b.score - a.score);
  // What says it in so many words goes before what says it only under its title, or says the opposite too.
  const plain = scored.filter((one) => one.plain);
  const chosen = plain.length > 0 ? plain : scored;
  const best = chosen[0]?.score ?? 0;
  return chosen
    .filter(({ score }) => score >= 0.7 * best)
    .slice(0, CITATIONS)
    .map(({ snippet, score }) => ({
      snippet: snippet.id,
      document: snippet.document,
      title: snippet.title,
      score: Math.round(score * 1000) / 1000,
      text: snippet.text,
      source: snippet.source,
      licence: snippet.licence,
      version: snippet.version,
    }));
}

/**
 * Grounds `text` standing in place of `sentence` in a report under review: what the radiologist writes needs no support, but
 * conflicts with other sentences and comparisons with nothing are still told.
 */
export function regroundSentence(text: string, report: Report, sentence: Pick<Sentence, 'id' | 'section'>) {
  const others = report.sentences
    .filter((s) => s.id !== sentence.id && s.status !== 'rejected')
    .map(({ section, text: said, statements }) => ({ section, text: said, statements }));
  const { statements, flags, support, citations } = groundSentence(text, {
    section: sentence.section,
    origin: 'human',
    snippets: report.evidence.snippets.map((snippet) => readSnippet(snippet)),
    others,
    hasPrior: false,
  });
  return { statements, flags, support, citations };
}
