/**
 * Reads what a report says of the pack's findings. One reader for grounding, for the reward in training and for
 * evaluation, so that all three mean the same. Scopes follow NegEx (Chapman et al. 2001) and ConText (Harkema et al. 2009):
 * cues reach from where they stand to the end of their clause.
 */

import vocabulary from '../../models/training/findings.json' with { type: 'json' };
import type { Side, Statement } from '../../preload/values.js';
import { acutes, normals, terms } from './lexicon.js';
import { splitSentences } from './sentences.js';

/** Findings that have a side: a word for a side beside any other one belongs to something else. */
const SIDED = new Set(vocabulary.filter((finding) => finding.sided).map((finding) => finding.id));

const CLAUSE_END =
  /\b(?:but|however|although|though|except(?: for)?|apart from|aside from|other than|otherwise|with the exception of|yet|whereas|while|nevertheless|representing|which)\b|[;:]|,? and (?=(?:the |there )[a-z]+(?: [a-z]+){0,3} (?:is|are|appears?|remains?|has)\b)|,? (?:and )?there (?:is|are)\b|,(?= (?:small|mild|minimal|moderate|stable|unchanged|chronic|old|probable|possible|stable) (?!.*\b(?:or|nor)\b))|\b(?:is|are) (?:present|noted|seen|identified|demonstrated)\b,? (?:with|and)\b/g;

const NOT_A_NEGATION =
  /\b(?:no|not|without)(?: any)?(?: (?:significant|significantly|appreciable|interval|definite|substantial|gross|grossly|marked|real))? (?:change|changed|increase|decrease|progression|difference|improvement|only|necessarily|exclude|excluded|rule out|ruled out)\b|\b(?:cannot|can not|can't|could not|not|difficult to)(?: be)?(?: \w+)? (?:excluded?|ruled? out)\b/g;
const NEGATION =
  /\b(?:no|not|without|free of|clear of|negative for|absence of|absent|denies|nor|neither|rather than|resolution of|resolved|removal of|removed|exclude|excludes|none|lack of|interval clearing of|clearing of|never)\b/g;
const NEGATED_AFTER =
  /^[^;:]{0,60}?\b(?:(?:is|are|was|were|has been|have been|has|have)? ?(?:not|no longer) (?:\w+ )?(?:seen|identified|visualized|present|evident|demonstrated|appreciated|detected|noted|apparent|observed|visible|enlarged|definitely)|(?:is|are) absent|(?:has|have) (?:\w+ )?(?:resolved|cleared)|(?:has|have) been removed|(?:is|are) (?:unlikely|ruled out|excluded)|resolved|within (?:normal limits|the limits of normal|limits of normal)|(?:is|are|appears?) (?:normal|unremarkable))\b/;

const HEDGE =
  /\b(?:possib(?:le|ly|ility of)|may|might|could|questionable|question of|questioned|equivocal|suspected|suspicious for|suspicion (?:of|for)|cannot (?:be )?exclude[d]?|can not exclude|not (?:entirely )?exclude[d]?|versus|vs|difficult to exclude|concern(?:ing)? for|worrisome for|differential|consider|if|rule out|evaluate for|evidence to suggest)\b/g;
const HEDGED_AFTER =
  /^[^;:]{0,50}?\b(?:(?:cannot|can not|could not|can't) (?:be )?(?:entirely |completely )?(?:excluded?|ruled out)|not (?:entirely |completely )?(?:excluded|ruled out)|is (?:possible|questioned|suspected|not excluded)|(?:is|are) difficult to exclude|(?:could|may|might) be present)\b|^ (?:[a-z-]+ ){0,2}(?:versus|vs)\b/;
/** What follows is not said of this study's images. */
const ELSEWHERE =
  /\b(?:history of|evaluate for|evaluation of|evaluation for|rule out|to exclude|to evaluate|clinical (?:concern|suspicion)(?: for| of)?|concern is for|indication|if there is|if concern|symptoms of|recommend\w*|follow-?up|known)\b/;

const BILATERAL =
  /\b(?:bilateral(?:ly)?|both|bibasilar|biapical|bibasal|bi-basilar|left and right|right and left|(?:right|left) (?:greater|more|worse) than (?:the )?(?:left|right)|each)\b/;
const LEFT = /\b(?:left|left-sided|lingula|lingular|leftward)\b/;
const RIGHT = /\b(?:right|right-sided|middle lobe|rml|rll|rul|minor fissure)\b/;
const LEFT_ABBREVIATED = /\b(?:lll|lul)\b/;
/** Sides of organs and projections, which are no side of a finding. */
const OTHER_SIDES =
  /\b(?:(?:left|right) (?:lateral|anterior oblique|posterior oblique)(?: decubitus)?(?: (?:view|film|projection))|(?:left|right) (?:ventric\w+|atri\w+|heart|upper quadrant|hip|knee))\b/g;
const SITE =
  /\b(?:(?:upper|middle|lower|mid) (?:lobes?|lungs?|zones?)|lingula|ap(?:ex|ices|ical)|biapical|bas(?:e|es|ilar|al)|bibasilar|retrocardiac|perihilar|suprahilar|infrahilar|hil(?:um|ar|a)|costophrenic|mediastin(?:um|al)|thoracic spine|lumbar spine|cervical spine|thoracolumbar spine)\b/;

type State = Statement['state'];

interface Span {
  start: number;
  end: number;
}

// Most patterns do not occur in a sentence, and asking that first takes half the time.
const spans = (text: string, pattern: RegExp): Span[] =>
  (text.search(pattern) < 0 ? [] : [...text.matchAll(pattern)]).map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
  }));

const inside = (inner: Span, outer: Span) => inner.start >= outer.start && inner.end <= outer.end;

/** The clause around a span: from the last clause end before it to the first after it. */
function clauseAround(text: string, span: Span, ends: Span[]): Span {
  let start = 0;
  let end = text.length;
  for (const e of ends) {
    if (e.end <= span.start) start = Math.max(start, e.end);
    else if (e.start >= span.end) end = Math.min(end, e.start);
  }
  return { start, end };
}

function sideIn(phrase: string): Side | undefined {
  const text = phrase.replace(OTHER_SIDES, ' ');
  const left = LEFT.test(text) || LEFT_ABBREVIATED.test(text);
  const right = RIGHT.test(text);
  if (BILATERAL.test(text) || (left && right)) return 'bilateral';
  if (left) return 'left';
  return right ? 'right' : undefined;
}

/** Where one part of an enumeration ends; not between two sides of one finding ("right and left lower lobes"). */
const PART_END_ONCE = /,| with |(?<!\b(?:left|right)) and (?!(?:left|right)(?: \w+)?$)/;
const PART_END = new RegExp(PART_END_ONCE, 'g');

/** The side said of a mention: in its own part of the enumeration first, then in its clause; of a denial only the first. */
function sideOf(text: string, span: Span, clause: Span, state: State): Side | undefined {
  const before = text.slice(clause.start, span.start);
  const after = text.slice(span.end, clause.end);
  const partStart = [...before.matchAll(PART_END)].at(-1)?.index ?? 0;
  const comma = PART_END_ONCE.exec(after);
  const part = text.slice(clause.start + partStart, span.end + (comma ? comma.index : after.length));
  return sideIn(part) ?? (state === 'absent' ? undefined : sideIn(text.slice(clause.start, clause.end)));
}

function stateOf(
  text: string,
  span: Span,
  clause: Span,
  negations: Span[],
  hedges: Span[],
): State | undefined {
  const before = text.slice(clause.start, span.start);
  const after = text.slice(span.end, clause.end);
  if (ELSEWHERE.test(before)) return undefined;
  if (HEDGED_AFTER.test(after)) return 'uncertain';
  const reaches = (cue: Span) => cue.start >= clause.start && cue.end <= span.end;
  if (negations.some(reaches) || NEGATED_AFTER.test(after)) return 'absent';
  if (hedges.some(reaches)) return 'uncertain';
  return 'present';
}

/** Present outweighs uncertain outweighs absent, within one sentence. */
const weight: Record<State, number> = { present: 2, uncertain: 1, absent: 0 };

function parseSentence(sentence: string): Statement[] {
  // A heading ("Lungs: clear") is part of what is said.
  const text = sentence.toLowerCase().replace(/:\s|\s+/g, ' ');
  const ends = spans(text, CLAUSE_END);
  const pseudo = spans(text, NOT_A_NEGATION);
  const negations = spans(text, NEGATION).filter((n) => !pseudo.some((p) => inside(n, p)));
  const hedges = spans(text, HEDGE);
  const statements = new Map<string, Statement>();

  const say = (statement: Statement) => {
    const known = statements.get(statement.finding);
    if (!known || weight[statement.state] > weight[known.state]) {
      statements.set(statement.finding, statement);
    } else if (known.state === statement.state && known.side !== statement.side && known.state !== 'absent') {
      if (known.side && statement.side) known.side = 'bilateral';
      else known.side ??= statement.side;
      known.site ??= statement.site;
    }
  };

  for (const { finding, mentions, not } of terms) {
    const excluded = not.flatMap((pattern) => spans(text, pattern));
    const taken: Span[] = [];
    for (const span of mentions.flatMap((pattern) => spans(text, pattern))) {
      if (excluded.some((e) => inside(span, e)) || taken.some((t) => inside(span, t))) continue;
      taken.push(span);
      const clause = clauseAround(text, span, ends);
      const state = stateOf(text, span, clause, negations, hedges);
      if (!state) continue;
      const side = SIDED.has(finding) ? sideOf(text, span, clause, state) : undefined;
      const site = SITE.exec(text.slice(clause.start, clause.end))?.[0];
      say({ finding, state, ...(side && { side }), ...(site && state !== 'absent' && { site }) });
    }
  }
  for (const { pattern, findings } of normals)
    for (const span of spans(text, pattern)) {
      const before = text.slice(Math.max(0, span.start - 30), span.end);
      if (/\botherwise\b/.test(before)) continue;
      const after = text.slice(span.end, span.end + 4);
      if (/^ of /.test(after) || negations.some((n) => n.end <= span.start && span.start - n.end < 4))
        continue;
      const side = sideIn(text.slice(Math.max(0, span.start - 6), span.end));
      for (const finding of findings)
        if (!statements.has(finding))
          say({ finding, state: 'absent', ...(side && SIDED.has(finding) && { side }) });
    }
  for (const { pattern, findings } of acutes)
    if (pattern.test(text)) {
      pattern.lastIndex = 0;
      for (const finding of findings) if (!statements.has(finding)) say({ finding, state: 'absent' });
    }
  return [...statements.values()];
}

/**
 * What a text says of each finding of the pack, in the order it says it. One statement per finding and sentence; text that
 * names no finding yields none. `side` and `site` only where they are said.
 */
export function parseFindings(text: string): Statement[] {
  return splitSentences(text).flatMap(parseSentence);
}
