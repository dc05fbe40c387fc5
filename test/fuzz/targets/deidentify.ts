import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { dummyOf } from '../../../main/deidentify/dicom/dummy.js';
import { optionCodes } from '../../../main/deidentify/dicom/options.js';
import { type Row, rowOf, vrOf } from '../../../main/deidentify/dicom/profile.js';
import { Pseudonyms } from '../../../main/deidentify/dicom/pseudonym.js';
import { rewriteObject } from '../../../main/deidentify/dicom/rewrite.js';
import { isPrivate } from '../../../main/deidentify/dicom/safe-private.js';
import { memorySource } from '../../../main/study/bytes.js';
import { readHeaderOf } from '../../../main/study/header.js';
import { type ObjectElement, openObject } from '../../../main/study/object.js';
import { readPixelModule } from '../../../main/study/pixels.js';
import type { DeidentifyOption } from '../../../preload/values.js';
import { scratchFile, scratchFolder } from '../scratch.js';
import { identifyingSeeds } from '../seeds/identifying.js';
import { dicomWords, mutateDicom } from '../shape/dicom.js';
import { type Target, text } from './target.js';

/** The basic profile more often than any other. */
const choices: readonly (readonly DeidentifyOption[])[] = [
  [],
  [],
  ['modified-dates'],
  ['full-dates', 'uids', 'safe-private'],
  ['patient', 'device', 'institution'],
  ['descriptors', 'structured-content', 'graphics'],
];

/** More pixels than this are not boxed out: their codecs have targets of their own. */
const mostPixels = 1 << 12;
const pseudonyms = new Pseudonyms(new Uint8Array(32).fill(7));
const original = scratchFile('identifying');

/** A DICOM file as it is copied out of the site: a copy in which nothing is left of what the standard's table lists, or none. */
export const rewriter: Target = {
  name: 'deidentify',
  maxBytes: 1 << 16,
  seeds: identifyingSeeds,
  mutate: mutateDicom,
  dictionary: [...dicomWords, ...['Doe^Jane', '20260101Doe', '1.2.840.10008.Doe', 'GEMS_PARM_01'].map(text)],
  async run(input) {
    const sum = crc32(input);
    const options = new Set(choices[sum % choices.length]);
    const boxed = (sum & 0x700) === 0 && isSmall(input);
    const target = join(scratchFolder(), 'copy');
    const source = original.write(input);
    await rewriteObject(source, {
      ...{ options, pseudonyms, target },
      boxes: boxed ? [{ left: 0, top: 0, right: 2, bottom: 2 }] : [],
    });
    await judgeCopy(source, target, { options, boxed });
  },
};

function isSmall(input: Uint8Array): boolean {
  try {
    const { rows, columns, samples, frames } = readPixelModule(readHeaderOf(memorySource(input)));
    return rows * columns * samples * frames <= mostPixels;
  } catch {
    return false;
  }
}

/** Throws where the copy cannot be read, holds other pixels, or something of what was to go. */
async function judgeCopy(
  source: string,
  target: string,
  { options, boxed }: { options: ReadonlySet<DeidentifyOption>; boxed: boolean },
): Promise<void> {
  const before = await openObject(source);
  const after = await openObject(target).catch((thrown: unknown) => {
    before.close();
    throw new Error(`The copy cannot be read: ${String(thrown)}`);
  });
  try {
    const strange = after.meta.find(({ tag }) => !/^0002(?:0000|0001|0002|0003|0010|0012|0013)$/.test(tag));
    if (strange) throw new Error(`The copy has ${strange.tag} in its meta header.`);
    judge([...after.meta.filter(({ tag }) => tag === '00020002'), ...after.elements], options);
    if (boxed) return;
    if (bytesOf(before.pixelPieces()) !== bytesOf(after.pixelPieces()))
      throw new Error('The copy has other pixel data.');
  } finally {
    before.close();
    after.close();
  }
}

/** How many bytes there are, of pieces of even length. */
function bytesOf(pieces: Iterable<Uint8Array>): number {
  let bytes = 0;
  for (const { length } of pieces) bytes += length + (length % 2);
  return bytes;
}

/** What the copy itself says of how it was made. */
const own = new Set(['00120062', '00120063', '00120064', '00280301', '00280303']);

function judge(elements: readonly ObjectElement[], options: ReadonlySet<DeidentifyOption>): void {
  for (const element of elements) {
    const fault = faultOf(element, options);
    if (fault) throw new Error(`The copy has ${element.tag}: ${fault}`);
    for (const item of element.items ?? []) judge(item, options);
  }
}

function faultOf(element: ObjectElement, options: ReadonlySet<DeidentifyOption>): string | undefined {
  const { tag, items } = element;
  if (own.has(tag)) return undefined;
  if (isPrivate(tag)) return options.has('safe-private') ? undefined : 'private';
  if (/^(?:50|60)/.test(tag)) return 'a curve or overlay';
  const row = rowOf(tag);
  const known = vrOf(tag);
  if (!row && known === undefined) return 'nobody knows what it holds';
  if (items) return row?.basic === 'X' && !changed(row, options) ? 'listed as removed' : undefined;
  const value = plain(element.value);
  if (known === 'SQ' && value !== '') return 'a sequence that cannot be followed';
  if (value === '') return undefined;
  if (row && changed(row, options)) {
    const time = known === 'DA' || known === 'DT' || known === 'TM';
    return time && options.has('modified-dates') && !/^[\d.:+\\ \0-]*$/.test(value) ? 'no time' : undefined;
  }
  if (row) return faultOfListed(tag, row, element, value);
  // The table does not list these, but they name people, days and objects of the site.
  if (known === 'PN') return 'a name';
  if ((known === 'DA' || known === 'DT') && !options.has('full-dates'))
    return value === dummyOf(tag, known) ? undefined : 'a day';
  if (known === 'UI' && !options.has('uids') && !/^[\d.\\ \0]*$/.test(value)) return 'no UID';
  return undefined;
}

function faultOfListed(
  tag: string,
  { basic }: Row,
  { vr }: ObjectElement,
  value: string,
): string | undefined {
  if (tag === '00100010' || tag === '00100020')
    return /^WR[0-9A-Z]{14}$/.test(value) ? undefined : 'not the pseudonym';
  if (basic === 'X') return 'listed as removed';
  if (basic.includes('U') || (basic.includes('D') && vrOf(tag) === 'UI'))
    return value.split('\\').every((one) => /^(?:2\.25\.\d+|1\.2\.840\.10008(?:\.\d+)*|)$/.test(one))
      ? undefined
      : 'a UID that was not mapped';
  const dummies = [vr, vrOf(tag)].flatMap((one) => (one === undefined ? [] : [dummyOf(tag, one)]));
  if (basic.includes('D') && dummies.some((dummy) => plain(Buffer.from(dummy)) === value)) return undefined;
  return `neither emptied nor replaced (${basic})`;
}

/** Whether a chosen option keeps or cleans what the basic profile would take out. */
const changed = (row: Row, options: ReadonlySet<DeidentifyOption>): boolean =>
  [...options].some((option) => row.options.has(optionCodes[option].letter));

const plain = (value: Uint8Array): string =>
  Buffer.from(value)
    .toString('latin1')
    .replace(/[\0 ]+$/g, '');
