import { z } from 'zod';
import { IndexModality, Polarity } from '../../preload/values.js';
import { withoutHidden } from '../trust/index.js';

const strings = z.array(z.string());

/** What is shown, however it came into the dataset: others may have filled it. */
const shown = (most: number) => z.string().transform((text) => withoutHidden(text.slice(0, most)).text);
/** Longer than any that an import makes. */
const longest = { text: 4000, title: 400 } as const;

/** The null of a column becomes an absent value. */
const optional = <T extends z.ZodType>(schema: T) =>
  z
    .union([schema, z.null()])
    .optional()
    .transform((value) => value ?? undefined);

/** What ranking reads of documents and snippets. */
const RankedRow = z.object({
  id: z.string(),
  title: shown(longest.title),
  bodyRegion: z.string(),
  findings: strings,
  semantic: optional(z.instanceof(Float32Array)),
});

/** What ranking reads of a document. */
export const DocumentRow = RankedRow.extend({ topic: z.string(), present: strings });
export type DocumentRow = z.infer<typeof DocumentRow>;

/** What ranking reads of a snippet. */
export const SnippetRow = RankedRow.extend({
  document: z.string(),
  kind: z.string(),
  text: shown(longest.text),
  modality: IndexModality,
  polarity: optional(Polarity),
  source: shown(longest.title),
  licence: shown(longest.title),
  version: z.string(),
});
export type SnippetRow = z.infer<typeof SnippetRow>;

/** What of a snippet is its document's. */
export const OfDocument = DocumentRow.pick({ title: true, bodyRegion: true }).extend({
  id: z.string(),
  modality: IndexModality,
  sources: strings,
  licence: shown(longest.title),
  version: z.string(),
});

export type OfDocument = z.infer<typeof OfDocument>;

/** What of a snippet is its own. */
export const OwnOfSnippet = SnippetRow.omit({
  ...{ title: true, bodyRegion: true, modality: true },
  ...{ source: true, licence: true, version: true },
});

/** A snippet of a document. */
export const snippetOf = (
  { title, bodyRegion, modality, sources, licence, version }: OfDocument,
  own: z.infer<typeof OwnOfSnippet>,
): SnippetRow => ({
  ...{ ...own, title, bodyRegion, modality, licence, version },
  source: SnippetRow.shape.source.parse(sources.join('; ')),
});

/** What is read of an image to find its document. */
export const ImageRow = z.object({ id: z.string(), document: z.string() });

/** An earlier study as its document says it. */
export const CaseRow = z.object({
  id: z.string(),
  title: z.string(),
  modality: IndexModality,
  present: strings,
  sources: strings,
  version: z.string(),
  ageYears: optional(z.number().int()),
  sex: optional(z.enum(['M', 'F', 'O'])),
  images: z.number().int(),
});
export type CaseRow = z.infer<typeof CaseRow>;

/** A passage of a report. */
export const SectionRow = z.object({
  document: z.string(),
  ordinal: z.number().int(),
  kind: z.string(),
  text: shown(longest.text),
});
export type SectionRow = z.infer<typeof SectionRow>;
