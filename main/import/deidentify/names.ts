import { ordinaryWords } from './ordinary-words.js';
import type { Span } from './spans.js';

/* People: patients, relatives, staff ((b)(2)(i)(A) of 45 CFR 164.514). A cue (title, credential, label, verb) says that a name follows. */

const particle = '(?:de|da|di|del|della|dos|du|la|le|van|von|der|den|ten|bin|ibn|al|el|St\\.)';
/** One word of a name: Doe, O'Brien, McDonald, Smith-Jones, J., DOE. */
const word = String.raw`(?:\p{Lu}[\p{L}\p{M}]*(?:['’-]\p{L}[\p{L}\p{M}]*)*\.?)`;
const gap = '[ \\t]+';
const credential = String.raw`(?:M\.\s?D\.?|MD|D\.\s?O\.|DO|Ph\.?\s?D\.?|R\.N\.|RN|N\.P\.|NP|ARNP|CRNP|PA-C|FACR|FRCR|FRCS|MBBS|MBChB|FACS|RDMS|R\.?T\.?\(R\)|RT|DDS|DVM|DPM|Jr\.?|Sr\.?|III)`;
const run = `(?:${particle}${gap}){0,2}${word}(?:(?:${gap}|[-.])(?:${particle}${gap}){0,2}${word}){0,3}`;

const titles = new RegExp(
  String.raw`(?<![\p{L}-])(?:Drs?|Doctors?|Mr|Mrs|Ms|Miss|Mx|Messrs|Prof|Professor|Sir|Madam|Nurse|Sister|Brother|Father|Rev|Reverend|Rabbi|Capt|Captain|Sgt|Sergeant|Lt|Lieutenant|Col|Colonel|Maj|Major|DR|DRS|MRS)\.?${gap}(${run}(?:(?:,|${gap}and|${gap}&|\/)${gap}${run}){0,3})`,
  'gu',
);
/** MR and MS in capitals are methods and diseases unless a full stop follows. */
const capitalTitles = new RegExp(
  String.raw`(?<![\p{L}-])(?:MR|MS)\.${gap}(${run})(?=\s+(?:IS|WAS|HAS|HAD|PRESENTS|RETURNS|WILL)\b|,)`,
  'gu',
);
const credentials = new RegExp(
  String.raw`(?<![\p{L}-])(${word}(?:,?${gap}${word}){0,4}),?${gap}${credential}(?![\p{L}])`,
  'gu',
);
const roles =
  "patient(?:[’']?s)? ?(?:name)?|pt\\.?(?: name)?|name|full name|last name|first name|surname|mother|father|guardian|next of kin|emergency contact|spouse|referring|referred by|referrer|ordering|ordered by|requesting|requested by|attending|admitting|primary care|radiologist|interpreting|interpreted by|dictated by|dictating|transcribed by|transcriptionist|signed by|signed|electronically signed by|electronically signed|e-signed by|esigned|signature|read by|reported by|reviewed by|verified by|approved by|authenticated by|finali[sz]ed by|technologist|tech|technician|sonographer|performed by|performing|resident|fellow|physician|doctor|provider|clinician|surgeon|anesthesiologist|assistant|consultant|cardiologist|author|authors|contributor|submitted by|prepared by|cc|copy to|copies to|attention|attn";
const labels = new RegExp(
  String.raw`(?<![\p{L}-])(?:${roles})(?:${gap}(?:physicians?|radiologist|doctor|dr\.?|md|m\.d\.|provider|clinician|practitioner|by|name|surgeon))*[ \t]*[:=][ \t]*((?:dr\.?${gap})?\p{L}[\p{L}\p{M}'’.-]*(?:[ \t,]+\p{L}[\p{L}\p{M}'’.-]*){0,6})`,
  'giu',
);
const acts = new RegExp(
  String.raw`(?<![\p{L}-])(?:dictated|transcribed|signed|read|reported|reviewed|verified|approved|authenticated|interpreted|finali[sz]ed|performed|requested|ordered|referred|supervised|prepared|submitted|contributed|discussed|communicated|conveyed|relayed|called|given|telephoned|paged|notified|informed|spoke|spoken|conferred|reached|via)(?:${gap}(?:by|with|to|directly|verbally|via|telephone|phone|in person|over|the|and|on|at))*${gap}(${run}(?:(?:,|${gap}and|${gap}&)${gap}${run}){0,2})`,
  'giu',
);
const kin = new RegExp(
  String.raw`(?<![\p{L}-])(?:wife|husband|son|daughter|mother|father|brother|sister|spouse|partner|friend|neighbou?r|caregiver|guardian|aunt|uncle|cousin|grandmother|grandfather|named|name is|known as|a\.k\.a\.|aka|patient|pt|baby (?:boy|girl))(?:,?${gap}(?:named${gap})?)(${run})`,
  'gu',
);
const initials = /(?<![\p{L}.])(?:\p{Lu}\.\s?){2,3}(?=\s*(?:is|was|presented|has|had)\b)/gu;
const commaName = /^[ \t]*((?:\p{Lu}{2,}|\p{Lu}\p{Ll}+),[ \t]*\p{Lu}[\p{L}]+(?:[ \t]\p{Lu}\.?)?)[ \t]*$/gmu;

/** Spans of people's names that a cue gives away. */
export function cuedNames(text: string): Span[] {
  const spans: Span[] = [];
  const add = (from: number, name: string, loose = false) => {
    for (const span of trimmed(from, name, loose)) spans.push(span);
  };
  for (const pattern of [titles, capitalTitles, labels, acts, kin])
    for (const match of text.matchAll(pattern)) {
      const name = match[1] ?? '';
      const from = match.index + match[0].length - name.length;
      if (pattern === labels) add(from, name, true);
      else if (startsUpper(name)) add(from, name);
    }
  for (const match of text.matchAll(credentials)) add(match.index, match[1] ?? '');
  for (const match of text.matchAll(initials))
    spans.push({ from: match.index, to: match.index + match[0].trimEnd().length, kind: 'name' });
  for (const match of text.matchAll(commaName)) {
    const words = (match[1] ?? '').toLowerCase().match(/\p{L}+/gu) ?? [];
    if (!words.some((one) => ordinaryWords.has(one)))
      add(match.index + match[0].indexOf(match[1] ?? ''), match[1] ?? '');
  }
  return spans;
}

const startsUpper = (name: string) => /^(?:\p{Lu}|(?:de|da|di|van|von|el|al|la|le)\s)/u.test(name);

/** The name without the ordinary words around it, cut where one stands within. `loose`: lower case counts as well. */
function trimmed(from: number, name: string, loose: boolean): Span[] {
  const spans: Span[] = [];
  let start = -1;
  let end = -1;
  const close = () => {
    if (start >= 0) spans.push({ from: from + start, to: from + end, kind: 'name' });
    start = -1;
  };
  for (const match of name.matchAll(/[\p{L}\p{M}'’.-]+/gu)) {
    const bare = match[0].replace(/\.$/, '');
    const ordinary =
      ordinaryWords.has(bare.toLowerCase()) || (bare.length <= 3 && /^\p{Lu}{2,}$/u.test(bare) && !loose);
    if (ordinary) {
      if (start >= 0) {
        close();
        if (loose) break;
      } else if (loose) break;
      continue;
    }
    if (start < 0) start = match.index;
    end = match.index + (bare.length === 1 ? match[0].length : bare.length);
  }
  close();
  return spans;
}
