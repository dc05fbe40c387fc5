import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { IndexModality, type Problem } from '../../../preload/values.js';
import { toWetreadError, WetreadError } from '../../error.js';
import { findingIds, findingsNamed } from '../../findings/index.js';

const shortestSnippet = 40;
const longestSnippetWords = 90;
/** A snippet that names no finding speaks of its document's, unless these are so many that it would say nothing. */
const mostInheritedFindings = 3;

const FrontMatter = z
  .object({
    id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be in kebab case'),
    title: z.string().min(3).max(160),
    modality: IndexModality,
    bodyRegion: z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'must be a word in lower case'),
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
    codes: z
      .array(z.object({ system: z.string(), code: z.coerce.string(), display: z.string() }).strict())
      .default([]),
    sources: z.array(z.string().min(8)).min(1, 'names no source'),
    licence: z.literal('Apache-2.0'),
    version: z.string().regex(/^\d{4}-\d{2}-\d{2}\.\d+$/, 'must be YYYY-MM-DD.n'),
  })
  .strict();

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

  const snippets = readSnippets(body).map(({ kind, text: said }, ordinal) => ({
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

/** Paragraphs and list items below `##` headings; sub-headings, tables, code and short lines are left out. */
function readSnippets(body: string): { kind: string; text: string }[] {
  const snippets: { kind: string; text: string }[] = [];
  let kind = '';
  let lines: string[] = [];
  let inCode = false;
  const flush = () => {
    const text = plain(lines.join(' '));
    lines = [];
    if (kind !== '' && text.length >= shortestSnippet) snippets.push({ kind, text });
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
      kind = (heading[1] ?? '').toLowerCase();
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
  return snippets;
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
 * Checks a whole knowledge base: everything that `readDocuments` refuses, and snippets that two places repeat word for word.
 * The base is sound when `problems` is empty.
 */
export async function checkDocuments(
  folder: string,
): Promise<{ documents: number; snippets: number; problems: Problem[] }> {
  const { documents, problems } = await readDocuments(folder);
  const seen = new Map<string, string>();
  let snippets = 0;
  for (const document of documents) {
    for (const snippet of document.snippets) {
      snippets += 1;
      const key = snippet.text.toLowerCase();
      const other = seen.get(key);
      if (other !== undefined)
        problems.push({
          file: `${document.modality.toLowerCase()}/${document.id}.md`,
          code: 'bad-input',
          message: `${document.id}: "${snippet.text.slice(0, 50)}…" is also said by ${other}.`,
        });
      seen.set(key, document.id);
    }
  }
  return { documents: documents.length, snippets, problems };
}
