/**
 * What a radiologist does to the sentences of a report. Every transition is a pure function from report to report; none
 * applies to a final report.
 */
import type { FlagCode, Report, Section, Sentence, Statement } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import type { Grounding, ReviewContext } from './context.js';
import { humanFlags } from './flags.js';
import { changed, requireOpen } from './states.js';

/** Marks a sentence as accepted. Its flags stay: accepting is not confirming. */
export function acceptSentence(report: Report, id: string, context: ReviewContext): Report {
  return withSentence(report, id, context, (sentence) => {
    if (sentence.status === 'edited' || sentence.status === 'added') return sentence;
    return { ...sentence, status: 'accepted' };
  });
}

/**
 * Puts the radiologist's `text` in place of a sentence and checks it again. The first text is kept in `original`, what stood
 * behind it in `drafted`. `unsupported` goes, because a human answers for the text now; conflicts found in it stay.
 */
export function editSentence(report: Report, id: string, text: string, context: ReviewContext): Report {
  const written = requireText(text);
  return withSentence(report, id, context, (sentence) => {
    if (written === sentence.text) return sentence;
    const edited: Sentence = {
      ...sentence,
      ...humanGrounding(context.reground(written, report, sentence), written, sentence),
      text: written,
      confidence: 1,
    };
    if (sentence.origin === 'human') return { ...edited, status: 'added' };
    return {
      ...edited,
      status: 'edited',
      original: sentence.original ?? sentence.text,
      drafted: sentence.drafted ?? groundingOf(sentence),
    };
  });
}

/** Takes a sentence out of the report. It stays stored, for restoring and for learning, with no say in the signature. */
export function rejectSentence(report: Report, id: string, context: ReviewContext): Report {
  return withSentence(report, id, context, (sentence) => ({ ...sentence, status: 'rejected' }));
}

/** Brings a sentence back to as it was drafted, or, where a human wrote it, back into the report; its flags open again. */
export function restoreSentence(report: Report, id: string, context: ReviewContext): Report {
  return withSentence(report, id, context, (sentence) => {
    const { original, drafted, ...rest } = sentence;
    return {
      ...rest,
      ...drafted,
      text: original ?? sentence.text,
      status: statusAtFirst[sentence.origin],
      flags: (drafted ?? sentence).flags.map((flag) => ({ ...flag, resolved: false })),
    };
  });
}

/**
 * Adds a sentence of the radiologist's own after the sentence `after` (null: at the head of the section).
 * @throws WetreadError `bad-input` when `after` belongs to the other section.
 */
export function addSentence(
  report: Report,
  place: { section: Section; after: string | null; text: string },
  context: ReviewContext,
): Report {
  requireOpen(report);
  const text = requireText(place.text);
  const blank: Sentence = {
    id: context.newId(),
    section: place.section,
    text,
    origin: 'human',
    status: 'added',
    support: 'none',
    confidence: 1,
    statements: [],
    citations: [],
    flags: [],
    focus: [],
  };
  const grounding = context.reground(text, report, blank);
  return insert(report, place, { ...blank, ...humanGrounding(grounding, text, blank) }, context);
}

/**
 * Confirms a sentence in spite of its flags of one code.
 * @throws WetreadError `bad-input` for `incomplete`: an empty field is filled in or rejected.
 */
export function confirmFlag(report: Report, id: string, code: FlagCode, context: ReviewContext): Report {
  return withSentence(report, id, context, (sentence) => {
    if (code === 'incomplete')
      throw new WetreadError('bad-input', 'This field is empty. Fill it in, or reject the sentence.');
    if (!sentence.flags.some((flag) => flag.code === code))
      throw new WetreadError('not-found', `The sentence has no flag “${code}”.`);
    return {
      ...sentence,
      flags: sentence.flags.map((flag) => (flag.code === code ? { ...flag, resolved: true } : flag)),
    };
  });
}

/** Takes an offered finding into the findings, as an accepted sentence at their end, checked against the others. */
export function takeOffer(report: Report, id: string, context: ReviewContext): Report {
  requireOpen(report);
  const offer = requireOffer(report, id);
  const statement: Statement = { finding: offer.finding, state: 'present' };
  if (offer.side) statement.side = offer.side;
  const sentence: Sentence = {
    id: context.newId(),
    section: 'findings',
    text: offer.text,
    origin: 'offer',
    status: 'accepted',
    support: offer.citations.length > 0 ? 'both' : 'image',
    confidence: offer.probability,
    statements: [statement],
    citations: offer.citations,
    flags: [],
    focus: offer.focus,
  };
  const flags = humanFlags(offer.text, context.reground(offer.text, report, sentence).flags);
  const last = report.sentences.findLast((other) => other.section === 'findings');
  const taken = insert(
    report,
    { section: 'findings', after: last?.id ?? null },
    { ...sentence, flags },
    context,
  );
  return { ...taken, offers: taken.offers.filter((other) => other.id !== id) };
}

/** Drops an offered finding. */
export function dismissOffer(report: Report, id: string, context: ReviewContext): Report {
  requireOpen(report);
  requireOffer(report, id);
  return changed(report, { offers: report.offers.filter((other) => other.id !== id) }, context);
}

const statusAtFirst = {
  model: 'proposed',
  template: 'proposed',
  offer: 'accepted',
  human: 'added',
} as const satisfies Record<Sentence['origin'], Sentence['status']>;

function groundingOf(sentence: Sentence): NonNullable<Sentence['drafted']> {
  const { support, confidence, statements, citations, flags, focus } = sentence;
  return { support, confidence, statements, citations, flags, focus };
}

/**
 * While a text still states the same, what stood behind it stands, and so do its conflicts: grounding at draft time saw the image,
 * grounding of an edit may not. A text that states something else has only what was found for it anew.
 */
function humanGrounding(found: Grounding, text: string, before: Sentence) {
  if (!sameStatements(found.statements, before.statements))
    return {
      statements: found.statements,
      flags: humanFlags(text, found.flags),
      support: found.support ?? 'none',
      citations: found.citations ?? [],
      focus: found.focus ?? [],
    };
  const conflicts = before.flags.filter(({ code }) => code === 'side-conflict' || code === 'contradiction');
  const news = found.flags.filter(
    (flag) => !conflicts.some(({ code, message }) => code === flag.code && message === flag.message),
  );
  const { statements, support, citations, focus } = before;
  return { statements, flags: humanFlags(text, [...conflicts, ...news]), support, citations, focus };
}

/** Whether two texts claim the same; texts in which no finding was understood are never taken for the same. */
function sameStatements(some: Statement[], others: Statement[]): boolean {
  const keys = (statements: Statement[]) =>
    statements
      .map(({ finding, state, side, site }) => [finding, state, side ?? '', site ?? ''].join('\n'))
      .sort()
      .join('\n\n');
  return some.length > 0 && keys(some) === keys(others);
}

function insert(
  report: Report,
  place: { section: Section; after: string | null },
  sentence: Sentence,
  context: ReviewContext,
): Report {
  const sentences = [...report.sentences];
  sentences.splice(indexOfPlace(report, place), 0, sentence);
  return changed(report, { sentences }, context);
}

function indexOfPlace(report: Report, place: { section: Section; after: string | null }): number {
  if (place.after !== null) {
    const before = requireSentence(report, place.after);
    if (before.section !== place.section)
      throw new WetreadError('bad-input', `The sentence before it is not in the ${place.section}.`);
    return report.sentences.indexOf(before) + 1;
  }
  const first = report.sentences.findIndex((sentence) => sentence.section === place.section);
  if (first >= 0) return first;
  return place.section === 'findings' ? 0 : report.sentences.length;
}

function withSentence(
  report: Report,
  id: string,
  context: ReviewContext,
  change: (sentence: Sentence) => Sentence,
): Report {
  requireOpen(report);
  const before = requireSentence(report, id);
  const after = change(before);
  if (after === before) return report;
  return changed(
    report,
    { sentences: report.sentences.map((sentence) => (sentence === before ? after : sentence)) },
    context,
  );
}

function requireSentence(report: Report, id: string): Sentence {
  const sentence = report.sentences.find((candidate) => candidate.id === id);
  if (!sentence) throw new WetreadError('not-found', 'This sentence is no longer in the report.');
  return sentence;
}

function requireOffer(report: Report, id: string) {
  const offer = report.offers.find((candidate) => candidate.id === id);
  if (!offer) throw new WetreadError('not-found', 'This finding is no longer on offer.');
  return offer;
}

function requireText(text: string): string {
  const written = text.trim();
  if (written === '') throw new WetreadError('bad-input', 'Write something, or reject the sentence.');
  return written;
}
