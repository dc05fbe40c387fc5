/** What a study is measured against: the radiologist's report, and the coding where there is one. */
import type { Side } from '../../preload/values.js';
import { splitSentences } from '../findings/index.js';
import { codedFindings, findingsOf, isCoded, isNormal, sidesOf, termsOf } from './coding.js';
import { type ReportedStudy, withoutMarks } from './dataset.js';
import { presentIn } from './statements.js';

export interface Reference {
  uid: string;
  /** Sections without what was removed for privacy. */
  sections: { findings: string; impression: string };
  /** Their sentences, without full stops. */
  sentences: string[];
  /** Findings that the report states as present. */
  present: ReadonlySet<string>;
  /** Undefined where nobody coded the study. */
  coding?: {
    findings: ReadonlySet<string>;
    /** Side of each coded finding that has one. */
    sides: ReadonlyMap<string, Side>;
    normal: boolean;
  };
}

export function referenceOf(study: ReportedStudy): Reference {
  const sections = { findings: withoutMarks(study.findings), impression: withoutMarks(study.impression) };
  const sentences = [...splitSentences(sections.findings), ...splitSentences(sections.impression)];
  const reference = { uid: study.uid, sections, sentences, present: presentIn(sentences) };
  if (!isCoded(study)) return reference;
  const sides = new Map<string, Side>();
  for (const { id, sided, mesh } of codedFindings) {
    const side = sided ? sidesOf(termsOf(study, mesh)) : undefined;
    if (side) sides.set(id, side);
  }
  return { ...reference, coding: { findings: findingsOf(study), sides, normal: isNormal(study) } };
}
