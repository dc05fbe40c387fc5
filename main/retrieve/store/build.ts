import { z } from 'zod';
import { IndexModality, type Problem, type Progress } from '../../../preload/values.js';
import { toWetreadError } from '../../error.js';
import { writeArticles } from './authored.js';
import { type KnowledgeDocument, readDocuments } from './documents.js';
import { embedDocuments } from './embed-documents.js';
import { fenceTables } from './fence.js';
import type { Index, Tables } from './index-store.js';
import { type Lock, lockFile, takeLock, waitingFor } from './lock.js';
import { probe } from './probe.js';
import { anyOf } from './sql.js';
import { indexWholly } from './table-indices.js';

/** Texts a batch: enough to keep the encoder busy, few enough that a cancel is felt at once. */
const batchTexts = 48;

export interface BuildResult {
  /** Documents that the index holds now. */
  documents: number;
  /** Of these, embedded in this run: they are new or changed. */
  embedded: number;
  removed: number;
  /** Documents that could not be used. */
  problems: Problem[];
}

export interface BuildOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Omit<Progress, 'task'>) => void;
  /** Asked before each batch: the modality that somebody waits for, which goes before the others. */
  waitedFor?: () => IndexModality | undefined;
  /** Told of each modality as soon as the index holds all of its documents. */
  onModality?: (modality: IndexModality) => void;
}

/**
 * Makes the index equal to the documents in `documentsFolder`. Embeds only what is new or changed (by content hash; by the encoder's
 * identity everything), deletes what is gone, and mends damaged tables by building them anew. May be killed at any moment:
 * a document's own row is written after its snippets and deleted before them, so the next run sees what is unfinished.
 * @throws WetreadError `cancelled` when `signal` aborts, `disk-full`, …; the index is then usable as far as it got.
 */
export async function buildIndex(
  index: Index,
  documentsFolder: string,
  options: BuildOptions = {},
): Promise<BuildResult> {
  try {
    const { signal, onProgress } = options;
    const lock = await takeLock(lockFile(index.folder), {
      signal,
      onWait: (holder) => onProgress?.(waitingFor(index.title, holder)),
    });
    try {
      if (lock.isTakenOver) await fenceTables(index.connection);
      return await build(index, documentsFolder, lock, options);
    } finally {
      await lock.release();
    }
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}

/** What one modality lacks. */
interface Plan {
  modality: IndexModality;
  tables: Tables;
  batches: KnowledgeDocument[][];
}

async function build(
  index: Index,
  documentsFolder: string,
  { requireHeld }: Lock,
  { signal, onProgress, waitedFor, onModality }: BuildOptions,
): Promise<BuildResult> {
  const { documents, problems } = await readDocuments(documentsFolder, { signal });
  const plans: Plan[] = [];
  let [removed, toEmbed] = [0, 0];
  for (const modality of IndexModality.options) {
    const wanted = documents.filter((document) => document.modality === modality);
    await requireHeld();
    if (wanted.length === 0) {
      await index.drop(modality);
      onModality?.(modality);
      continue;
    }
    const { tables, hashes } = await openOrRecreate(index, modality);
    const changed = wanted.filter((document) => hashes.get(document.id) !== document.contentHash);
    removed += await removeOthers(tables, wanted, hashes);
    // Before the rows too: while they arrive, words are only stemmed and matched where the index is there.
    await indexWholly(tables, index.settings, requireHeld);
    toEmbed += changed.length;
    if (changed.length > 0) plans.push({ modality, tables, batches: [...batches(changed)] });
    else onModality?.(modality);
  }

  let done = 0;
  while (plans.length > 0) {
    signal?.throwIfAborted();
    const first = waitedFor?.();
    const plan = plans.find(({ modality }) => modality === first) ?? plans[0];
    const batch = plan?.batches.shift();
    if (plan === undefined || batch === undefined) break;
    const { modality, tables } = plan;
    onProgress?.({ label: `Building the ${modality} index`, done, total: toEmbed });
    const embedded = await embedDocuments(index, batch, signal);
    await writeArticles(tables, batch, embedded, { embedder: index.embedder, before: requireHeld });
    done += batch.length;
    if (plan.batches.length > 0) continue;
    signal?.throwIfAborted();
    await indexWholly(tables, index.settings, requireHeld);
    plans.splice(plans.indexOf(plan), 1);
    onModality?.(modality);
  }
  if (toEmbed > 0) onProgress?.({ label: 'Knowledge index built', done, total: toEmbed });
  return { documents: documents.length, embedded: toEmbed, removed, problems };
}

const HashRow = z.object({ id: z.string(), contentHash: z.string() });

/** The tables with the content hashes they hold; where they are missing or cannot be read, new empty ones. */
async function openOrRecreate(
  index: Index,
  modality: IndexModality,
): Promise<{ tables: Tables; hashes: Map<string, string> }> {
  if (!index.isDamaged(modality)) {
    try {
      const tables = await index.tables(modality);
      const rows = await tables.documents.query().select(['id', 'contentHash']).toArray();
      const hashes = new Map(
        rows.map((row) => HashRow.parse(row)).map(({ id, contentHash }) => [id, contentHash]),
      );
      await probe(tables);
      return { tables, hashes };
    } catch {
      // Missing, of another encoder or damaged: all are mended the same way.
    }
  }
  return { tables: await index.recreate(modality), hashes: new Map() };
}

/** Deletes documents that are gone, and snippets without a document (a run was killed between the two). */
async function removeOthers(
  { documents, snippets }: Tables,
  wanted: KnowledgeDocument[],
  hashes: Map<string, string>,
): Promise<number> {
  const ids = new Set(wanted.map((document) => document.id));
  const gone = [...hashes.keys()].filter((id) => !ids.has(id));
  if (gone.length > 0) await documents.delete(anyOf('id', gone));
  const orphans = `NOT (${anyOf('document', [...ids])})`;
  if ((await snippets.countRows(orphans)) > 0) await snippets.delete(orphans);
  return gone.length;
}

function* batches(documents: KnowledgeDocument[]): Generator<KnowledgeDocument[]> {
  let batch: KnowledgeDocument[] = [];
  let texts = 0;
  for (const document of documents) {
    batch.push(document);
    texts += document.snippets.length + 1;
    if (texts < batchTexts) continue;
    yield batch;
    batch = [];
    texts = 0;
  }
  if (batch.length > 0) yield batch;
}
