/** The ways of retrieving that are compared: each way alone, and what they make together. */
import type { EvidenceQuery, Indices, RetrievalParts } from '../../retrieve/index.js';
import { retrieveEvidence } from '../../retrieve/index.js';

type Way = 'text' | 'image' | 'picture' | 'bm25';

export interface Method {
  name: string;
  /** One way alone: what the hybrid is compared with. */
  single: boolean;
  ways: readonly Way[];
  hierarchical: boolean;
  /** The clinical entities of the query are added, and findings raise what speaks of them. */
  entities: boolean;
}

const all: readonly Way[] = ['text', 'image', 'picture', 'bm25'];
const alone = (name: string, way: Way, entities = false): Method => ({
  ...{ name, single: true, ways: [way], hierarchical: true, entities },
});

export const HYBRID = 'hybrid, hierarchical';

export const methods: readonly Method[] = [
  alone('BM25', 'bm25'),
  alone('BM25 + entities', 'bm25', true),
  alone('dense text', 'text'),
  alone('dense text + entities', 'text', true),
  alone('image to text', 'image'),
  alone('image to image', 'picture'),
  { name: 'hybrid, flat', single: false, ways: all, hierarchical: false, entities: true },
  { name: 'hybrid, no entities', single: false, ways: all, hierarchical: true, entities: false },
  { name: HYBRID, single: false, ways: all, hierarchical: true, entities: true },
];

/** What a query offers to search by. */
export type QueryInput = Pick<EvidenceQuery, 'text' | 'findings' | 'joint' | 'pictures'>;

/** Whether a method has anything to search by. */
export function applies({ ways }: Method, { text, joint, pictures }: QueryInput): boolean {
  const has: Record<Way, boolean> = {
    text: text !== '',
    bm25: text !== '',
    image: joint !== undefined,
    picture: (pictures?.length ?? 0) > 0,
  };
  return ways.some((way) => has[way]);
}

/** Documents ranked; more than are looked at, so that the snippets of several can come from one. */
const DEEP = 30;

/**
 * Ids of the documents that a method finds, best first: by the first stage, or for a flat search in the order of their first snippet.
 */
export async function rank(
  method: Method,
  indices: Indices,
  input: QueryInput,
  { modality, signal }: { modality: EvidenceQuery['modality']; signal?: AbortSignal },
): Promise<string[]> {
  const on = (way: Way) => method.ways.includes(way);
  const parts: RetrievalParts = {
    ...{ text: on('text'), image: on('image'), picture: on('picture'), bm25: on('bm25') },
    ...{ hierarchical: method.hierarchical, adaptive: false, entities: method.entities },
  };
  const query: EvidenceQuery = {
    ...{ modality, text: input.text, findings: method.entities ? input.findings : [] },
    ...{ joint: input.joint, pictures: input.pictures ?? [], documents: DEEP, parts },
    // A flat search ranks by its snippets, so more of them are wanted; else as the product asks.
    ...(!method.hierarchical && { limit: DEEP }),
  };
  const { documents, snippets } = await retrieveEvidence(indices, query, { signal });
  const ids = method.hierarchical ? documents.map(({ id }) => id) : snippets.map(({ document }) => document);
  return [...new Set(ids)];
}
