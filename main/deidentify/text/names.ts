import { CueWords } from './cue-words.js';
import { afterEponym, afterName, eponyms } from './eponyms.js';
import { reportWords } from './ordinary-words.js';
import { isListed, isName, isOrdinary, isStrange } from './people-names.js';
import type { Span } from './spans.js';

/*
 * People: patients, relatives, staff ((b)(2)(i)(A) of 45 CFR 164.514). Either a cue says that a name follows (title, label, act,
 * relation) or precedes (credential), or two words of a list of names stand together.
 */

const particle = '(?:de|da|di|del|della|dos|du|la|le|van|von|der|den|ten|bin|ibn|al|el|St\\.)';
/** One word of a name: Doe, O'Brien, McDonald, Smith-Jones, DOE; or an initial. */
const word = String.raw`(?:\p{Lu}[\p{L}\p{M}]{1,30}(?:['’-]\p{L}[\p{L}\p{M}]{0,30}){0,3}|\p{Lu}['’]\p{Lu}[\p{L}\p{M}]{1,30}|\p{Lu}(?![\p{L}\p{M}])\.?)`;
const gap = '[ \\t]{1,4}';
const start = String.raw`(?<![\p{L}\p{M}-])`;
/** Up to four words: Doe; Maria de la Cruz; J. R. Smith-Jones; DOE JANE. */
const run = `(?:${particle}${gap}){0,2}${word}(?:${gap}(?:${particle}${gap}){0,2}${word}){0,3}`;
const runs = `${run}(?:(?:,|,?${gap}and|${gap}&|\\/)[ \\t]{0,8}(?:and${gap})?${run}){0,3}`;

/** How much is taken for a name. `sure`: the first word whatever it is. `listed`: something of it must be in the list of names or
 * no word of English; `known`: in the list. */
type Trust = 'sure' | 'cued' | 'listed' | 'known';
interface Cue {
  /** What it may begin with, in lower case: a text with none of these words is not searched. */
  words: string;
  pattern: RegExp;
  trust: Trust;
}

const cues: readonly Cue[] = [
  {
    trust: 'sure',
    words: `dr drs doctor doctors mr mrs ms miss mx messrs mme prof professor sir madam rev reverend rabbi capt captain sgt sergeant
      lt lieutenant col colonel major`,
    pattern: new RegExp(
      `${start}(?:Drs?|Doctors?|Mr|Mrs|Ms|Miss|Mx|Messrs|Mme|Prof|Professor|Sir|Madam|Rev|Reverend|Rabbi|Capt|Captain|Sgt|Sergeant|Lt|Lieutenant|Col|Colonel|Major)\\.?${gap}(${runs})`,
      'gu',
    ),
  },
  {
    trust: 'sure',
    words: 'dr drs mrs prof',
    pattern: new RegExp(`${start}(?:DRS?|MRS|PROF)\\.${gap}(${runs})`, 'gu'),
  },
  // DR and MRS are digital radiography and spectroscopy as well.
  {
    trust: 'known',
    words: 'dr drs mrs prof',
    pattern: new RegExp(`${start}(?:DRS?|MRS|PROF)${gap}(${runs})`, 'gu'),
  },
  // MR and MS in capitals are a method and a disease, unless a full stop and a verb of a person say otherwise.
  {
    trust: 'sure',
    words: 'mr ms',
    pattern: new RegExp(
      `${start}M[RS]\\.${gap}(${run})(?=\\s{1,3}(?:IS|WAS|HAS|HAD|PRESENTS?|PRESENTED|RETURNS|WILL|UNDERWENT)\\b|,|['’]S)`,
      'gu',
    ),
  },
  {
    trust: 'sure',
    words: 'dr mr mrs ms prof',
    pattern: new RegExp(`${start}(?:dr|mr|mrs|ms|prof)\\.${gap}([a-z][\\p{L}'’-]+)`, 'gu'),
  },
  {
    trust: 'listed',
    words: 'nurse sister brother father madame',
    pattern: new RegExp(`${start}(?:[Nn]urse|[Ss]ister|[Bb]rother|[Ff]ather|[Mm]adame)${gap}(${run})`, 'gu'),
  },
  {
    trust: 'cued',
    words: `dictated transcribed signed esigned e read reported reviewed verified approved authenticated interpreted finalised
      finalized performed requested ordered referred supervised prepared submitted contributed attested validated checked
      examined seen injected scanned typed witnessed consented entered documented treated accompanied`,
    pattern: new RegExp(
      `${start}(?:dictated|transcribed|signed(?: off)?|e-?signed|read|reported|reviewed|verified|approved|authenticated|interpreted|finali[sz]ed|performed|requested|ordered|referred|supervised|prepared|submitted|contributed|attested|validated|checked|examined|seen|injected|scanned|typed|witnessed|consented|entered|documented|treated|accompanied)${gap}(?:electronically${gap})?(?:by|BY)[:]?${gap}(?:the${gap}\\w+,?${gap})?(${runs})`,
      'giu',
    ),
  },
  {
    trust: 'listed',
    words: `discussed reviewed spoke spoken conferred shared consulted communicated conversation confirmed correlated follow
      followup appointment conveyed relayed called reported given telephoned faxed phoned sent addressed handed attention
      notified informed paged alerted told via`,
    pattern: new RegExp(
      `${start}(?:(?:discussed|reviewed|spoke|spoken|conferred|shared|consulted|communicated|conversation|confirmed|correlated|follow[- ]?up|appointment)(?:${gap}(?:by|verbally|directly|via|over|the|on|phone|telephone|in|person|results?|findings?|this|these|case|them|it|up)){0,5}${gap}with|(?:communicated|conveyed|relayed|called|reported|given|telephoned|faxed|phoned|sent|addressed|handed|attention)(?:${gap}(?:by|verbally|directly|via|over|the|on|phone|telephone|in|person|results?|findings?|this|these)){0,5}${gap}to|notified|informed|paged|called|alerted|told|via)${gap}(${runs})`,
      'giu',
    ),
  },
  {
    trust: 'known',
    words: `patient pt wife husband son daughter mother father brother sister radiologist technologist surgeon nurse`,
    pattern: new RegExp(
      `${start}(?:PATIENT|PT|WIFE|HUSBAND|SON|DAUGHTER|MOTHER|FATHER|BROTHER|SISTER|RADIOLOGIST|TECHNOLOGIST|SURGEON|NURSE),?${gap}(${run})`,
      'gu',
    ),
  },
  {
    trust: 'listed',
    words: `wife husband son daughter mother father brother sister spouse partner friend neighbor neighbour caregiver guardian aunt
      uncle cousin grandmother grandfather grandson granddaughter girlfriend boyfriend patient pt baby twin colleague resident
      fellow technologist radiologist surgeon cardiologist oncologist physician midwife`,
    pattern: new RegExp(
      `${start}(?:wife|husband|son|daughter|mother|father|brother|sister|spouse|partner|friend|neighbou?r|caregiver|guardian|aunt|uncle|cousin|grandmother|grandfather|grandson|granddaughter|girlfriend|boyfriend|patient|pt|baby|twin|colleague|resident|fellow|technologist|radiologist|surgeon|cardiologist|oncologist|physician|midwife)(?:['’]s name is)?,?${gap}(${run})`,
      'gu',
    ),
  },
  {
    trust: 'listed',
    words: 'cc to from',
    pattern: new RegExp(
      `(?:^|\\n)[ \\t]{0,8}(?:cc|CC|to|TO|from|FROM)[ \\t]{0,8}:[ \\t]{0,8}(${runs})`,
      'gu',
    ),
  },
  {
    trust: 'cued',
    words: 'named whose her his the née nee goes',
    pattern: new RegExp(
      `${start}(?:named|(?:whose|her|his|the) name is|née|nee|goes by)${gap}(${run})`,
      'gu',
    ),
  },
];

const cueWords = new CueWords(cues.map(({ words }) => words));

const roles =
  'patient|pt|name|full name|last name|first name|middle name|surname|maiden name|mother|father|guardian|next of kin|emergency contact|contact person|spouse|referring|referred by|referrer|referral|ordering|ordered by|requesting|requested by|requestor|attending|admitting|consulting|primary care|pcp|radiologist|interpreting|interpreted by|dictated by|dictated|dictator|dictating|transcribed by|transcriptionist|transcriber|signed by|signed|electronically signed by|electronically signed|e-signed by|signature|read by|reader|reading|reported by|reporting|reviewed by|reviewer|verified by|approved by|authenticated by|finali[sz]ed by|technologist|technician|tech|sonographer|performed by|performing|resident|fellow|physician|doctor|provider|clinician|surgeon|anesthesiologist|anaesthetist|assistants?|consultant|cardiologist|authors?|contributors?|submitted by|prepared by|copy to|copies to|attention|attn|nurse|supervisor|supervising';
const labels = new RegExp(
  `(?:^|[\\n;|.,(][ \\t]{0,8}|(?<=[ \\t]{2})|\\b(?=electronically|dictated|signed|referring|patient name|ordering|attending))(?:${roles})(?:['’]s)?(?:${gap}(?:physicians?|radiologist|doctor|dr\\.?|md|m\\.d\\.|provider|clinician|practitioner|technologist|by|name|surgeon|initials|nurse|signature|full)){0,6}(?:[ \\t]{0,8}\\([a-z, ]{0,60}\\))?[ \\t]{0,8}[:=][ \\t]{0,8}((?:dr\\.?${gap})?\\p{L}[\\p{L}\\p{M}'’.-]{0,40}(?:[ \\t,^]{1,4}\\p{L}[\\p{L}\\p{M}'’.-]{0,40}){0,6})`,
  'giu',
);
const credential =
  '(?:M\\.\\s?D\\.?|MD|D\\.\\s?O\\.|Ph\\.?\\s?D\\.?|R\\.N\\.|RN|N\\.P\\.|ARNP|CRNP|PA-C|FACR|FRCR|FRCS|MBBS|MBChB|FACS|RDMS|R\\.?T\\.?\\s?\\(R\\)|DDS|DVM|DPM|MSc|BSN|CNM)';
const credentials = new RegExp(
  `${start}(${word}(?:,?${gap}${word}){0,4}),?${gap}${credential}(?![\\p{L}])`,
  'gu',
);
const anyCredential = new RegExp(credential);
const initials = /(?<![\p{L}.])(?:\p{Lu}\.\s?){2,3}(?=\s{0,3}(?:is|was|presented|has|had)\b)/gu;
/** "Thornton has had": a name of the list that does what people do, at the start of a sentence. */
const subject = new RegExp(
  `(?:^|[.!?:\\n][ \\t]{0,3})(${word})(?=${gap}(?:has|had|is|was|presented|presents|returned|returns|denied|denies|reported|reports|complained|complains|underwent|tolerated|states|stated|called|agreed|agrees)\\b)`,
  'gu',
);
/** Family name first: "Doe, Jane Q." or "DOE, JANE". */
const commaName = new RegExp(
  `${start}(${word})(?:${gap}${word})?,[ \\t]{0,8}(${word})(?:${gap}\\p{Lu}\\.?(?![\\p{L}]))?`,
  'gu',
);
const capitalised = new RegExp(
  `${start}${word}(?:${gap}(?:${particle}${gap}){0,2}${word}|${gap}\\p{Lu}\\.?(?=${gap}\\p{Lu}))+`,
  'gu',
);

/** Spans of people's names. */
export function namesOf(text: string): Span[] {
  const spans: Span[] = [];
  const found = cueWords.in(text);
  for (const [place, { pattern, trust }] of cues.entries())
    for (const match of found & (1 << place) ? text.matchAll(pattern) : []) {
      const name = match[1] ?? '';
      // Cues count in any case, names only capitalised; only a title with its full stop announces one in lower case.
      if (/^(?:\p{Lu}|(?:de|da|di|van|von|el|al|la|le|du)\s)/u.test(name) || trust === 'sure')
        spans.push(...trimmed(match.index + match[0].length - name.length, name, rest(text, match), trust));
    }
  for (const match of /[:=]/.test(text) ? text.matchAll(labels) : []) {
    const name = match[1] ?? '';
    spans.push(...labelled(match.index + match[0].length - name.length, name));
  }
  for (const match of anyCredential.test(text) ? text.matchAll(credentials) : [])
    spans.push(...trimmed(match.index, match[1] ?? '', '', 'cued'));
  for (const match of text.matchAll(initials))
    spans.push({ from: match.index, to: match.index + match[0].trimEnd().length, kind: 'name' });
  for (const match of text.matchAll(subject)) {
    const name = match[1] ?? '';
    const end = match.index + match[0].length;
    if (isName(name) && !isEponym(name) && !/^\p{Lu}{2,}$/u.test(name))
      spans.push({ from: end - name.length, to: end, kind: 'name' });
  }
  for (const match of text.includes(',') ? text.matchAll(commaName) : [])
    if (
      isReversed(
        match[1] ?? '',
        match[2] ?? '',
        /(?:^|[\n:])[ \t]*$/.test(text.slice(Math.max(0, match.index - 3), match.index)),
      )
    )
      spans.push({ from: match.index, to: match.index + match[0].length, kind: 'name' });
  spans.push(...uncued(text));
  return spans;
}

const rest = (text: string, match: RegExpExecArray) =>
  text.slice(match.index + match[0].length, match.index + match[0].length + 40);

interface Word {
  from: number;
  to: number;
  text: string;
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{M}](?:[\p{L}\p{M}'’-]*[\p{L}\p{M}])?\.?/gu)].map((match) => {
    // A full stop belongs to an initial, not to a word at the end of its sentence.
    const text = match[0].replace(/^(.{2,})\.$/u, '$1').replace(/['’]s$/i, '');
    return { from: match.index, to: match.index + text.length, text };
  });
}

const isInitial = (word: string) => /^\p{Lu}\.?$/u.test(word);
const isParticle = (word: string) =>
  /^(?:de|da|di|del|della|dos|du|la|le|van|von|der|den|ten|bin|ibn|al|el|st)$/i.test(word);
/** CT, MRI: not in a text that is all in capitals, where it cannot be told. */
const isAcronym = (word: string) => /^\p{Lu}{2,3}s?$/u.test(word);
const isEponym = (word: string) => eponyms.has(word.toLowerCase());

/** The parts of what follows a cue that are names: ordinary words end them. */
function trimmed(offset: number, text: string, after: string, trust: Trust): Span[] {
  const spans: Span[] = [];
  const words = wordsOf(text);
  let open: Word[] = [];
  const close = () => {
    while (isParticle(open.at(-1)?.text ?? '')) open.pop();
    const real = open.filter((one) => !isParticle(one.text) && !isInitial(one.text));
    const [first] = open;
    const last = open.at(-1);
    const enough =
      trust === 'sure' ||
      (trust === 'cued'
        ? real.length > 0
        : real.some((one) => isName(one.text) || (trust === 'listed' && isStrange(one.text))));
    if (first && last && enough && !(trust !== 'sure' && isTerm(real, `${text.slice(last.to)}${after}`)))
      spans.push({ from: offset + first.from, to: offset + last.to, kind: 'name' });
    open = [];
  };
  for (const [i, one] of words.entries()) {
    const lower = one.text.toLowerCase();
    const between = i === 0 ? '' : text.slice(words[i - 1]?.to, one.from);
    if (open.length > 0 && /[,/&]/.test(between)) close();
    if (
      i === 0 && trust === 'sure' ? !functionWords.has(lower) && !/^x+$/.test(lower) : belongs(one.text, open)
    )
      open.push(one);
    else {
      const had = open.length > 0;
      close();
      if (i === 0 && trust === 'sure') break;
      // "Dr. Smith Notes": what follows an ordinary word needs a cue of its own, but for lists.
      if (had && lower !== 'and') break;
    }
  }
  close();
  return spans;
}

/** Whether a word goes on with the name so far, or begins one. */
function belongs(word: string, before: readonly Word[]): boolean {
  const lower = word.toLowerCase();
  if (isInitial(word)) return true;
  if (isParticle(word)) return true;
  if (reportWords.has(lower) || functionWords.has(lower)) return false;
  if (isAcronym(word) && !isListed(word)) return false;
  // Jane White: an ordinary word is a last name behind a first one.
  return (
    !isOrdinary(word) || (isListed(word) && before.some((one) => isName(one.text) || isStrange(one.text)))
  );
}

const functionWords = new Set(
  'a an and are as at by for from has have he her him his i if in is it my of on or our she that the their they this to was we were who will with you your'.split(
    ' ',
  ),
);
const noNames =
  /^(?:none|n\/?a|unknown|unassigned|same|self|see|not|no|yes|male|female|adult|child|infant|pending|above|below)$/i;

/** The name behind a label, in any case; a following label or ordinary word ends it. */
function labelled(offset: number, text: string): Span[] {
  const taken: Word[] = [];
  for (const one of wordsOf(text)) {
    const lower = one.text.toLowerCase();
    if (/^(?:dr|mr|mrs|ms|miss|prof)\.?$/.test(lower) && taken.length === 0) continue;
    if (noNames.test(lower) || functionWords.has(lower) || reportWords.has(lower)) break;
    if (
      !isParticle(one.text) &&
      !isInitial(one.text) &&
      !isListed(one.text) &&
      !isName(one.text) &&
      !isStrange(one.text)
    )
      break;
    if (isOrdinary(one.text) && !/^\p{Lu}/u.test(one.text)) break;
    taken.push(one);
  }
  const [first] = taken;
  const last = taken.at(-1);
  return first && last && taken.some((one) => one.text.length > 1 && !isParticle(one.text))
    ? [{ from: offset + first.from, to: offset + last.to, kind: 'name' }]
    : [];
}

/** `Doe, Jane`: abbreviations in capitals are listed likewise, so capitals count at the head of a line only. */
function isReversed(family: string, given: string, heads: boolean): boolean {
  if (!isName(family) || !(isName(given) || isStrange(given)) || (isEponym(family) && isEponym(given)))
    return false;
  return heads ? family.length + given.length > 6 : ![family, given].some((one) => /^\p{Lu}+$/u.test(one));
}

/** A name of the list and another word that can be one in a row: "Maria Gonzalez", "JOHN Q. SMITH", "Jane White". */
function uncued(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(capitalised)) {
    let open: Word[] = [];
    const close = () => {
      while (isParticle(open[0]?.text ?? '')) open.shift();
      while (isParticle(open.at(-1)?.text ?? '')) open.pop();
      const [first] = open;
      const last = open.at(-1);
      if (
        first &&
        last &&
        isFullName(open) &&
        !isTerm(open, text.slice(match.index + last.to, match.index + last.to + 40))
      )
        spans.push({ from: match.index + first.from, to: match.index + last.to, kind: 'name' });
      open = [];
    };
    for (const one of wordsOf(match[0])) {
      const goesOn =
        isInitial(one.text) ||
        isParticle(one.text) ||
        (isListed(one.text) && !functionWords.has(one.text.toLowerCase()));
      if (isName(one.text) || isStrange(one.text) || (open.length > 0 && goesOn)) open.push(one);
      else close();
      if (/^['’]s\b/.test(match[0].slice(one.to, one.to + 3))) close();
    }
    close();
  }
  return spans;
}

function isFullName(words: readonly Word[]): boolean {
  const long = words.map((one) => one.text).filter((one) => !isInitial(one) && !isParticle(one));
  const names = long.filter(isName).length;
  if (names >= 2) return true;
  // Maryam F. Nkosana: neither is listed, but what stands around an initial is a name.
  const initial = words.findIndex((one) => isInitial(one.text));
  if (long.length === 2 && initial === 1 && words.length === 3 && long.every((one) => /\p{Ll}/u.test(one)))
    return true;
  // A single listed name and another word: not in capitals, where strange words are abbreviations.
  return (
    names === 1 &&
    long.length === 2 &&
    long.every((one) => !/^\p{Lu}+$/u.test(one)) &&
    (long.every(isListed) || !long.some(isEponym))
  );
}

/** Whether names are medicine's own: eponyms only, one before a noun of theirs, or the authors of a reference. */
function isTerm(words: readonly Word[], after: string): boolean {
  const long = words.filter((one) => !isInitial(one.text) && !isParticle(one.text));
  const own = long.filter((one) => isEponym(one.text)).length;
  if (/^\s*et\s+al\b/.test(after)) return true;
  if (own === long.length && own > 1) return true;
  return afterName.test(after) || (own > 0 && afterEponym.test(after));
}
