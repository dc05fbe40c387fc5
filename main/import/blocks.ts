import type { RecordSection } from './record.js';

/** A heading, a paragraph or a list item of a text. */
export interface Block {
  heading: boolean;
  text: string;
}

/** The headings of reports, and the kinds of sections that they begin. */
const reportHeadings: [words: string, kind: string][] = [
  ['findings?|observations?|interpretation|results?', 'findings'],
  ['impressions?|conclusions?|opinion|assessment|summary|final diagnosis', 'impression'],
  ['(?:clinical )?indications?|reason for (?:the )?(?:exam(?:ination)?|study|procedure|visit)', 'indication'],
  [
    '(?:clinical |patient |present )?history|clinical (?:information|data|details|context|presentation)|presentation|anamnesis',
    'history',
  ],
  ['technique|protocol|methods?|contrast', 'technique'],
  ['comparisons?|prior (?:study|studies|examinations?)|previous (?:study|studies)', 'comparison'],
  ['exam(?:ination)?(?: type)?|study|procedure|type of (?:exam|study)', 'exam'],
  ['recommendations?|follow[- ]?up', 'recommendation'],
  ['differential(?: diagnos[ie]s)?', 'differential'],
  ['diagnos[ie]s', 'diagnosis'],
  ['discussion|teaching points?|comments?', 'discussion'],
  ['description', 'description'],
  ['addend(?:um|a)', 'addendum'],
];

const names = reportHeadings.map(([words]) => words).join('|');
/** At the head of a line before a colon, or alone on its line. */
const atLineStart = new RegExp(`^[ \\t]*(?:[*_#]+ ?)?(${names})(?:[*_]*[ \\t]*:[*_]*|[*_]*[ \\t]*$)`, 'gim');
/** In capitals before a colon anywhere: reports are often one long line. */
const inLine = new RegExp(`(?<=[\\s.])(${names.toUpperCase()})[ \\t]*:`, 'g');

/** The kind of section that a heading begins in a report; undefined for any other heading. */
export function reportKind(heading: string): string | undefined {
  const text = heading.trim().replace(/[:.\s]+$/, '');
  return reportHeadings.find(([words]) => new RegExp(`^(?:${words})$`, 'i').test(text))?.[1];
}

/**
 * Free text → its sections by the headings of reports ("FINDINGS:", "Impression" alone on a line). What comes before the first one is of
 * kind `first`. Sections of the same kind stay apart.
 */
export function splitReport(text: string, first = 'text'): RecordSection[] {
  const marks = [...text.matchAll(atLineStart), ...text.matchAll(inLine)]
    .map((match) => ({ from: match.index, to: match.index + match[0].length, name: match[1] ?? '' }))
    .sort((a, b) => a.from - b.from);
  const sections: RecordSection[] = [];
  let kind = first;
  let start = 0;
  const close = (end: number) => {
    const body = text.slice(start, end).trim();
    if (body !== '') sections.push({ kind, text: body });
  };
  for (const { from, to, name } of marks) {
    if (from < start) continue;
    close(from);
    kind = reportKind(name) ?? first;
    start = to;
  }
  close(text.length);
  return sections;
}

/**
 * Blocks of a document → its title and sections. A heading that is one of a report's gives its kind, any other itself in lower case.
 * Paragraphs are parted by blank lines. Report headings within paragraphs are found too.
 * @param options `titled`: the title is known from elsewhere, the first heading is none
 */
export function sectionsOf(
  blocks: readonly Block[],
  { titled = false }: { titled?: boolean } = {},
): { title?: string; sections: RecordSection[] } {
  const sections: RecordSection[] = [];
  let title: string | undefined;
  let kind = 'text';
  let paragraphs: string[] = [];
  const close = () => {
    if (paragraphs.length > 0) sections.push(...splitReport(paragraphs.join('\n\n'), kind));
    paragraphs = [];
  };
  for (const { heading, text } of blocks) {
    if (!heading) {
      paragraphs.push(text);
      continue;
    }
    const known = reportKind(text);
    // The first heading of a document is its title, unless a report begins with it.
    if (
      !titled &&
      title === undefined &&
      sections.length === 0 &&
      paragraphs.length === 0 &&
      known === undefined
    ) {
      title = text;
      continue;
    }
    close();
    kind = known ?? kindOfHeading(text);
  }
  close();
  return { ...(title !== undefined && { title }), sections };
}

function kindOfHeading(heading: string): string {
  const text = heading
    .toLowerCase()
    .replace(/^[\d.\s]+|[\s:.]+$/g, '')
    .replace(/\s+/g, ' ');
  return text.length <= 40 ? text || 'text' : `${text.slice(0, 39).trimEnd()}…`;
}

/** Whether sections are those of a report: it says what was found, or what that means. */
export function isReport(sections: readonly RecordSection[]): boolean {
  return sections.some(({ kind }) => kind === 'findings' || kind === 'impression');
}
