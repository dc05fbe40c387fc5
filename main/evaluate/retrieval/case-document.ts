/** A case of a data set as the document that an import would store. */
import { createHash } from 'node:crypto';
import type { IndexModality, Polarity, View } from '../../../preload/values.js';
import { findingsNamed, parseFindings, splitSentences } from '../../findings/index.js';
import type { SourceDocument, SourceSnippet } from '../../retrieve/index.js';

export interface CaseText {
  id: string;
  title: string;
  modality: IndexModality;
  bodyRegion: string;
  /** Sections in order, empty ones left out. */
  sections: readonly { kind: string; text: string }[];
}

/** Sections that tell what is and what is not there. */
const stating = new Set(['findings', 'impression', 'caption']);
/** A snippet's words at most; a longer sentence is cut. */
const MOST_WORDS = 60;

/** Its sentences as snippets, its images by their vectors; no thumbnail, since nobody looks. */
export function caseDocument(
  { sections, ...text }: CaseText,
  images: readonly { view: View; vector: Float32Array }[],
): SourceDocument {
  const seen = new Set<string>();
  const snippets: SourceSnippet[] = [];
  const present = new Set<string>();
  for (const { kind, text: section } of sections)
    for (const sentence of splitSentences(section).flatMap(pieces)) {
      if (seen.has(sentence) || !/\p{L}{2}/u.test(sentence)) continue;
      seen.add(sentence);
      const states = stating.has(kind) ? parseFindings(sentence) : [];
      for (const { finding, state } of states) if (state === 'present') present.add(finding);
      const polarities = new Set<Polarity>(states.map(({ state }) => state));
      const [polarity] = polarities;
      snippets.push({
        ...{ kind, text: sentence },
        findings: [...new Set([...states.map(({ finding }) => finding), ...findingsNamed(sentence)])],
        ...(polarities.size === 1 && polarity && { polarity }),
      });
    }
  const hash = createHash('sha256').update(JSON.stringify([text, snippets]));
  for (const { vector } of images)
    hash.update(Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength));
  return {
    ...text,
    contentHash: hash.digest('hex'),
    topic: 'case',
    findings: [...new Set(snippets.flatMap(({ findings }) => findings))],
    present: [...present],
    ...{
      codes: [],
      sources: ['measurement'],
      licence: 'research use',
      version: '1',
      origin: '',
      removals: {},
    },
    snippets,
    images: images.map(({ view, vector }) => ({ view, vector, thumbnail: new Uint8Array(0) })),
  };
}

function pieces(sentence: string): string[] {
  const words = sentence.split(/\s+/);
  return Array.from({ length: Math.ceil(words.length / MOST_WORDS) }, (_, i) =>
    words.slice(i * MOST_WORDS, (i + 1) * MOST_WORDS).join(' '),
  );
}
