import { createHash } from 'node:crypto';
import type { Instance, Patient, Problem } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import { type Attributes, attributesOf } from './attributes.js';
import type { ByteSource } from './bytes.js';
import { orientationOf, placeOf, positionOf, spacingOf } from './functional-groups.js';
import { type Header, looksLikeDicom, readHeaderOf } from './header.js';
import { isPlainImage, measureImage } from './image.js';
import { limits } from './limits.js';
import { openPath } from './open.js';
import { frameCount, readPixelModule } from './pixels.js';
import { displayName } from './text.js';
import { viewOf } from './view.js';
import { isZip } from './zip.js';

/** What the header of one object says of its study. */
export interface StudyTags {
  uid: string;
  patient: Patient;
  date?: string;
  time?: string;
  description?: string;
  accession?: string;
  indication?: string;
  referringPhysician?: string;
  institution?: string;
}

export interface SeriesTags {
  uid: string;
  modality: string;
  number?: number;
  description?: string;
  bodyPart?: string;
}

/** What one file turned out to be. */
export type Scanned =
  | {
      kind: 'instance';
      source: 'dicom' | 'image';
      study: StudyTags;
      series: SeriesTags;
      instance: Instance;
      /** Size of the file: two of one identity and another size are not copies. */
      bytes: number;
      problem?: Problem;
    }
  | { kind: 'dicomdir'; file: string; references: string[][] }
  | { kind: 'zip'; file: string }
  | { kind: 'foreign'; file: string }
  | { kind: 'problem'; problem: Problem };

const headBytes = 256;

/**
 * Finds out what a file is, reading its header only: a DICOM object, a DICOMDIR, a ZIP, a plain picture, or none of these
 * (`foreign`). Never throws for what is wrong with the file: that is a `problem`.
 */
export async function scanFile(file: string): Promise<Scanned> {
  try {
    const source = await openPath(file);
    try {
      const head = source.read(0, headBytes);
      if (isZip(head)) return { kind: 'zip', file };
      if (isPlainImage(head)) return await scanImage(file, source);
      return looksLikeDicom(head) ? scanDicom(file, source) : { kind: 'foreign', file };
    } finally {
      source.close();
    }
  } catch (thrown) {
    return { kind: 'problem', problem: problemOf(file, thrown) };
  }
}

/** A problem that names the file and the reason. */
export function problemOf(file: string, thrown: unknown): Problem {
  const error = toWetreadError(thrown);
  return { file, code: error.code, message: error.message };
}

async function scanImage(file: string, source: ByteSource): Promise<Scanned> {
  if (source.size > limits.imageFileBytes)
    throw new WetreadError('limit-exceeded', 'The picture is too large to be opened.');
  const bytes = source.read(0, source.size);
  const { rows, columns, grey } = await measureImage(bytes);
  const uid = hashUid(bytes);
  return {
    kind: 'instance',
    source: 'image',
    bytes: source.size,
    study: { uid, patient: {}, description: file.split(/[\\/]/).at(-1) },
    series: { uid: `${uid}.1`, modality: 'OT' },
    instance: {
      uid: `${uid}.1.1`,
      file,
      rows,
      columns,
      frames: 1,
      photometric: grey ? 'MONOCHROME2' : 'RGB',
      imageType: [],
      view: 'unknown',
      hasPixels: true,
    },
  };
}

/** A UID under 2.25 (PS3.5 B.2) from the first 128 bits of a SHA-256. */
export function hashUid(bytes: Uint8Array): string {
  return `2.25.${BigInt(`0x${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`)}`;
}

function scanDicom(file: string, source: ByteSource): Scanned {
  const header = readHeaderOf(source);
  const attributes = attributesOf(header.dataSet);
  if (attributes.has('00041220')) return { kind: 'dicomdir', file, references: referencesOf(attributes) };
  if (header.truncated && !header.pixel)
    throw new WetreadError('damaged-file', 'The file ends inside its header. Ask for another copy.');
  const { problem, hasPixels } = checkPixels(file, header);
  const uids = {
    study: uidOf(attributes, '0020000d'),
    series: uidOf(attributes, '0020000e'),
    sop: uidOf(attributes, '00080018'),
  };
  if (!uids.study && !uids.sop && !header.pixel)
    throw new WetreadError('damaged-file', 'It names neither its study nor itself, and holds no image.');
  // What lacks UIDs still opens, as a study of its own that keeps its identity from one opening to the next.
  const own = uids.sop ?? hashUid(source.read(0, Math.min(source.size, 2 ** 22)));
  const study = uids.study ?? `${own.slice(0, 60)}.1`;
  return {
    kind: 'instance',
    source: 'dicom',
    bytes: source.size,
    study: studyTags(attributes, study),
    series: seriesTags(attributes, uids.series ?? `${study.slice(0, 60)}.2`),
    instance: instanceOf(file, header, attributes, own, hasPixels),
    ...(problem && { problem }),
  };
}

/** An object whose pixels are damaged stays in its study without them, and the problem says so. */
function checkPixels(file: string, header: Header): { hasPixels: boolean; problem?: Problem } {
  if (!header.pixel) return { hasPixels: false };
  try {
    readPixelModule(header);
    return { hasPixels: true };
  } catch (thrown) {
    const problem = problemOf(file, thrown);
    return { hasPixels: false, ...(problem.code !== 'no-pixels' && { problem }) };
  }
}

const uidOf = (attributes: Attributes, tag: string): string | undefined => {
  const text = attributes.text(tag);
  // Anonymised files often carry identifiers that are no UIDs but still tell one study from another.
  return text && /^[\w.-]{1,64}$/.test(text) ? text : undefined;
};

/** Referenced File IDs (0004,1500) of a DICOMDIR's records, as path components. */
function referencesOf(attributes: Attributes): string[][] {
  return attributes
    .items('00041220')
    .map((record) => record.texts('00041500').filter((part) => part !== ''))
    .filter((components) => components.length > 0);
}

function studyTags(attributes: Attributes, uid: string): StudyTags {
  const date = studyDateOf(attributes);
  return {
    uid,
    patient: patientOf(attributes, date),
    date,
    time: timeOf(attributes.text('00080030')),
    description: attributes.text('00081030'),
    accession: attributes.text('00080050'),
    indication:
      attributes.longText('00401002') ??
      attributes.item('00400275')?.longText('00401002') ??
      attributes.longText('00081080') ??
      attributes.longText('001021b0'),
    referringPhysician: displayName(attributes.text('00080090') ?? ''),
    institution: attributes.text('00080080'),
  };
}

/** YYYY-MM-DD */
export const studyDateOf = (attributes: Attributes): string | undefined =>
  dateOf(attributes.text('00080020'));

/** Who was examined, as the header says it. */
export function patientOf(attributes: Attributes, studyDate: string | undefined): Patient {
  const birthDate = dateOf(attributes.text('00100030'));
  const sex = attributes.text('00100040')?.toUpperCase();
  return {
    name: displayName(attributes.text('00100010') ?? ''),
    id: attributes.text('00100020'),
    birthDate,
    sex: sex === 'M' || sex === 'F' || sex === 'O' ? sex : undefined,
    ageYears: ageOf(attributes.text('00101010')) ?? yearsBetween(birthDate, studyDate),
  };
}

function seriesTags(attributes: Attributes, uid: string): SeriesTags {
  return {
    uid,
    modality: attributes.text('00080060') ?? 'OT',
    number: attributes.integer('00200011'),
    description: attributes.text('0008103e'),
    bodyPart: attributes.text('00180015') ?? bodyPartOfRegion(attributes),
  };
}

function bodyPartOfRegion(attributes: Attributes): string | undefined {
  return (attributes.item('00082218') ?? placeOf(attributes, 0, '00209071').item('00082218'))?.text(
    '00080104',
  );
}

/** An hour: what lasts longer is no cine. */
const longestFrameMs = 3_600_000;

function instanceOf(
  file: string,
  header: Header,
  attributes: Attributes,
  uid: string,
  hasPixels: boolean,
): Instance {
  const frameTime = attributes.number('00181063');
  const laterality = (attributes.text('00200062') ?? attributes.text('00200060'))?.toUpperCase();
  const bitsStored = attributes.short('00280101');
  return {
    uid,
    file,
    sopClass: uidOf(attributes, '00080016'),
    transferSyntax: header.transferSyntax,
    number: attributes.integer('00200013'),
    rows: attributes.short('00280010') ?? 0,
    columns: attributes.short('00280011') ?? 0,
    frames: Math.min(frameCount(attributes), limits.frames),
    frameTimeMs: frameTime && frameTime > 0 && frameTime <= longestFrameMs ? frameTime : undefined,
    bitsStored: bitsStored ? bitsStored : undefined,
    photometric: attributes.text('00280004'),
    imageType: attributes.texts('00080008'),
    view: viewOf(attributes),
    viewPosition: attributes.text('00185101'),
    laterality: laterality === 'L' || laterality === 'R' ? laterality : undefined,
    ...spacingOf(attributes, 0),
    positionMm: positionOf(attributes, 0),
    orientation: orientationOf(attributes, 0),
    hasPixels,
  };
}

function dateOf(text: string | undefined): string | undefined {
  const parts = /^(\d{4})[.-]?(\d{2})[.-]?(\d{2})$/.exec(text ?? '');
  if (!parts) return undefined;
  const iso = `${parts[1]}-${parts[2]}-${parts[3]}`;
  const time = Date.parse(`${iso}T00:00:00Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(iso) ? iso : undefined;
}

function timeOf(text: string | undefined): string | undefined {
  const parts = /^(\d{2}):?(\d{2})?:?(\d{2})?(\.\d*)?$/.exec(text ?? '');
  if (!parts) return undefined;
  const [, hours = '00', minutes = '00', seconds = '00'] = parts;
  return Number(hours) < 24 && Number(minutes) < 60 && Number(seconds) < 61
    ? `${hours}:${minutes}:${seconds}`
    : undefined;
}

const perYear: Readonly<Record<string, number>> = { Y: 1, M: 12, W: 365.25 / 7, D: 365.25 };

function ageOf(text: string | undefined): number | undefined {
  const parts = /^(\d{1,3})([DWMY])$/i.exec(text ?? '');
  const divisor = perYear[parts?.[2]?.toUpperCase() ?? ''];
  return parts && divisor ? Math.round((Number(parts[1]) / divisor) * 10) / 10 : undefined;
}

function yearsBetween(from: string | undefined, to: string | undefined): number | undefined {
  if (!from || !to) return undefined;
  const years = (Date.parse(to) - Date.parse(from)) / (365.25 * 86_400_000);
  return years >= 0 && years < 150 ? Math.floor(years) : undefined;
}
