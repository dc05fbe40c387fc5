import type { Table } from '@lancedb/lancedb';
import type { CaseHit, IndexModality } from '../../preload/values.js';
import { toWetreadError } from '../error.js';
import { splitSentences } from '../findings/index.js';
import { type CaseCounts, type Cases, countPresent, type SimilarCase } from './cases.js';
import { askAll, type Indices, listOf } from './federate.js';
import { isReport } from './filters.js';
import { byScore } from './fuse.js';
import { nearestPictures } from './pictures.js';
import { CaseRow, SectionRow } from './rows.js';
import type { Index, Tables } from './store/index-store.js';
import { readRows } from './store/read-rows.js';
import { anyOf } from './store/sql.js';

/** Articles among the nearest images are read in vain. */
const spare = 8;

interface FoundCase extends CaseRow {
  key: string;
  dataset: string;
  score: number;
  sections: SectionRow[];
}

/** The cases of one index whose images are most like one of `vectors`, most alike first. */
async function nearestCases(
  { id: dataset, settings }: Index,
  { documents, snippets, images }: Tables,
  vectors: readonly Float32Array[],
  limit: number,
): Promise<FoundCase[]> {
  if (images === undefined) return [];
  const near = await nearestPictures(images, vectors, { dataset, limit: limit + spare, settings });
  if (near.length === 0) return [];
  const ids = near.map(({ document }) => document);
  const [rows, passages] = await Promise.all([
    readRows(documents.query().where(`${anyOf('id', ids)} AND ${isReport}`), CaseRow),
    readRows(snippets.query().where(anyOf('document', ids)), SectionRow),
  ]);
  const cases = new Map(rows.map((row) => [row.id, row]));
  const sections = new Map<string, SectionRow[]>();
  for (const row of passages) sections.set(row.document, [...(sections.get(row.document) ?? []), row]);
  return near
    .flatMap(({ key, document, score }) => {
      const row = cases.get(document);
      const said = (sections.get(document) ?? []).sort((a, b) => a.ordinal - b.ordinal);
      return row === undefined ? [] : [{ ...row, key, dataset, score, sections: said }];
    })
    .slice(0, limit);
}

async function nearestOfAll(
  indices: Indices,
  modality: IndexModality,
  vectors: readonly Float32Array[],
  { limit, signal }: { limit: number; signal?: AbortSignal },
): Promise<FoundCase[]> {
  const { answers } = await askAll(
    listOf(indices),
    modality,
    (tables, index) => nearestCases(index, tables, vectors, limit),
    signal,
  );
  return answers
    .flatMap(({ value }) => value)
    .sort(byScore)
    .slice(0, limit);
}

/**
 * Earlier studies of the indices whose images look like `vectors` ([256] each, unit length), the most alike first, with their reports.
 * An index that fails is passed over.
 * @throws WetreadError when every index fails, and `cancelled`.
 */
export async function similarCases(
  indices: Indices,
  { modality, vectors, limit }: { modality: IndexModality; vectors: readonly Float32Array[]; limit: number },
  { signal }: { signal?: AbortSignal } = {},
): Promise<CaseHit[]> {
  try {
    const found = await nearestOfAll(indices, modality, vectors, { limit, signal });
    return found.map(({ id, present, sources, sections, key: _key, ...row }) => ({
      ...row,
      document: id,
      score: Math.min(1, Math.max(-1, row.score)),
      findings: present,
      sections: joined(sections),
      source: sources.join('; '),
    }));
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}

/** Passages that follow each other in one section, as one. */
function joined(passages: SectionRow[]): { kind: string; text: string }[] {
  const sections: { kind: string; text: string }[] = [];
  for (const { kind, text } of passages) {
    const last = sections.at(-1);
    if (last !== undefined && last.kind === kind) last.text = `${last.text} ${text}`;
    else sections.push({ kind, text });
  }
  return sections;
}

/** The department's earlier studies in the tables of `indices`; asked by the vectors of single images. */
export function indexedCases(indices: Indices, modality: IndexModality): Cases {
  return {
    nearest: async ({ pictures = [] }, count, except) => {
      if (pictures.length === 0) return [];
      // One more than wanted, for the one that is left out.
      const found = await nearestOfAll(indices, modality, pictures, { limit: count + 1 });
      return found
        .filter(({ id, key }) => except === undefined || ![id, key].includes(except))
        .slice(0, count)
        .map(toSimilar);
    },
    counts: async () => {
      const { answers } = await askAll(listOf(indices), modality, (tables, index) => countsOf(index, tables));
      const counts = answers.map(({ value }) => value);
      const present = new Map<string, number>();
      for (const [finding, count] of counts.flatMap((one) => [...one.present]))
        present.set(finding, (present.get(finding) ?? 0) + count);
      return { cases: counts.reduce((sum, one) => sum + one.cases, 0), present };
    },
  };
}

function toSimilar({ key, present, sections, score }: FoundCase): SimilarCase {
  const of = (wanted: string) =>
    sections.filter(({ kind }) => kind === wanted).flatMap(({ text }) => splitSentences(text));
  return {
    score,
    case: {
      id: key,
      findings: of('findings'),
      impression: of('impression'),
      present: new Set(present),
    },
  };
}

/** Counted once for each version of a table. */
const counted = new WeakMap<Index, Map<string, { version: number; counts: Promise<CaseCounts> }>>();

async function countsOf(index: Index, { documents, images }: Tables): Promise<CaseCounts> {
  if (images === undefined) return { cases: 0, present: new Map() };
  const known = counted.get(index) ?? new Map();
  counted.set(index, known);
  const version = await documents.version();
  const last = known.get(documents.name);
  if (last?.version === version) return await last.counts;
  const counts = countCases(documents);
  known.set(documents.name, { version, counts });
  // A failure must not be kept.
  counts.catch(() => known.delete(documents.name));
  return await counts;
}

async function countCases(documents: Table): Promise<CaseCounts> {
  const rows = await readRows(documents.query().where(`${isReport} AND images > 0`), PresentRow);
  const lists = rows.map(({ present }) => present);
  return { cases: lists.length, present: countPresent(lists) };
}

const PresentRow = CaseRow.pick({ present: true });
