import { z } from 'zod';
import { IndexModality } from '../../preload/values.js';

/** Arrow lists and vectors come back as iterables of their own. */
const isIterable = (value: unknown): value is Iterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.iterator in value;
const strings = z
  .custom<Iterable<unknown>>(isIterable)
  .transform((list) => z.array(z.string()).parse([...list]));
/** Vectors are read in one piece: going through them number by number took most of a query's time. */
const vector = z
  .custom<{ toArray(): unknown }>((value) => isIterable(value) && 'toArray' in value)
  .transform((list) => z.instanceof(Float32Array).parse(list.toArray()));
/** The null of a column becomes an absent value. */
const optional = <T extends z.ZodType>(schema: T) =>
  z
    .union([schema, z.null()])
    .optional()
    .transform((value) => value ?? undefined);

/** What ranking reads of a document. */
export const DocumentRow = z.object({
  id: z.string(),
  title: z.string(),
  bodyRegion: z.string(),
  findings: strings,
});
export type DocumentRow = z.infer<typeof DocumentRow>;

/** What ranking reads of a snippet. */
export const SnippetRow = DocumentRow.extend({
  document: z.string(),
  kind: z.string(),
  text: z.string(),
  modality: IndexModality,
  source: z.string(),
  licence: z.string(),
  version: z.string(),
  semantic: optional(vector),
});
export type SnippetRow = z.infer<typeof SnippetRow>;

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
  text: z.string(),
});
export type SectionRow = z.infer<typeof SectionRow>;
