/** Words that keep their capitals; lower-case key → as written. */
const WRITTEN: Record<string, string> = Object.fromEntries(
  [
    'CT',
    'MRI',
    'MR',
    'PET',
    'US',
    'PA',
    'AP',
    'PICC',
    'SVC',
    'IVC',
    'COPD',
    'CHF',
    'CABG',
    'AICD',
    'ICD',
    'RUL',
    'RML',
    'RLL',
    'LUL',
    'LLL',
    'TB',
    'HIV',
    'ET',
    'NG',
    'IJ',
    'GE',
    'AC',
    'VP',
    'DISH',
    'ARDS',
    'EKG',
    'ECG',
    'ORIF',
    'TIPS',
    'TAVR',
    'AV',
  ].map((word) => [word.toLowerCase(), word]),
);
for (const name of ['Kerley', 'Swan-Ganz', 'Harrington', 'Schmorl', 'Bochdalek', 'Morgagni', 'Dobhoff'])
  WRITTEN[name.toLowerCase()] = name;
WRITTEN['port-a-cath'] = 'Port-A-Cath';
WRITTEN.mediport = 'MediPort';

/** Lower-case words that are also plain words, so that they are cased only where nothing else fits. */
const PLAIN = new Set(['us', 'et', 'ac', 'ge', 'dish', 'tips', 'ap', 'mr', 'pet']);
const PLAIN_IN_CONTEXT =
  /\b(?:(us|mr|pet)(?= (?:exam|examination|scan|imaging|study|guided))|(et|ng)(?= tube)|(ac)(?= joint)|(ge)(?= junction)|(ap)(?= (?:view|projection|film|radiograph|diameter|dimension|portable)))/g;

/** A lower-case drafted sentence → as a radiologist would write it: tidy spacing, known abbreviations, a capital, a full stop. */
export function sentenceCase(text: string): string {
  const tidy = text
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.;:%)])/g, '$1')
    .replace(/([(])\s+/g, '$1')
    .replace(/(\w) ?- (?=\w)/g, '$1-')
    .replace(/ ?\/ ?/g, '/')
    .replace(/([,;])(?=[^\s\d])/g, '$1 ')
    .replace(/([.,;])\1+/g, '$1')
    .trim()
    .replace(/[\s,;:.-]+$/, '')
    .replace(/^[\s,;:.-]+/, '');
  if (!tidy) return '';
  const worded = tidy
    .replace(/[a-z]+(?:-[a-z]+)*/g, (word) => (PLAIN.has(word) ? word : (WRITTEN[word] ?? word)))
    .replace(PLAIN_IN_CONTEXT, (word) => WRITTEN[word] ?? word.toUpperCase())
    // Vertebrae and lines: "t12", "c5-c6", "kerley b".
    .replace(/\b([ctls])(?=\d{1,2}\b)/g, (letter) => letter.toUpperCase())
    .replace(/\bKerley ([abc])\b/g, (_, letter: string) => `Kerley ${letter.toUpperCase()}`);
  return `${worded[0]?.toUpperCase() ?? ''}${worded.slice(1)}.`;
}
