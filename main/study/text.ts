/** Text of a data set: its character sets (PS3.5 section 6.1, PS3.3 C.12.1.1.2) and person names (PS3.5 section 6.2.1). */

const single: Readonly<Record<string, string>> = {
  'ISO_IR 6': 'windows-1252',
  'ISO_IR 100': 'windows-1252',
  'ISO_IR 101': 'iso-8859-2',
  'ISO_IR 109': 'iso-8859-3',
  'ISO_IR 110': 'iso-8859-4',
  'ISO_IR 126': 'iso-8859-7',
  'ISO_IR 127': 'iso-8859-6',
  'ISO_IR 138': 'iso-8859-8',
  'ISO_IR 144': 'iso-8859-5',
  'ISO_IR 148': 'windows-1254',
  'ISO_IR 166': 'windows-874',
  'ISO_IR 203': 'iso-8859-15',
  'ISO_IR 13': 'shift_jis',
  'ISO_IR 149': 'euc-kr',
  'ISO_IR 58': 'gbk',
  'ISO_IR 192': 'utf-8',
  GB18030: 'gb18030',
  GBK: 'gbk',
};

/** Escape sequences (without ESC) → how the bytes after them are read. `shift`: 7-bit pairs that EUC-JP wants with the high bit. */
const escapes: readonly (readonly [string, { label: string; shift?: 'jis0208' | 'jis0212' }])[] = [
  ['$(D', { label: 'euc-jp', shift: 'jis0212' }],
  ['$B', { label: 'euc-jp', shift: 'jis0208' }],
  ['$@', { label: 'euc-jp', shift: 'jis0208' }],
  ['$)C', { label: 'euc-kr' }],
  ['$)A', { label: 'gbk' }],
  ['(J', { label: 'shift_jis' }],
  [')I', { label: 'shift_jis' }],
  ['-A', { label: 'windows-1252' }],
  ['-B', { label: 'iso-8859-2' }],
  ['-C', { label: 'iso-8859-3' }],
  ['-D', { label: 'iso-8859-4' }],
  ['-F', { label: 'iso-8859-7' }],
  ['-G', { label: 'iso-8859-6' }],
  ['-H', { label: 'iso-8859-8' }],
  ['-L', { label: 'iso-8859-5' }],
  ['-M', { label: 'windows-1254' }],
  ['-T', { label: 'windows-874' }],
  ['-b', { label: 'iso-8859-15' }],
];

const decoders = new Map<string, TextDecoder>();
function decode(label: string, bytes: Uint8Array): string {
  let decoder = decoders.get(label);
  if (!decoder) {
    decoder = new TextDecoder(label);
    decoders.set(label, decoder);
  }
  return decoder.decode(bytes);
}

const nameOf = (term: string): string =>
  term
    .trim()
    .toUpperCase()
    .replace(/^ISO 2022 IR/, 'ISO_IR')
    .replace(/^ISO[ -]IR/, 'ISO_IR');

/** Sets that stand alone (PS3.3 C.12.1.1.2): where one of them is named among others, the others are the mistake. */
const alone = ['ISO_IR 192', 'GB18030', 'GBK'];
/** The default repertoire has seven bits: what has eight in it is something else that nobody declared. */
const sevenBits = ['', 'ISO_IR 6'];

/** How bytes without an escape sequence are read. */
function baseOf(bytes: Uint8Array, characterSets: readonly string[]): string {
  const names = characterSets.map(nameOf);
  const whole = names.find((name) => alone.includes(name)) ?? names[0] ?? '';
  const label = single[whole];
  const declared = label !== undefined && !sevenBits.includes(whole);
  // Latin 1 is not UTF-8 by accident, and what is said to be UTF-8 and never is was Latin 1.
  if (declared) return label === 'utf-8' && isNeverUtf8(bytes) ? 'windows-1252' : label;
  if (isUtf8(bytes)) return 'utf-8';
  // Code extensions without their escape sequences: the set that was meant is named second.
  const second =
    bytes.some((byte) => byte >= 0x80) && !bytes.includes(0x1b) ? single[names[1] ?? ''] : undefined;
  return second ?? 'windows-1252';
}

/**
 * Decodes the bytes of a text value. Never fails: a set that there is not, an escape sequence that there is not and bytes that a set does not
 * have are read as well as they can be.
 * @param characterSets values of SpecificCharacterSet (0008,0005); empty: the default repertoire, read as UTF-8 where it is that, else as Latin 1.
 */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[]): string {
  const base = baseOf(bytes, characterSets);
  if (!bytes.includes(0x1b)) return decode(base, bytes);
  let text = '';
  let start = 0;
  let reading: { label: string; shift?: 'jis0208' | 'jis0212' } = { label: base };
  const flush = (end: number) => {
    if (end > start) text += decode(reading.label, shifted(bytes.subarray(start, end), reading.shift));
  };
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0x1b) continue;
    flush(i);
    const after = String.fromCharCode(...bytes.subarray(i + 1, i + 4));
    const found = escapes.find(([sequence]) => after.startsWith(sequence));
    const length = found ? found[0].length : after.startsWith('(') ? 2 : 0;
    // ESC ( B returns G0 to ASCII; what G1 had (euc-kr, gbk) reads ASCII as well.
    const pairs = reading.shift !== undefined;
    reading = found ? found[1] : pairs || reading.label === 'shift_jis' ? { label: base } : reading;
    start = i + 1 + length;
    i = start - 1;
  }
  flush(bytes.length);
  return text;
}

function isUtf8(bytes: Uint8Array): boolean {
  if (!bytes.some((byte) => byte >= 0x80)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Bytes above 127, and none of them part of a character of UTF-8. */
function isNeverUtf8(bytes: Uint8Array): boolean {
  const text = decode('utf-8', bytes);
  return text.includes('\ufffd') && !/[^\0-\x7f\ufffd]/.test(text);
}

function shifted(bytes: Uint8Array, shift: 'jis0208' | 'jis0212' | undefined): Uint8Array {
  if (!shift) return bytes;
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    const high = bytes[i] ?? 0;
    const low = bytes[i + 1];
    if (high < 0x21 || low === undefined) {
      out.push(high);
      continue;
    }
    if (shift === 'jis0212') out.push(0x8f);
    out.push(high | 0x80, low | 0x80);
    i++;
  }
  return Uint8Array.from(out);
}

/** A person name (`Family^Given^Middle^Prefix^Suffix`, groups separated by `=`) for display: `Family, Given Middle`, the
 * ideographic form in parentheses behind the alphabetic one. Undefined where there is nothing in it. */
export function displayName(value: string): string | undefined {
  const [alphabetic, ideographic] = value.split('=').map(displayGroup);
  if (alphabetic && ideographic && ideographic !== alphabetic) return `${alphabetic} (${ideographic})`;
  return alphabetic || ideographic || undefined;
}

function displayGroup(group: string): string {
  const [family = '', given = '', middle = ''] = group.split('^').map((part) => part.trim());
  return [family, [given, middle].filter(Boolean).join(' ')].filter(Boolean).join(', ');
}
