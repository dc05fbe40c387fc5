import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { DeidentifyOption } from '../../../preload/values.js';
import { WetreadError } from '../../error.js';
import { type ObjectElement, type OpenedObject, openObject } from '../../study/index.js';
import { type Box, boxedForm, boxedPixels, toLittleEndian } from './boxed-pixels.js';
import { Cleaner, type Counts } from './clean.js';
import { withoutComments } from './jpeg-comments.js';
import { basicProfile, checkOptions, cleanPixelData, type MethodCode, optionCodes } from './options.js';
import type { Pseudonyms } from './pseudonym.js';
import { type Form, implementation, type NewElement, writeElements, writeHead, writeMeta } from './write.js';

export interface RewriteOptions {
  options: ReadonlySet<DeidentifyOption>;
  pseudonyms: Pseudonyms;
  /** The copy; written anew where it exists. */
  target: string;
  /** Blackened in all frames, in pixels; the pixel data is then written uncompressed. None: it is copied as it is. */
  boxes?: readonly Box[];
}

export interface Rewritten {
  /** New UIDs of the copy; undefined where the original has none. */
  study: string | undefined;
  series: string | undefined;
  instance: string;
  counts: Counts;
}

const syntaxes = {
  implicitLittle: '1.2.840.10008.1.2',
  explicitLittle: '1.2.840.10008.1.2.1',
  explicitBig: '1.2.840.10008.1.2.2',
};

/**
 * Writes a copy of a DICOM object without what identifies people: the Basic Application Confidentiality Profile of PS3.15 Annex E with the
 * chosen options. Pixel data is copied as it is, piece by
 * piece, but for comments in the headers of compressed images.
 * Rejects with WetreadError `not-dicom`, `damaged-file`, `limit-exceeded`, `not-found`, `bad-input` (a DICOMDIR, options that contradict each
 * other), `disk-full`, `not-allowed`; what it wrote until then stays.
 */
export async function rewriteObject(path: string, options: RewriteOptions): Promise<Rewritten> {
  checkOptions(options.options);
  const object = await openObject(path);
  try {
    return await rewrite(object, options);
  } finally {
    object.close();
  }
}

async function rewrite(
  object: OpenedObject,
  { options, pseudonyms, target, boxes = [] }: RewriteOptions,
): Promise<Rewritten> {
  const named = textOf(object.elements, '00080016') ?? textOf(object.meta, '00020002') ?? '';
  // What is no UID could be anything.
  const sopClass = /^[\d.]{1,64}$/.test(named) ? named : '';
  if (sopClass === mediaDirectory || object.elements.some(({ tag }) => tag === '00041220'))
    throw new WetreadError(
      'bad-input',
      'This is a directory of other files (DICOMDIR); choose its folder instead.',
    );
  const cleaner = new Cleaner(object, options, pseudonyms);
  const boxed = boxes.length > 0 ? await boxedPixels(object, boxes) : undefined;
  const form = boxed ? boxedForm : formOf(object);
  const cleaned = sorted([
    ...toLittleEndian(cleaner.clean(object.elements), object.littleEndian === form.littleEndian),
    ...marks(options, boxed !== undefined),
    ...(boxed?.elements ?? []),
  ]).filter(({ tag }) => !boxed || !tag.startsWith('7fe0'));
  const instance = newUid(cleaned, '00080018') ?? pseudonyms.uid(digest(cleaned, form));
  setUid(cleaned, '00080018', instance);
  const out = await open(target, 'w');
  try {
    await out.writeFile(
      Buffer.concat([writeMeta(sopClass, instance, form.transferSyntax), writeElements(cleaned, form)]),
    );
    for await (const piece of boxed?.pieces() ?? pixelElement(object, form)) await out.writeFile(piece);
  } finally {
    await out.close();
  }
  return {
    study: newUid(cleaned, '0020000d'),
    series: newUid(cleaned, '0020000e'),
    instance,
    counts: cleaner.counts,
  };
}

const mediaDirectory = '1.2.840.10008.1.3.10';

/** Stands for an object that has no UID of its own. */
const digest = (elements: readonly NewElement[], form: Form) =>
  createHash('sha256').update(writeElements(elements, form)).digest('hex');

function setUid(elements: NewElement[], tag: string, uid: string): void {
  const found = elements.find((element) => element.tag === tag);
  if (found) found.value = Buffer.from(uid);
  else {
    elements.push({ tag, vr: 'UI', value: Buffer.from(uid) });
    elements.sort((a, b) => (a.tag < b.tag ? -1 : 1));
  }
}

function textOf(elements: readonly ObjectElement[], tag: string): string | undefined {
  const found = elements.find((element) => element.tag === tag);
  return (
    (found &&
      Buffer.from(found.value)
        .toString('latin1')
        .replace(/[\0 ]+$/g, '')) ||
    undefined
  );
}

function newUid(elements: readonly NewElement[], tag: string): string | undefined {
  const found = elements.find((element) => element.tag === tag);
  const text = found && found.value instanceof Uint8Array ? Buffer.from(found.value).toString('latin1') : '';
  return /^[\d.]{1,64}$/.test(text.replace(/[\0 ]+$/g, '')) ? text.replace(/[\0 ]+$/g, '') : undefined;
}

/**
 * The copy is coded as the original was, except that a deflated data set is written inflated, and compressed pixels stand in explicit
 * little endian, which is the only form allowed for them.
 */
function formOf(object: OpenedObject): Form & { transferSyntax: string } {
  const { explicit, littleEndian, pixel } = object;
  if (pixel && pixel.length < 0 && neverCompressed.has(object.transferSyntax))
    throw new WetreadError('damaged-file', 'Its pixels are compressed, against what its header says.');
  if (pixel && pixel.length < 0)
    return { explicit: true, littleEndian: true, transferSyntax: object.transferSyntax };
  if (!littleEndian) return { explicit: true, littleEndian, transferSyntax: syntaxes.explicitBig };
  return {
    explicit,
    littleEndian,
    transferSyntax: explicit ? syntaxes.explicitLittle : syntaxes.implicitLittle,
  };
}

/** Transfer syntaxes that compressed pixels cannot be written in (PS3.5 A.1, A.3, A.5). */
const neverCompressed = new Set<string>([
  syntaxes.implicitLittle,
  syntaxes.explicitBig,
  '1.2.840.10008.1.2.1.99',
]);

function* pixelElement(object: OpenedObject, form: Form): Generator<Uint8Array> {
  const { pixel } = object;
  if (!pixel) return;
  if (pixel.length >= 0) {
    yield writeHead(pixel.tag, pixel.vr ?? 'OW', pixel.length + (pixel.length % 2), form);
    yield* object.pixelPieces();
    if (pixel.length % 2 === 1) yield new Uint8Array(1);
    return;
  }
  yield writeHead(pixel.tag, 'OB', -1, form);
  const item = { ...form, explicit: false };
  for (const piece of object.pixelPieces()) {
    yield writeHead('fffee000', '', piece.length + (piece.length % 2), item);
    yield withoutComments(piece);
    if (piece.length % 2 === 1) yield new Uint8Array(1);
  }
  yield writeHead('fffee0dd', '', 0, item);
}

/** What the standard has a de-identified object say of itself (PS3.3 C.7.1.1, C.12.1). */
function marks(options: ReadonlySet<DeidentifyOption>, boxed: boolean): NewElement[] {
  const codes: MethodCode[] = [
    basicProfile,
    ...(boxed ? [cleanPixelData] : []),
    ...[...options].map((option) => optionCodes[option]),
  ];
  const text = (tag: string, vr: string, value: string): NewElement => ({
    tag,
    vr,
    value: Buffer.from(value),
  });
  const dates = options.has('full-dates')
    ? 'UNMODIFIED'
    : options.has('modified-dates')
      ? 'MODIFIED'
      : 'REMOVED';
  return [
    text('00120062', 'CS', 'YES'),
    text('00120063', 'LO', `${implementation.version}: PS3.15 E.1-1 (2026c)`),
    {
      tag: '00120064',
      vr: 'SQ',
      value: codes.map(({ value, meaning }) => [
        text('00080100', 'SH', value),
        text('00080102', 'SH', 'DCM'),
        text('00080104', 'LO', meaning),
      ]),
    },
    text('00280303', 'CS', dates),
    ...(boxed ? [text('00280301', 'CS', 'NO')] : []),
  ];
}

/** In ascending order of tags; of two elements with one tag the later one, which is ours. */
function sorted(elements: readonly NewElement[]): NewElement[] {
  const byTag = new Map(elements.map((element) => [element.tag, element]));
  return [...byTag.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
