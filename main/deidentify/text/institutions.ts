import { reportWords } from './ordinary-words.js';
import type { Span } from './spans.js';

/** Hospitals, clinics, practices and universities by name. "The hospital" and "pain clinic" name nobody and stay. */

const word = String.raw`(?:\p{Lu}[\p{L}\p{M}]{0,30}\.?(?:['’-]\p{L}{1,30}){0,2})`;
const gap = '[ \\t]{1,4}';
const kind = `(?:Hospitals?|Medical${gap}(?:Center|Centre|Group|College|School|Associates|Clinic|Plaza|Arts)|Health${gap}(?:System|Center|Centre|Care|Network|Services?)|Healthcare|HealthCare|Clinics?|Infirmary|(?:Diagnostic${gap})?Imaging(?:${gap}(?:Center|Centre|Associates|Group|Services?|Consultants|Partners))|Radiology${gap}(?:Associates|Group|Consultants|Partners|Center|Clinic)|Cancer${gap}(?:Center|Centre|Institute)|Heart${gap}(?:Center|Institute)|Diagnostic${gap}Imaging|(?:Urgent|Primary)${gap}Care|Surgery${gap}Center|Surgical${gap}Center|Trauma${gap}Center|University|Institute|Hospice|Nursing${gap}(?:Home|Facility)|Rehabilitation${gap}(?:Center|Hospital)|Sanatorium|Polyclinic|Medical${gap}Foundation|Care${gap}Center|Physicians${gap}Group|Orthopa?edics${gap}(?:Associates|Group|Clinic))`;
const named = new RegExp(
  String.raw`(?<![\p{L}-])(${word}(?:(?:${gap}|${gap}(?:of|and|de|del|la|&)${gap}|,${gap}(?=\p{Lu}\p{L}+${gap}Hospital)|-)${word}){0,5}${gap})(${kind}|${kind.toUpperCase().replaceAll('\\T', '\\t')})(?:${gap}(?:of|at|for|and|in)${gap}(?:the${gap})?${word}(?:${gap}${word}){0,3}|(?:${gap}${kind}))*(?![\p{L}])`,
  'gu',
);
const ofPlace = new RegExp(
  String.raw`(?<![\p{L}-])(?:University|Hospital|Institute|College|Children['’]s${gap}Hospital)${gap}(?:of|for)${gap}(?:the${gap})?${word}(?:(?:${gap}|${gap}(?:of|and|at|in)${gap}|,${gap}|-)(?:the${gap})?${word}){0,4}`,
  'gu',
);
const labelled =
  /(?<=^[ \t]{0,8}(?:institution|facility|hospital|clinic|practice|site|performing site|location of service|employer|organi[sz]ation|department|ward)(?: name)?[ \t]{0,8}:[ \t]{0,8})\S[^\n;|]{0,200}?(?=[ \t]{0,8}(?:$|[;|]))/gimu;

/** What each name of an institution has, in capitals or not: a text without it is not searched. */
const noun =
  /hospi|medical|health|clinic|infirmary|imaging|radiology|center|centre|institute|college|university|care|sanatorium|physicians|orthop|sur(?:gery|gical)|diagnostic|nursing|rehabilitation/i;

/** Departments name no institution: Hematology Clinic, Pain Clinic. */
const departments =
  /(?:ology|iatrics?|iatry|surgery|surgical|metrics|therapy|fracture|allergy|diabetes|wound|sleep|stroke)$/;

/** Spans of institutions' names. */
export function institutions(text: string): Span[] {
  const spans: Span[] = [];
  const nouns = noun.test(text);
  for (const match of nouns ? text.matchAll(named) : []) {
    const lead = match[1] ?? '';
    // Ordinary words before the name belong to the sentence: "Transferred from Outside Hospital".
    let skipped = 0;
    let names = false;
    for (const one of lead.matchAll(/[\p{L}\p{M}.'’&-]+/gu)) {
      const bare = one[0].replace(/\.$/, '').toLowerCase();
      if (reportWords.has(bare) || departments.test(bare)) {
        if (!names) skipped = one.index + one[0].length;
      } else names = true;
    }
    if (!names) continue;
    const from = match.index + skipped + (lead.slice(skipped).match(/^\s{0,3}/)?.[0].length ?? 0);
    spans.push({ from, to: match.index + match[0].length, kind: 'institution' });
  }
  for (const match of nouns ? text.matchAll(ofPlace) : []) {
    // The Royal College of Radiologists is a source, not where anybody was seen.
    if (
      /\b(?:American|Royal|British|European|Canadian)\s$/.test(
        text.slice(Math.max(0, match.index - 12), match.index),
      )
    )
      continue;
    spans.push({ from: match.index, to: match.index + match[0].length, kind: 'institution' });
  }
  for (const match of text.includes(':') ? text.matchAll(labelled) : [])
    if (!match[0].split(/\s{1,3}/).every((one) => reportWords.has(one.toLowerCase())))
      spans.push({ from: match.index, to: match.index + match[0].length, kind: 'institution' });
  return spans;
}
