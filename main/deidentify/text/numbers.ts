import type { Rule } from './spans.js';

/*
 * Numbers that lead to one person or device: (b)(2)(i)(G) to (M), (P) and (R) of 45 CFR 164.514. With a label anything goes that holds
 * a digit; without one only shapes that no measurement has.
 */

const value = String.raw`(?=[A-Za-z./_-]{0,12}\d)[A-Za-z0-9][A-Za-z0-9._/-]{0,60}[A-Za-z0-9]`;
const joint = String.raw`\s{0,3}(?:(?:number|num|no\.?|nr\.?|id|code)(?![A-Za-z])|#)?\s{0,3}(?:is\s{1,3}|was\s{1,3})?[:#=]?\s{0,3}#?\s{0,3}`;

export const numbers: readonly Rule[] = [
  {
    kind: 'number',
    pattern: new RegExp(
      String.raw`\b(?:MRN|MR\s?#|medical record|med\.? rec\.?|hospital (?:number|no\.?|id)|patient (?:id|identifier|number|no\.?)|pt\.? id|chart|accession|acc\.? ?(?:no\.?|#)|acct\.?|account|encounter|visit (?:number|no\.?|id|#)|requisition|order (?:number|no\.?|id|#)|exam (?:number|no\.?|id|#)|study (?:number|no\.?|id|#)|report (?:number|no\.?|id|#)|case (?:number|no\.?|id|#)|document (?:number|no\.?|id|#)|dictation (?:number|no\.?|id|#)|job (?:number|no\.?|id|#)|specimen (?:number|no\.?|id|#)|SSN|social security|health plan|beneficiary|insurance|policy|member|subscriber|medicare|medicaid|claim|licen[cs]e|DEA|NPI|passport|NHS|serial|s\/n|lot|device (?:id|identifier)|UDI|plate|VIN|record (?:number|no\.?|id|#)|ID)\b${joint}(?<part>${value})`,
      'gi',
    ),
    accept: ({ groups }) => /\d{3}|[A-Za-z]-?\d\d|\d[A-Za-z]\d/.test(groups?.part ?? ''),
  },
  // Social security number
  { kind: 'number', pattern: /(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])/g },
  // UIDs of DICOM
  { kind: 'number', pattern: /(?<![\d.])[0-2](?:\.(?:0|[1-9]\d{0,38})){5,40}(?![\d])/g },
  // Six digits and more in one piece, or in groups behind letters: 20-004512, XR19004512
  {
    kind: 'number',
    pattern:
      /(?<![\w.,/$-])[A-Z]{0,4}-?\d{0,4}-?\d{6,40}(?![\w]|[.,]\d|\s{0,3}(?:\/|x10|cells?|units?|IU|copies|mg|mL|mcg|Bq|MBq)\b)/g,
    // Not the numbers of published works and of terminologies.
    accept: (match, text) =>
      !/^RID/.test(match[0]) &&
      !/(?:PMID|PMC|UI|O?MIM|ISBN|ISSN|doi|SNOMED(?: CT)?|LOINC|RID)\W{0,3}$/i.test(
        text.slice(Math.max(0, match.index - 14), match.index),
      ),
  },
  { kind: 'number', pattern: /(?<![\w./-])[A-Z]{1,4}-?(?:\d{2,4}-)\d{3,6}(?![\w]|[./]\d)/g },
  {
    kind: 'number',
    pattern: /(?<![\w-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-])/gi,
  },
  // Internet addresses
  {
    kind: 'number',
    pattern: /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\d.]\d|\d)/g,
  },
];
