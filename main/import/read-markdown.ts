import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { type Block, isReport, sectionsOf } from './blocks.js';
import { readTextFile } from './decode-text.js';
import { problemOf } from './problems.js';
import { emptyRecord, type ImportRecord, type Read } from './record.js';

/** The fields of indices/README.md that are taken over; one that does not fit is left out, since other programs write front matter too. */
const FrontMatter = z.object({
  title: z.string().optional().catch(undefined),
  modality: z.string().optional().catch(undefined),
  bodyRegion: z.string().optional().catch(undefined),
  codes: z
    .array(z.object({ system: z.string(), code: z.coerce.string() }))
    .default([])
    .catch([]),
  sources: z.array(z.string()).default([]).catch([]),
  licence: z.string().optional().catch(undefined),
  version: z.coerce.string().optional().catch(undefined),
});

/** A Markdown file: its front matter as in indices/README.md where there is any, its sections by their headings. */
export async function* readMarkdown(file: string): AsyncGenerator<Read> {
  try {
    yield { record: parseMarkdown(await readTextFile(file), file) };
  } catch (thrown) {
    yield { problem: problemOf(file, thrown) };
  }
}

/** The record of a Markdown text. */
export function parseMarkdown(text: string, file: string): ImportRecord {
  const [, header, rest] = /^\s*---\n(.*?)\n---[ \t]*(?:\n|$)(.*)$/s.exec(text) ?? [];
  const matter = FrontMatter.safeParse(header === undefined ? {} : readYaml(header));
  const body = rest ?? text;
  const titled = (matter.success && matter.data.title !== undefined) || !/^ {0,3}#\s/m.test(body);
  const { title, sections } = sectionsOf(markdownBlocks(body), { titled });
  const { codes, ...said } = matter.success ? matter.data : FrontMatter.parse({});
  const stated = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  return {
    ...emptyRecord(file),
    topic: isReport(sections) ? 'report' : 'article',
    ...(title !== undefined && { title }),
    ...stated,
    codes: codes.map(({ system, code }) => `${system}:${code}`),
    sections,
  };
}

function readYaml(header: string): unknown {
  try {
    // An alias may unfold without end; front matter needs none.
    return parseYaml(header, { maxAliasCount: 0 }) ?? {};
  } catch {
    return {};
  }
}

/** Markdown → headings, paragraphs and list items, without inline marks; code and tables are kept as paragraphs of their lines. */
function markdownBlocks(text: string): Block[] {
  const blocks: Block[] = [];
  let lines: string[] = [];
  const flush = () => {
    const paragraph = plain(lines.join(' '));
    if (paragraph !== '') blocks.push({ heading: false, text: paragraph });
    lines = [];
  };
  for (const line of text.split('\n')) {
    const heading = /^ {0,3}#{1,6}\s+(.+?)\s*#*\s*$/.exec(line);
    const item = /^\s*(?:[-*+]|\d+[.)])\s+(.*)$/.exec(line);
    const label = /^\s*[*_]{2}([^*_]+?):?[*_]{2}:?\s*$/.exec(line);
    if (heading !== null || label !== null) {
      flush();
      blocks.push({ heading: true, text: plain((heading ?? label)?.[1] ?? '') });
    } else if (item !== null) {
      flush();
      lines.push(item[1] ?? '');
    } else if (/^\s*$|^\s*(?:```|~~~|\|?[-:| ]+\|[-:| ]*$)/.test(line)) {
      flush();
    } else {
      lines.push(line.trim());
    }
  }
  flush();
  return blocks;
}

/** Text without inline Markdown: links by their words, marks of emphasis gone. HTML stays as the text that it is. */
function plain(markdown: string): string {
  return markdown
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/(\*\*|__|`)(?=\S)(.+?)\1/g, '$2')
    .replace(/(?<![\w*])[*_]([^*_\n]+)[*_](?![\w*])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim();
}
