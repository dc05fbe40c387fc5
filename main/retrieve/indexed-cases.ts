import type { CaseHit, IndexModality } from '../../preload/values.js';
import { toWetreadError } from '../error.js';
import { splitSentences } from '../findings/index.js';
import { type CaseCounts, type Cases, countPresent, type SimilarCase } from './cases.js';
import { askAll, type Indices, listOf } from './federate.js';
import { byScore } from './fuse.js';
import { nearestPictures } from './pictures.js';
import { CaseRow, SectionRow } from './rows.js';
import type { Index, Tables } from './store/index-store.js';
import { anyOf } from './store/sql.js';

/** Only what was said of a patient is a case; an article may have images too. */
const isCase = anyOf('topic', ['report', 'case']);

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
    documents
      .query()
      .where(`${anyOf('id', ids)} AND ${isCase}`)
      .select(Object.keys(CaseRow.shape))
      .toArray(),
    snippets.query().where(anyOf('document', ids)).select(Object.keys(SectionRow.shape)).toArray(),
  ]);
  const cases = new Map(rows.map((row) => CaseRow.parse(row)).map((row) => [row.id, row]));
  const sections = new Map<string, SectionRow[]>();
  for (const row of passages.map((passage) => SectionRow.parse(passage)))
    sections.set(row.document, [...(sections.get(row.document) ?? []), row]);
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

/** The department's earlier studies in the tables of `indices`. Counts are read once and kept. */
export function indexedCases(indices: Indices, modality: IndexModality): Cases {
  let counting: Promise<CaseCounts> | undefined;
  return {
    nearest: async (joint, count, except) => {
      // One more than wanted, for the one that is left out.
      const found = await nearestOfAll(indices, modality, [joint], { limit: count + 1 });
      return found
        .filter(({ id }) => id !== except)
        .slice(0, count)
        .map(toSimilar);
    },
    counts: () => {
      counting ??= countCases(indices, modality);
      // A failure must not be kept.
      counting.catch(() => {
        counting = undefined;
      });
      return counting;
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

async function countCases(indices: Indices, modality: IndexModality): Promise<CaseCounts> {
  const { answers } = await askAll(listOf(indices), modality, async ({ documents, images }) => {
    if (images === undefined) return [];
    const rows = await documents.query().where(`${isCase} AND images > 0`).select(['present']).toArray();
    return rows.map((row) => PresentRow.parse(row).present);
  });
  const lists = answers.flatMap(({ value }) => value);
  return { cases: lists.length, present: countPresent(lists) };
}

const PresentRow = CaseRow.pick({ present: true });
