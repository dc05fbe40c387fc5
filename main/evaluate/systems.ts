/** The systems that are measured beside each other, each from a study to what it says of it. */
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { type FollowUpCount, isReusable, SIMILAR_CASES, withSimilar } from '../draft/index.js';
import type { Pack } from '../encode/index.js';
import { WetreadError } from '../error.js';
import { splitSentences } from '../findings/index.js';
import { draftStudy } from '../pipeline.js';
import type { CaseBank, Index, SimilarCase } from '../retrieve/index.js';
import { resizeGrey } from '../study/index.js';
import { consensus, NEAREST } from './consensus.js';
import { type ReportedStudy, withoutMarks } from './dataset.js';
import type { SystemDraft, SystemName } from './drafts.js';
import { type Look, type OpenedStudy, readForModel } from './look.js';

export interface SystemParts {
  pack: Pack;
  /** The knowledge base. */
  index: Index | undefined;
  cases: CaseBank;
  /** Reports of the corpus by uid, as written. */
  reports: ReadonlyMap<string, ReportedStudy>;
  constant: ReportedStudy | undefined;
}

/** Drafts one study; `record` gives the indication and nothing else. Throws WetreadError, and an AbortError by `signal`. */
export type System = (
  opened: OpenedStudy,
  record: ReportedStudy,
  signal?: AbortSignal,
) => Promise<SystemDraft>;

/** The system of a name. Throws `bad-input` where a part that it needs is not there. */
export function openSystem(name: SystemName, parts: SystemParts): System {
  const { pack, index, cases } = parts;
  switch (name) {
    case 'constant': {
      const { constant } = parts;
      if (!constant) throw missing(name, 'there is no training report');
      return async () => said(constant, 0);
    }
    case 'retrieval':
      if (cases.cases.length === 0) throw missing(name, 'there is no training study');
      return async (opened) => {
        const look = lookOf(opened);
        const started = performance.now();
        const [near] = look.abstention ? [] : cases.nearest({ joint: look.embedding }, 1);
        const report = near && parts.reports.get(near.case.id);
        const ms = look.ms + performance.now() - started;
        return report ? said(report, ms) : nothing(look, ms);
      };
    case 'rag':
      if (cases.cases.length === 0) throw missing(name, 'there is no training study');
      return async (opened) => {
        const look = lookOf(opened);
        const started = performance.now();
        if (look.abstention) return nothing(look, look.ms);
        const near = cases.nearest({ joint: look.embedding }, NEAREST);
        const sentences = consensus(near.map(reusable));
        return { ...nothing(look, look.ms + performance.now() - started), sentences };
      };
    case 'ft':
      return (opened, record, signal) =>
        drafted(opened, record, { pack, index: undefined, adapter: null }, signal);
    case 'ft+rag':
      return (opened, record, signal) =>
        drafted(opened, record, { pack, index, cases, adapter: null }, signal);
    case 'ft+rag+rl': {
      const adapter = pack.manifest.defaultAdapter ?? pack.manifest.adapters[0]?.id;
      if (!adapter) throw missing(name, 'the pack has no adapter');
      return (opened, record, signal) => drafted(opened, record, { pack, index, cases, adapter }, signal);
    }
  }
}

/** A case with the sentences that may be said of another study. */
const reusable = ({ case: one, score }: SimilarCase): SimilarCase => ({
  score,
  case: {
    ...one,
    findings: one.findings.filter(isReusable),
    impression: one.impression.filter(isReusable),
  },
});

const missing = (name: SystemName, why: string) =>
  new WetreadError('bad-input', `The system ${name} cannot be measured: ${why}.`);

function lookOf({ look, failure }: OpenedStudy): Look {
  if (!look) throw failure ?? new WetreadError('no-pixels', 'The study has no image that can be read.');
  return look;
}

const nothing = (look: Look, latencyMs: number): SystemDraft => ({
  sentences: [],
  offers: [],
  context: [],
  probabilities: new Map(),
  abstention: look.abstention?.reason,
  latencyMs,
});

/** A report as it stands. */
function said({ findings, impression }: ReportedStudy, latencyMs: number): SystemDraft {
  const sentences = (
    [
      ['findings', findings],
      ['impression', impression],
    ] as const
  ).flatMap(([section, text]) =>
    splitSentences(text).map((sentence) => ({ section, text: `${sentence}.`, citations: [] })),
  );
  return { sentences, offers: [], context: [], probabilities: new Map(), latencyMs };
}

/** The product's own way from a study to a draft. */
async function drafted(
  opened: OpenedStudy,
  { uid, indication }: ReportedStudy,
  parts: { pack: Pack; index: Index | undefined; cases?: CaseBank; adapter: string | null },
  signal: AbortSignal | undefined,
): Promise<SystemDraft> {
  if (!opened.study) throw opened.failure ?? new WetreadError('no-pixels', 'The study has no image.');
  const study = { ...opened.study, uid, indication: withoutMarks(indication) || undefined };
  const product = { ...parts, readImage: readForModel, resize: resizeGrey, newId: randomUUID };
  let followUp: FollowUpCount | undefined;
  const onFollowUp = (count: FollowUpCount) => {
    followUp = count;
  };
  const draft = await draftStudy(study, product, { signal, onFollowUp });
  return {
    followUp,
    sentences: draft.sentences.map(({ section, text, citations }) => ({ section, text, citations })),
    offers: draft.offers.map(({ finding, probability, text }) => ({ finding, probability, text })),
    context: draft.evidence.snippets.map(({ title, text }) => ({ title, text })),
    probabilities: probabilitiesOf(opened, uid, parts.cases),
    abstention: draft.abstention?.reason,
    latencyMs: draft.timings.totalMs,
  };
}

/** The probabilities that a draft went by: those of the image model, moved by similar cases where there are any. */
function probabilitiesOf({ look }: OpenedStudy, uid: string, cases?: CaseBank): Map<string, number> {
  if (!look) return new Map();
  const like = cases && !look.abstention ? cases.nearest({ joint: look.embedding }, SIMILAR_CASES, uid) : [];
  const findings = cases ? withSimilar(look.findings, like, cases.counts()) : look.findings;
  return new Map(findings.map(({ id, probability }) => [id, probability]));
}
