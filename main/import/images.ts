import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Frame, Instance, Problem, Study, View } from '../../preload/values.js';
import { blackened, type FoundText, findTextInFrame, saidInHeader } from '../deidentify/index.js';
import { WetreadError } from '../error.js';
import type { SourceImage } from '../retrieve/index.js';
import { routeModality } from '../retrieve/index.js';
import { decodeFrame, type GreyImage, loadStudies, renderGrey, thumbnail } from '../study/index.js';
import { limits } from './limits.js';
import { problemOf, textInPicture } from './problems.js';
import type { ImportRecord, RecordImage } from './record.js';

const thumbnailPx = 192;
/** The image encoders of packs look at no more than this, so a coarser level of a JPEG 2000 will do. */
const decodedPx = 384;

/** Embeds images, in order: [256] each, of unit length (`embedImages` of main/encode on the open pack). */
export type EmbedImages = (
  images: readonly { image: GreyImage; view: View }[],
  options: { signal?: AbortSignal },
) => Promise<Float32Array[]>;

/**
 * Adds to a record the images that lie beside its file. DICOM headers tell modality, body part, view, age and sex where the report does
 * not, and the names to remove from it. Of many images some of each series are taken.
 */
export async function withImages(
  record: ImportRecord,
  files: readonly string[],
  { signal, onProblem }: { signal?: AbortSignal | undefined; onProblem: (problem: Problem) => void },
): Promise<ImportRecord> {
  const { studies, problems } = await loadStudies(files, signal ? { signal } : {});
  for (const problem of problems) onProblem(problem);
  const series = studies.flatMap((study) =>
    study.series.map(({ instances }) =>
      instances.filter(({ hasPixels }) => hasPixels).map((instance) => imageOf(instance)),
    ),
  );
  const images = spread(
    series.filter((one) => one.length > 0),
    limits.images,
    limits.imagesOfSeries,
  );
  const ofDicom = studies.filter(({ source }) => source === 'dicom');
  const [study] = ofDicom;
  const known = [...record.known];
  for (const one of ofDicom) known.push(...(await namesOf(one, { signal, onProblem })));
  return { ...record, ...(study !== undefined && factsOf(study, record)), known, images };
}

/** Whom the headers of a study name: its patient, its physicians and all others, in the first object of each series, and where. */
async function namesOf(
  { patient, accession, referringPhysician, institution, series }: Study,
  { signal, onProblem }: { signal?: AbortSignal | undefined; onProblem: (problem: Problem) => void },
): Promise<string[]> {
  const names = new Set(
    [patient.name, patient.id, accession, referringPhysician, institution].filter(
      (value) => value !== undefined,
    ),
  );
  const firsts = series.slice(0, limits.imagesOfSeries).flatMap(({ instances }) => instances[0]?.file ?? []);
  for (const name of await namesInHeaders(firsts, { signal, onProblem })) names.add(name);
  return longEnough(names);
}

/** Whom the headers of the images that a table names say, of those that may have one: a JPEG or PNG has none. */
export async function namesOfTableImages(
  images: readonly RecordImage[],
  options: { signal?: AbortSignal | undefined; onProblem: (problem: Problem) => void },
): Promise<string[]> {
  const files = images.map(({ file }) => file).filter((file) => !/\.(?:jpe?g|png)$/i.test(file));
  return longEnough(await namesInHeaders(files, options));
}

async function namesInHeaders(
  files: readonly string[],
  { signal, onProblem }: { signal?: AbortSignal | undefined; onProblem: (problem: Problem) => void },
): Promise<Set<string>> {
  const names = new Set<string>();
  for (const file of new Set(files))
    try {
      for (const name of (await saidInHeader(file, { signal })).names) names.add(name);
    } catch (thrown) {
      signal?.throwIfAborted();
      onProblem(problemOf(file, thrown));
    }
  return names;
}

const longEnough = (names: ReadonlySet<string>) => [...names].filter(({ length }) => length >= 3);

function imageOf({ file, view, frames }: Instance): RecordImage {
  return { file, view, ...(frames > 1 && { frame: Math.floor(frames / 2) }) };
}

function factsOf(study: Study, record: ImportRecord): Partial<ImportRecord> {
  const { patient, description, series } = study;
  const modality = record.modality ?? routeModality(study);
  const bodyRegion = record.bodyRegion ?? series.find(({ bodyPart }) => bodyPart)?.bodyPart ?? description;
  const ageYears = record.ageYears ?? patient.ageYears;
  const sex = record.sex ?? patient.sex;
  return {
    ...(modality !== undefined && { modality }),
    ...(bodyRegion !== undefined && { bodyRegion }),
    ...(ageYears !== undefined && { ageYears }),
    ...(sex !== undefined && { sex }),
  };
}

/**
 * At most `most` of all series, of each as many as there is room for but no more than `mostOfEach`, evenly spaced; of a long one from its
 * middle three fifths.
 */
export function spread<T>(series: readonly (readonly T[])[], most: number, mostOfEach: number): T[] {
  const shares = series.map(() => 0);
  for (let left = most, progress = true; left > 0 && progress; ) {
    progress = false;
    for (const [at, own] of series.entries()) {
      const share = shares[at] ?? 0;
      if (left === 0 || share >= Math.min(own.length, mostOfEach)) continue;
      shares[at] = share + 1;
      left -= 1;
      progress = true;
    }
  }
  return series.flatMap((own, at) => {
    const share = shares[at] ?? 0;
    const margin = own.length > 2 * share ? own.length / 5 : 0;
    return Array.from(
      { length: share },
      (_, n) => own[Math.floor(margin + ((n + 0.5) * (own.length - 2 * margin)) / share)],
    ).flatMap((one) => (one === undefined ? [] : [one]));
  });
}

/**
 * Where a table's image files are: as the table writes them from its own folder on, else in a folder beside it. A name that leads out of
 * the table's folder is refused.
 */
export class TableImages {
  #folders: string[] | undefined;
  readonly #home: string;
  #realHome: string | undefined;
  #last: string;

  constructor(private readonly table: string) {
    this.#home = dirname(table);
    this.#last = this.#home;
  }

  async resolve(images: readonly RecordImage[]): Promise<{ images: RecordImage[]; missing: string[] }> {
    const resolved: RecordImage[] = [];
    const missing: string[] = [];
    for (const image of images.slice(0, limits.images)) {
      const file = await this.#find(image.file);
      if (file === undefined) missing.push(basename(image.file));
      else resolved.push({ ...image, file });
    }
    return { images: resolved, missing };
  }

  async #find(name: string): Promise<string | undefined> {
    if (isAbsolute(name)) return (await this.#isThere(name)) ? name : undefined;
    // The images of a table lie in one folder, as a rule: where the last one was is looked first.
    const folders = [this.#last, this.#home, ...(await this.#beside())];
    for (const folder of folders) {
      const file = join(folder, name);
      if (!(await this.#isThere(file))) continue;
      this.#last = folder;
      return file;
    }
    return undefined;
  }

  /** Whether it is there and, links followed, within the table's folder. */
  async #isThere(file: string): Promise<boolean> {
    if (!this.#inside(file)) return false;
    const real = await realpath(file).catch(() => undefined);
    this.#realHome ??= await realpath(this.#home);
    return real !== undefined && this.#inside(real, this.#realHome);
  }

  #inside(file: string, home = this.#home): boolean {
    const path = relative(home, file);
    return path !== '' && !path.startsWith('..') && !isAbsolute(path);
  }

  async #beside(): Promise<string[]> {
    if (this.#folders === undefined) {
      const entries = await readdir(this.#home, { withFileTypes: true }).catch(() => []);
      const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
      const likely = (name: string) =>
        /^(?:images?|pictures?|files|dicom|png|jpe?g|figures?)$/i.test(name) ? 0 : 1;
      const own = basename(this.table, extname(this.table));
      names.sort((a, b) => likely(a) - likely(b) || Number(b === own) - Number(a === own));
      this.#folders = names.slice(0, 20).map((name) => join(this.#home, name));
    }
    return this.#folders;
  }
}

/** SHA-256 of a file, hexadecimal. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  const { size } = await stat(file);
  // A stream costs more than it saves where the file is small.
  if (size <= 4 * 2 ** 20) hash.update(await readFile(file));
  else await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

interface ReadImageOptions {
  signal?: AbortSignal | undefined;
  onProblem: (problem: Problem) => void;
}

/**
 * Images of one document, decoded, embedded and made small one by one; one that cannot be read is a problem and left out. Where text
 * is burned in, that is told, and it is black in what is stored to be looked at; the vector, of which no text can be read, is of the image
 * as it is, as those of images that it is compared with.
 */
export async function readImages(
  images: readonly RecordImage[],
  embedImages: EmbedImages,
  options: ReadImageOptions,
): Promise<SourceImage[]> {
  const { signal, onProblem } = options;
  const read: SourceImage[] = [];
  for (const image of images) {
    const { file, view } = image;
    try {
      const decoded = await decodeImage(image, signal);
      const [[vector], { boxes }] = await Promise.all([
        embedImages([{ image: renderGrey(decoded), view }], signal ? { signal } : {}),
        textIn(file, decoded, options),
      ]);
      if (vector !== undefined)
        read.push({ view, vector, thumbnail: await thumbnail(blackened(decoded, boxes), thumbnailPx) });
    } catch (thrown) {
      if (signal?.aborted || isOurs(thrown)) throw thrown;
      onProblem(problemOf(file, thrown));
    }
  }
  return read;
}

/** Tells of images that text is burned into, and of those that cannot be read. */
export async function lookForText(images: readonly RecordImage[], options: ReadImageOptions): Promise<void> {
  const { signal, onProblem } = options;
  for (const image of images) {
    try {
      await textIn(image.file, await decodeImage(image, signal), options);
    } catch (thrown) {
      signal?.throwIfAborted();
      onProblem(problemOf(image.file, thrown));
    }
  }
}

const decodeImage = ({ file, frame }: RecordImage, signal: AbortSignal | undefined): Promise<Frame> =>
  decodeFrame({ file }, frame ?? 0, { ...(signal && { signal }), minSidePx: decodedPx });

async function textIn(
  file: string,
  decoded: Frame,
  { signal, onProblem }: ReadImageOptions,
): Promise<FoundText> {
  const { saysText, modality } = await saidInHeader(file, { signal });
  const found = await findTextInFrame(decoded, { modality, signal });
  if (found.likely || saysText) onProblem(textInPicture(file, found.boxes.length));
  return found;
}

/** What is wrong with the pack is wrong with every image. */
const isOurs = (thrown: unknown) =>
  thrown instanceof WetreadError && ['pack-missing', 'pack-damaged'].includes(thrown.code);
