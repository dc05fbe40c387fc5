import { mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { DeidentifyOption } from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { type ObjectElement, type OpenedObject, openObject } from '../../study/index.js';
import { Cleaner, type Counts } from './clean.js';
import { basicProfile, checkOptions, type MethodCode, optionCodes } from './options.js';
import type { Pseudonyms } from './pseudonym.js';
import { type Form, implementation, type NewElement, writeElements, writeHead, writeMeta } from './write.js';

export interface RewriteOptions {
  options: ReadonlySet<DeidentifyOption>;
  pseudonyms: Pseudonyms;
  /** Where the copy goes, below it a folder a study and a series, named by their new UIDs. */
  folder: string;
  signal?: AbortSignal | undefined;
}

export interface Rewritten {
  /** Absolute path of the copy. */
  file: string;
  counts: Counts;
  /** What (0028,0301) says of text in the pixels. */
  burnedIn: 'YES' | 'NO' | undefined;
}

const syntaxes = {
  implicitLittle: '1.2.840.10008.1.2',
  explicitLittle: '1.2.840.10008.1.2.1',
  explicitBig: '1.2.840.10008.1.2.2',
};

/**
 * Writes a copy of a DICOM object without what identifies people: the Basic Application Confidentiality Profile of PS3.15 Annex E with the
 * chosen options. Pixel data is copied as it is, piece by piece. The copy appears whole or not at all.
 * Rejects with WetreadError `not-dicom`, `damaged-file`, `limit-exceeded`, `not-found`, `bad-input` (a DICOMDIR, options that contradict each
 * other), `disk-full`, `not-allowed`, `cancelled`.
 */
export async function rewriteObject(path: string, options: RewriteOptions): Promise<Rewritten> {
  checkOptions(options.options);
  const object = await openObject(path).catch((thrown) => {
    throw named(path, thrown);
  });
  try {
    return await rewrite(object, options);
  } catch (thrown) {
    throw named(path, thrown);
  } finally {
    object.close();
  }
}

function named(path: string, thrown: unknown): WetreadError {
  const error = toWetreadError(thrown);
  if (error.code === 'cancelled') return error;
  return new WetreadError(error.code, `${basename(path)}: ${error.message}`, { cause: error });
}

async function rewrite(
  object: OpenedObject,
  { options, pseudonyms, folder, signal }: RewriteOptions,
): Promise<Rewritten> {
  const sopClass = textOf(object.elements, '00080016') ?? textOf(object.meta, '00020002') ?? '';
  if (sopClass === '1.2.840.10008.1.3.10' || object.elements.some(({ tag }) => tag === '00041220'))
    throw new WetreadError(
      'bad-input',
      'This is a directory of other files (DICOMDIR); choose its folder instead.',
    );
  const cleaner = new Cleaner(object, options, pseudonyms, () => false);
  const burnedIn = textOf(object.elements, '00280301')?.toUpperCase();
  const form = formOf(object);
  const cleaned = sorted([...cleaner.clean(object.elements), ...marks(options)]);
  const instance = newUid(cleaned, '00080018') ?? pseudonyms.uid(path(object));
  const file = join(
    folder,
    newUid(cleaned, '0020000d') ?? 'study',
    newUid(cleaned, '0020000e') ?? 'series',
    `${instance}.dcm`,
  );
  await mkdir(dirname(file), { recursive: true });
  const unfinished = `${file}.part`;
  try {
    const out = await open(unfinished, 'w');
    try {
      await out.writeFile(
        Buffer.concat([writeMeta(sopClass, instance, form.transferSyntax), writeElements(cleaned, form)]),
      );
      for (const piece of pixelElement(object, form)) {
        signal?.throwIfAborted();
        await out.writeFile(piece);
      }
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(unfinished, file);
  } catch (thrown) {
    await rm(unfinished, { force: true });
    throw thrown;
  }
  return {
    file,
    counts: cleaner.counts,
    burnedIn: burnedIn === 'YES' || burnedIn === 'NO' ? burnedIn : undefined,
  };
}

const path = (object: OpenedObject) =>
  textOf(object.meta, '00020003') ?? textOf(object.elements, '00080018') ?? '';

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
  // It becomes part of a path.
  return /^[\d.]{1,64}$/.test(text.replace(/[\0 ]+$/g, '')) ? text.replace(/[\0 ]+$/g, '') : undefined;
}

/**
 * The copy is coded as the original was, except that a deflated data set is written inflated, and compressed pixels stand in explicit
 * little endian, which is the only form allowed for them.
 */
function formOf(object: OpenedObject): Form & { transferSyntax: string } {
  const { explicit, littleEndian, pixel } = object;
  if (pixel && pixel.length < 0)
    return { explicit: true, littleEndian: true, transferSyntax: object.transferSyntax };
  if (!littleEndian) return { explicit: true, littleEndian, transferSyntax: syntaxes.explicitBig };
  return {
    explicit,
    littleEndian,
    transferSyntax: explicit ? syntaxes.explicitLittle : syntaxes.implicitLittle,
  };
}

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
    yield piece;
    if (piece.length % 2 === 1) yield new Uint8Array(1);
  }
  yield writeHead('fffee0dd', '', 0, item);
}

/** What the standard has a de-identified object say of itself (PS3.3 C.7.1.1, C.12.1). */
function marks(options: ReadonlySet<DeidentifyOption>): NewElement[] {
  const codes: MethodCode[] = [basicProfile, ...[...options].map((option) => optionCodes[option])];
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
  ];
}

/** In ascending order of tags; of two elements with one tag the later one, which is ours. */
function sorted(elements: readonly NewElement[]): NewElement[] {
  const byTag = new Map(elements.map((element) => [element.tag, element]));
  return [...byTag.values()].sort((a, b) => (a.tag < b.tag ? -1 : 1));
}
