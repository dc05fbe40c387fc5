import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { IndexModality, type Problem } from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { findingIds, findingsNamed } from '../../findings/index.js';
import { codeSystems, isWellFormed } from './codes.js';

const shortestSnippet = 40;
const longestSnippetWords = 60;
/** A snippet that names no finding speaks of its document's, unless these are so many that it would say nothing. */
const mostInheritedFindings = 3;

/** Where in the body an article is at home; the words that `routeBodyRegion` gives, and `vascular`. */
export const bodyRegions = [
  'abdomen',
  'breast',
  'cardiac',
  'chest',
  'head',
  'msk',
  'neck',
  'pelvis',
  'spine',
  'vascular',
  'whole-body',
] as const;

/** The sections that an article may have; in lower case the kinds of its snippets. */
export const sectionKinds = [
  'appearance',
  'classification',
  'differential',
  'follow-up',
  'measurement',
  'normal',
  'pitfalls',
  'report phrasing',
  'technique',
] as const;

const Code = z
  .object({ system: z.enum(codeSystems), code: z.coerce.string(), display: z.string().min(3) })
  .strict()
  .superRefine(({ system, code }, context) => {
    if (!isWellFormed(system, code))
      context.addIssue({ code: 'custom', message: `"${code}" is not a code of ${system}` });
  });

/** `YYYY-MM-DD.n` of a day that the calendar has. */
const Version = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}\.\d+$/, 'must be YYYY-MM-DD.n')
  .refine((version) => {
    const day = version.slice(0, 10);
    const date = new Date(`${day}T00:00:00Z`);
    return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
  }, 'its day is not in the calendar');

const FrontMatter = z
  .object({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be in kebab case'),
    title: z.string().min(3).max(160),
    modality: IndexModality,
    bodyRegion: z.enum(bodyRegions),
    topic: z.enum([
      'appearance',
      'differential',
      'classification',
      'follow-up',
      'normal',
      'technique',
      'pitfalls',
      'phrasing',
    ]),
    findings: z.array(
      z.string().refine((id) => findingIds.has(id), { error: ({ input }) => `unknown finding "${input}"` }),
    ),
    codes: z.array(Code).default([]),
    sources: z.array(z.string().min(8)).min(1, 'names no source'),
    licence: z.literal('Apache-2.0'),
    version: Version,
  })
  .strict()
  .superRefine(({ sources, version }, context) => {
    const latest = Number(version.slice(0, 4));
    sources.forEach((source, at) => {
      const years = [...source.matchAll(/\b(?:1[89]|20)\d{2}\b/g)].map(([year]) => Number(year));
      if (!years.some((year) => year <= latest))
        context.addIssue({ code: 'custom', path: ['sources', at], message: `no year in "${source}"` });
    });
  });

/** One citable statement of a document. */
export interface KnowledgeSnippet {
  /** `<document id>#<ordinal>` */
  id: string;
  ordinal: number;
  /** Heading of its section in lower case. */
  kind: string;
  text: string;
  findings: string[];
}

/** An article of the knowledge base, as authored in `indices/<modality>/<id>.md` (see indices/README.md). */
export interface KnowledgeDocument extends z.infer<typeof FrontMatter> {
  snippets: KnowledgeSnippet[];
  /** SHA-256 of the file, hexadecimal. */
  contentHash: string;
}

/**
 * Parses one document. `file` names it in errors; its base name must be the id.
 * @throws WetreadError `bad-input` that says which file and what is wrong.
 */
export function parseDocument(content: string, file: string): KnowledgeDocument {
  const refuse = (reason: string, cause?: unknown) =>
    new WetreadError('bad-input', `${file}: ${reason}.`, { cause });
  const text = content.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');
  const parts = /^---\n(.*?)\n---\n(.*)$/s.exec(text);
  if (parts === null) throw refuse('has no front matter between two lines of ---');
  const [, header = '', body = ''] = parts;

  let yaml: unknown;
  try {
    yaml = parseYaml(header);
  } catch (thrown) {
    throw refuse('the front matter is not valid YAML', thrown);
  }
  const parsed = FrontMatter.safeParse(yaml);
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'front matter'}: ${issue.message}`,
    );
    throw refuse(reasons.join('; '), parsed.error);
  }
  const matter = parsed.data;
  if (`${matter.id}.md` !== basename(file)) throw refuse(`the id "${matter.id}" is not the file name`);

  const sections = readSections(body);
  const known = new Set<string>(sectionKinds);
  const unknown = sections.find(({ kind }) => !known.has(kind));
  if (unknown !== undefined) throw refuse(`"${unknown.kind}" is none of the sections that an article has`);
  const snippets = sections
    .flatMap(({ kind, texts }) => texts.map((text) => ({ kind, text })))
    .map(({ kind, text: said }, ordinal) => ({
      id: `${matter.id}#${ordinal}`,
      ordinal,
      kind,
      text: said,
      findings: snippetFindings(said, matter.findings),
    }));
  if (snippets.length === 0) throw refuse('has no snippet: a paragraph or list item under a ## heading');
  for (const snippet of snippets) {
    const words = snippet.text.split(/\s+/).length;
    if (words > longestSnippetWords)
      throw refuse(`a snippet of ${words} words is too long to cite: "${snippet.text.slice(0, 50)}…"`);
  }
  return { ...matter, snippets, contentHash: createHash('sha256').update(content).digest('hex') };
}

function snippetFindings(text: string, ofDocument: string[]): string[] {
  const named = findingsNamed(text).filter((id) => ofDocument.includes(id));
  if (named.length > 0) return named;
  return ofDocument.length <= mostInheritedFindings ? ofDocument : [];
}

/** `##` headings in lower case with the paragraphs and list items below; sub-headings, tables, code and short lines are left out. */
function readSections(body: string): { kind: string; texts: string[] }[] {
  const sections: { kind: string; texts: string[] }[] = [];
  let lines: string[] = [];
  let inCode = false;
  const flush = () => {
    const text = plain(lines.join(' '));
    lines = [];
    if (text.length >= shortestSnippet) sections.at(-1)?.texts.push(text);
  };
  for (const line of body.split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) {
      flush();
      inCode = !inCode;
      continue;
    }
    if (inCode) continue;
    const heading = /^##\s+(.+?)\s*#*$/.exec(line);
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line);
    if (heading !== null) {
      flush();
      sections.push({ kind: (heading[1] ?? '').toLowerCase(), texts: [] });
    } else if (line.trim() === '' || /^\s*\||^#/.test(line)) {
      flush();
    } else if (item !== null) {
      flush();
      lines.push(item[1] ?? '');
    } else {
      lines.push(line);
    }
  }
  flush();
  return sections;
}

/** Text without inline Markdown. */
function plain(markdown: string): string {
  return markdown
    .replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])[*_]([^*_]+)[*_](?![\w*])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}

/**
 * Reads every document below `folder` (`<modality in lower case>/<id>.md`), sorted by id. What cannot be used is a problem
 * (its code that of a WetreadError, its file relative to `folder`), and the rest is read.
 * @throws WetreadError `not-found` when the folder is not there; an AbortError when `signal` aborts.
 */
export async function readDocuments(
  folder: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<{ documents: KnowledgeDocument[]; problems: Problem[] }> {
  const documents = new Map<string, KnowledgeDocument>();
  const problems: Problem[] = [];
  let present: Set<string>;
  try {
    present = new Set(await readdir(folder));
  } catch (cause) {
    throw new WetreadError('not-found', `The knowledge base is not at ${folder}. Install Wetread again.`, {
      cause,
    });
  }
  for (const modality of IndexModality.options) {
    const subfolder = modality.toLowerCase();
    if (!present.has(subfolder)) continue;
    for (const name of (await readdir(join(folder, subfolder))).sort()) {
      signal?.throwIfAborted();
      if (!name.endsWith('.md')) continue;
      const file = `${subfolder}/${name}`;
      try {
        const document = parseDocument(await readFile(join(folder, subfolder, name), 'utf8'), file);
        const refuse = (reason: string) => new WetreadError('bad-input', `${file}: ${reason}.`);
        if (document.modality !== modality) throw refuse(`says modality ${document.modality}`);
        if (documents.has(document.id)) throw refuse(`the id "${document.id}" is taken by another document`);
        documents.set(document.id, document);
      } catch (thrown) {
        const { code, message } = toWetreadError(thrown);
        problems.push({ file, code, message });
      }
    }
  }
  return { documents: [...documents.values()].sort((a, b) => (a.id < b.id ? -1 : 1)), problems };
}

/**
 * Checks a whole knowledge base: everything that `readDocuments` refuses, versions of a day yet to come, and snippets that
 * two places repeat word for word. The base is sound when `problems` is empty.
 */
export async function checkDocuments(
  folder: string,
  { now = new Date() }: { now?: Date } = {},
): Promise<{ documents: number; snippets: number; problems: Problem[] }> {
  const { documents, problems } = await readDocuments(folder);
  // A day begins first at UTC+14. Only this check asks: a reader's clock that is slow must not empty the base.
  const today = new Date(now.getTime() + 14 * 3_600_000).toISOString().slice(0, 10);
  const seen = new Map<string, string>();
  let snippets = 0;
  for (const document of documents) {
    const file = `${document.modality.toLowerCase()}/${document.id}.md`;
    if (document.version.slice(0, 10) > today)
      problems.push({
        file,
        code: 'bad-input',
        message: `${file}: version: ${document.version} is of a day yet to come.`,
      });
    for (const snippet of document.snippets) {
      snippets += 1;
      const key = snippet.text.toLowerCase();
      const other = seen.get(key);
      if (other !== undefined)
        problems.push({
          file,
          code: 'bad-input',
          message: `${document.id}: "${snippet.text.slice(0, 50)}…" is also said by ${other}.`,
        });
      seen.set(key, document.id);
    }
  }
  return { documents: documents.length, snippets, problems };
}
