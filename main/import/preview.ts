import type { ImportPreview, ImportRequest, Problem } from '../../preload/values.js';
import { toWetreadError, WetreadError } from '../error.js';
import { readers } from '../isolate/index.js';
import { modalityOf } from './describe.js';
import { type Row, textsAt } from './fields.js';
import { type Source, SourceFinder } from './find-sources.js';
import { lookForText } from './images.js';
import { limits } from './limits.js';
import { columnsOf, guessMapping } from './mapping.js';
import { hiddenIn, Problems, problemOf } from './problems.js';
import { FindingReader } from './read-findings.js';
import { readRecords } from './read-records.js';
import type { TableKind } from './read-table.js';
import type { ImportRecord } from './record.js';
import { splitLong } from './split-long.js';
import { rowsTask } from './tasks.js';
import { describeRecord } from './to-document.js';

const most = {
  files: 5000,
  documents: 8,
  ofOneFile: 3,
  picturesOfOne: 3,
  tables: 4,
  rows: 5,
  cell: 200,
  pieceChars: 20_000,
};

/** What a preview is asked of: a request without where it goes. */
export type PreviewRequest = Omit<ImportRequest, 'dataset' | 'vectors' | 'licence'>;

/**
 * What an import of these paths would read and remove, from the first files and rows of each kind. Stores nothing.
 * @throws WetreadError `cancelled`
 */
export async function previewImport(
  request: PreviewRequest,
  { signal }: { signal?: AbortSignal } = {},
): Promise<ImportPreview> {
  try {
    return await new Preview(request, signal).run();
  } catch (thrown) {
    throw signal?.aborted
      ? new WetreadError('cancelled', 'Cancelled.', { cause: thrown })
      : toWetreadError(thrown);
  }
}

class Preview {
  readonly #problems = new Problems();
  readonly #findings = new FindingReader();
  readonly #kinds = new Map<string, number>();
  readonly #tables: ImportPreview['tables'] = [];
  readonly #documents: ImportPreview['documents'] = [];
  readonly #shown = new Map<string, number>();

  constructor(
    private readonly request: PreviewRequest,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async run(): Promise<ImportPreview> {
    const onProblem = (problem: Problem) => this.#problems.add(problem);
    const finder = new SourceFinder(onProblem, this.signal);
    let files = 0;
    for await (const source of finder.find(this.request.paths)) {
      const kind = source.images.length > 0 ? `${source.kind} with images` : source.kind;
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
      await this.#look(source, onProblem);
      files += 1;
      if (files === most.files) {
        onProblem({
          file: source.root,
          code: 'limit-exceeded',
          message: `The preview counts the first ${most.files} files; the import reads all.`,
        });
        break;
      }
    }
    if (files < most.files) finder.tell();
    return {
      files: [...this.#kinds].map(([kind, count]) => ({ kind, count })),
      tables: this.#tables,
      documents: this.#documents,
      problems: this.#problems.list(),
    };
  }

  /** Shows some documents of each kind of file, so that one kind does not hide the others. */
  async #look(source: Source, onProblem: (problem: Problem) => void): Promise<void> {
    const { file, kind } = source;
    const isTable = kind === 'CSV' || kind === 'JSON Lines' || kind === 'JSON';
    if (isTable && this.#tables.length < most.tables) await this.#lookAtTable(file, kind);
    const shown = this.#shown.get(kind) ?? 0;
    if (this.#documents.length >= most.documents || shown >= most.ofOneFile) return;
    let left = Math.min(most.ofOneFile - shown, most.documents - this.#documents.length);
    const { mapping } = this.request;
    for await (const record of readRecords(source, { mapping, signal: this.signal, onProblem })) {
      this.#show(splitLong(record)[0] ?? record, source, onProblem);
      this.#shown.set(kind, (this.#shown.get(kind) ?? 0) + 1);
      await this.#lookAtPictures(record, onProblem);
      if (--left <= 0) return;
    }
  }

  /** Some pictures of each document that is shown. */
  async #lookAtPictures(record: ImportRecord, onProblem: (problem: Problem) => void): Promise<void> {
    const images = record.images.slice(0, most.picturesOfOne);
    await lookForText(images, { signal: this.signal, onProblem });
  }

  async #lookAtTable(file: string, kind: TableKind): Promise<void> {
    let rows: Row[];
    try {
      rows = await readers.submit(
        rowsTask,
        { file, kind, most: most.rows * 4 },
        { signal: this.signal, timeoutMs: limits.documentMs, long: true },
      );
    } catch {
      this.signal?.throwIfAborted();
      // Told by the reading of its documents.
      return;
    }
    const columns = columnsOf(rows);
    this.#tables.push({
      file,
      columns,
      rows: rows
        .slice(0, most.rows)
        .map((row) => columns.map((column) => textsAt(row, column).join('; ').slice(0, most.cell))),
      mapping: this.request.mapping ?? guessMapping(columns, rows),
    });
  }

  #show(record: ImportRecord, { file, root }: Source, onProblem: (problem: Problem) => void): void {
    const { modality } = this.request;
    try {
      const { document, pieces, hidden } = describeRecord(
        record,
        { modality, today: '', root },
        this.#findings,
      );
      if (hidden > 0) onProblem(hiddenIn(file, hidden));
      this.#documents.push({
        title: document.title,
        modality: document.modality,
        file,
        pieces: cut(pieces),
        snippets: document.snippets.length,
        images: record.images.length,
      });
    } catch (thrown) {
      onProblem(problemOf(file, thrown));
      // What lacks only a modality is shown without one, so that it can be chosen.
      if (modality === undefined && modalityOf(record, undefined) === undefined)
        this.#showWithout(record, file, root);
    }
  }

  #showWithout(record: ImportRecord, file: string, root: string): void {
    try {
      const { document, pieces } = describeRecord(
        record,
        { modality: 'XR', today: '', root },
        this.#findings,
      );
      this.#documents.push({
        title: document.title,
        file,
        pieces: cut(pieces),
        snippets: document.snippets.length,
        images: record.images.length,
      });
    } catch {
      // Its problem is told already.
    }
  }
}

type Pieces = ImportPreview['documents'][number]['pieces'];

/** The first pieces of a long text. */
function cut(pieces: Pieces): Pieces {
  const kept: Pieces = [];
  let room = most.pieceChars;
  for (const piece of pieces) {
    if (room <= 0) break;
    kept.push({ ...piece, text: piece.text.slice(0, room) });
    room -= piece.text.length;
  }
  return kept;
}
