import type { Draft, Evidence, Focus, Offer, Sentence, Statement, Study } from '../../preload/values.js';
import { type Encoding, embedTexts, type FindingEstimate, type Pack } from '../encode/index.js';
import { parseFindings } from '../findings/index.js';
import { loadAdapter } from './adapter.js';
import { sentenceCase } from './casing.js';
import { type Candidate, complete, isSaid, SURE } from './complete.js';
import { type DecodedSentence, type DecoderText, writeReport } from './decoder.js';
import { focusOf, lookOf } from './focus.js';
import { type FollowUpCount, followUpQuestion, MOST_FOLLOW_UPS } from './follow-up.js';
import {
  clearSide,
  conflictWith,
  groundSentence,
  type OtherSentence,
  type ReadSnippet,
  readSnippet,
} from './grounding.js';
import { plainIndication } from './indication.js';
import { findingPhrase } from './phrases.js';
import { screen } from './screen.js';
import { templateFor } from './templates.js';

export interface DraftInput {
  study: Study;
  pack: Pack;
  /** Id of an adapter of the pack; null: the decoder as trained. */
  adapter: string | null;
  encoding: Encoding;
  evidence: Evidence;
  newId: () => string;
  /** Sentences of similar earlier reports for the decoder to read. */
  similar?: string[];
  /** Asks the index once more, for one sentence; absent where there is no index. */
  lookUp?: (text: string, findings: string[]) => Promise<Evidence>;
}

export interface DraftOptions {
  signal?: AbortSignal;
  /** Beams of the decoder, default 1. */
  beams?: number;
  /** Told of each sentence the decoder wrote that was not shown, and why. */
  onDropped?: (text: string, reason: string) => void;
  /** Told what asking the index again has brought. */
  onFollowUp?: (count: FollowUpCount) => void;
}

/** Snippets the decoder was trained to see at most, and how many of them come from similar cases. */
const DECODER_SNIPPETS = 5;
export const SIMILAR_SENTENCES = 2;

/** Finding states of the decoder, `models/README.md`. */
const STATE = { absent: 0, present: 1, notKnown: 3, left: 4, right: 5, bilateral: 6 } as const;

/**
 * Drafts the report of an encoded study: what the decoder writes, screened against the image; a plain sentence for what is
 * likely and was not written; and what each sentence rests on. When the encoding abstained: the structured template.
 * Timings hold encoding and drafting; the caller adds retrieval. Throws `pack-damaged`, and an AbortError by `signal`.
 */
export async function draftReport(input: DraftInput, options: DraftOptions = {}): Promise<Draft> {
  const started = performance.now();
  const { study, pack, adapter, encoding, newId } = input;
  const { sentences, offers, evidence } = encoding.abstention
    ? { sentences: templateSentences(study, newId), offers: [], evidence: input.evidence }
    : await write(input, options);
  const draftMs = performance.now() - started;
  const { decodeMs, encodeMs } = encoding.timings;
  const series = study.series.find((s) => s.instances.some((i) => i.hasPixels)) ?? study.series[0];
  return {
    study: study.uid,
    modality: series?.modality ?? 'OT',
    bodyPart: series?.bodyPart,
    sentences,
    offers,
    abstention: encoding.abstention,
    evidence,
    pack: pack.manifest.id,
    adapter: adapter === 'none' ? null : adapter,
    timings: { decodeMs, encodeMs, retrieveMs: 0, draftMs, totalMs: decodeMs + encodeMs + draftMs },
  };
}

function templateSentences(study: Study, newId: () => string): Sentence[] {
  return templateFor(study).map(({ section, text }) => ({
    id: newId(),
    section,
    text,
    origin: 'template',
    status: 'proposed',
    support: 'none',
    confidence: 0,
    statements: [],
    citations: [],
    flags: [{ code: 'incomplete', message: 'A field is still to be filled in.', resolved: false }],
    focus: [],
  }));
}

async function write(input: DraftInput, { signal, beams, onDropped, onFollowUp }: DraftOptions) {
  const { pack, encoding, evidence, newId } = input;
  const adapter = await loadAdapter(pack, input.adapter);
  const indication = plainIndication(input.study.indication ?? '');
  const similar = input.similar ?? [];
  const vectors = await embedTexts(
    pack,
    [...(indication ? [indication] : []), ...similar, ...evidence.snippets.map((s) => s.text)],
    { signal },
  );
  const asked = indication ? vectors.slice(0, 1) : [];
  const told = vectors.slice(asked.length, asked.length + similar.length);
  const read = vectors.slice(asked.length + similar.length);
  const snippets = evidence.snippets.map((snippet, i) => readSnippet(snippet, read[i]?.semantic));
  const texts: DecoderText[] = [
    ...asked.map(({ states }) => ({ kind: 'indication' as const, states })),
    ...[...read.slice(0, DECODER_SNIPPETS - told.length), ...told].map(({ states }) => ({
      kind: 'snippet' as const,
      states,
    })),
  ];
  signal?.throwIfAborted();
  const decoded = await writeReport(
    pack,
    { encoding, findingStates: encoding.findings.map(stateOf), texts, adapter, beams },
    { signal },
  );
  signal?.throwIfAborted();

  const kept: Candidate[] = [];
  for (const sentence of decoded) {
    const statements = parseFindings(sentence.text);
    const reason =
      screen(sentence.text, statements, encoding.findings) ??
      (sentence.section === 'impression' ? overstated(statements, encoding.findings) : undefined) ??
      statements
        .map((s) => conflictWith(sentence.text, s, { others: kept, section: sentence.section }))
        .find(Boolean)?.message ??
      (isSaid(kept, sentence.section, statements) ? 'says nothing that was not said before' : undefined);
    if (reason) onDropped?.(sentence.text, reason);
    else
      kept.push({
        section: sentence.section,
        text: sentenceCase(sentence.text),
        origin: 'model',
        statements,
        decoded: sentence,
      });
  }
  const left = adapter.id === null ? new Set<string>() : leftOut(encoding.findings, decoded);
  const candidates = complete(kept, encoding.findings, left);
  const semantics = await embedTexts(
    pack,
    candidates.map((c) => c.text),
    { signal, states: false },
  );
  const grounded = candidates.map((candidate, i) =>
    toSentence(candidate, { encoding, snippets, candidates, semantic: semantics[i]?.semantic, newId }),
  );
  const uncitedBefore = grounded.filter(({ citations }) => citations.length === 0).length;
  const further = await lookAgain(grounded, input, { signal, snippets });
  for (const [i, found] of further) {
    const candidate = candidates[i];
    if (candidate)
      grounded[i] = toSentence(candidate, {
        encoding,
        snippets: [...snippets, ...found.snippets],
        candidates,
        semantic: semantics[i]?.semantic,
        newId,
      });
  }
  const isCited = (at: number) => (grounded[at]?.citations.length ?? 0) > 0;
  onFollowUp?.({
    asked: further.size,
    uncitedBefore,
    uncitedAfter: uncitedBefore - [...further.keys()].filter(isCited).length,
  });
  // What no finding can check and no snippet bears out says nothing that could be relied on.
  const sentences = grounded.filter((sentence) => {
    const empty = sentence.statements.length === 0 && sentence.support === 'none';
    if (empty) onDropped?.(sentence.text, 'nothing bears it out');
    return !empty;
  });
  return {
    sentences,
    offers: offersFor(encoding, snippets, candidates, newId),
    evidence: withCited(
      evidence,
      sentences,
      [...further.values()].map(({ evidence: found }) => found),
    ),
  };
}

/** Why a conclusion must not stand as it is: it states as a fact what is likely only. The impression then says "possible". */
function overstated(statements: Statement[], findings: FindingEstimate[]): string | undefined {
  const unsure = statements.flatMap(({ finding, state }) =>
    state === 'present' ? findings.filter((f) => f.id === finding && f.probability < SURE) : [],
  );
  return unsure[0] && `concludes on ${unsure[0].name}, which is likely but not sure`;
}

/**
 * Likely findings that an aligned decoder did not write of: alignment taught it what to leave to the radiologist, so they are offered.
 * Without an adapter the decoder was never taught that, and its silence means nothing.
 */
function leftOut(findings: FindingEstimate[], decoded: DecodedSentence[]): Set<string> {
  const written = new Set(decoded.flatMap(({ text }) => parseFindings(text).map(({ finding }) => finding)));
  return new Set(
    findings.filter((f) => f.likely && f.probability < SURE && !written.has(f.id)).map(({ id }) => id),
  );
}

/** What a second question found for one sentence. */
interface Further {
  evidence: Evidence;
  snippets: ReadSnippet[];
}

/** Asks the index once more for the sentences that the first evidence does not bear out. By their place in `grounded`. */
async function lookAgain(
  grounded: Sentence[],
  { pack, lookUp }: DraftInput,
  { signal, snippets }: { signal?: AbortSignal; snippets: ReadSnippet[] },
): Promise<Map<number, Further>> {
  if (!lookUp) return new Map();
  const known = new Set(snippets.map(({ snippet }) => snippet.id));
  const uncited = [...grounded.entries()]
    .filter(([, { citations }]) => citations.length === 0)
    .slice(0, MOST_FOLLOW_UPS);
  // All at once: each waits mostly for the disk and for the other core.
  const further = await Promise.all(
    uncited.map(async ([i, { text, statements }]): Promise<[number, Further]> => {
      const question = followUpQuestion(text, statements, snippets);
      const evidence = await lookUp(question.text, question.findings);
      const fresh = evidence.snippets.filter(({ id }) => !known.has(id));
      const vectors = await embedTexts(
        pack,
        fresh.map((snippet) => snippet.text),
        { signal, states: false },
      );
      const read = fresh.map((snippet, n) => readSnippet(snippet, vectors[n]?.semantic));
      return [i, { evidence, snippets: read }];
    }),
  );
  signal?.throwIfAborted();
  return new Map(further);
}

/** The evidence of the draft: all of the first question, and of the further ones what is cited. */
function withCited(first: Evidence, sentences: Sentence[], further: Evidence[]): Evidence {
  const cited = new Set(sentences.flatMap(({ citations }) => citations.map(({ snippet }) => snippet)));
  const snippets = new Map(first.snippets.map((snippet) => [snippet.id, snippet]));
  const documents = new Map(first.documents.map((document) => [document.id, document]));
  for (const evidence of further)
    for (const snippet of evidence.snippets) {
      if (!cited.has(snippet.id) || snippets.has(snippet.id)) continue;
      snippets.set(snippet.id, snippet);
      const document = evidence.documents.find(({ id }) => id === snippet.document);
      if (document && !documents.has(document.id)) documents.set(document.id, document);
    }
  return { ...first, snippets: [...snippets.values()], documents: [...documents.values()] };
}

/** The state of a finding as the decoder was trained to read it. */
function stateOf(finding: FindingEstimate): number {
  if (!finding.likely) return finding.possible ? STATE.notKnown : STATE.absent;
  const side = clearSide(finding);
  return side ? STATE[side] : STATE.present;
}

interface Rest {
  encoding: Encoding;
  snippets: ReadSnippet[];
  candidates: Candidate[];
  semantic?: Float32Array;
  newId: () => string;
}

function toSentence(
  candidate: Candidate,
  { encoding, snippets, candidates, semantic, newId }: Rest,
): Sentence {
  const others: OtherSentence[] = candidates.filter((c) => c !== candidate);
  const { text, section, origin, decoded } = candidate;
  const grounded = groundSentence(text, {
    section,
    origin,
    findings: encoding.findings,
    snippets,
    others,
    hasPrior: false,
    semantic,
    probability: decoded?.probability,
  });
  return {
    id: newId(),
    section,
    text,
    origin,
    status: 'proposed',
    ...grounded,
    focus: focusFor(grounded.statements, encoding, decoded),
  };
}

function focusFor(statements: Statement[], encoding: Encoding, decoded?: DecodedSentence): Focus[] {
  const positive = statements.filter((s) => s.state !== 'absent').map((s) => s.finding);
  if (positive.length > 0) return focusOf(encoding, positive);
  return decoded ? lookOf(encoding, decoded.look) : [];
}

/** What is possible and not drafted: offered beside the draft. */
function offersFor(
  encoding: Encoding,
  snippets: ReadSnippet[],
  candidates: Candidate[],
  newId: () => string,
): Offer[] {
  return encoding.findings
    .filter((f) => f.possible)
    .filter(
      (f) => !candidates.some((c) => c.statements.some((s) => s.finding === f.id && s.state === 'present')),
    )
    .sort((a, b) => b.probability - a.probability)
    .map((finding) => {
      const side = clearSide(finding);
      const text = findingPhrase(finding.id, finding.name, side);
      const { citations } = groundSentence(text, {
        section: 'findings',
        origin: 'offer',
        findings: encoding.findings,
        snippets,
        others: [],
        hasPrior: false,
      });
      return {
        id: newId(),
        finding: finding.id,
        name: finding.name,
        probability: finding.probability,
        side,
        text,
        citations,
        focus: focusOf(encoding, [finding.id]),
      };
    });
}
