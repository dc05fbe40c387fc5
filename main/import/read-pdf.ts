import { getDocumentProxy } from 'unpdf';
import { WetreadError } from '../error.js';
import type { Block } from './blocks.js';
import { limits } from './limits.js';

/** A line of a page: its text, how high its letters are, and where it stands from the foot of the page, in points. */
interface Line {
  text: string;
  heightPt: number;
  yPt: number;
}

/**
 * PDF → headings and paragraphs by the size of the letters and the distance of the lines; what stands at the head or foot of many pages
 * is left out, as are page numbers. No picture is read: a scan without text is refused. Nothing is fetched and no script of it is run.
 * @throws WetreadError `damaged-file`, `not-allowed` (a password), `bad-input` (no text), `limit-exceeded` (pages).
 */
export async function pdfBlocks(bytes: Uint8Array): Promise<Block[]> {
  let pdf: Awaited<ReturnType<typeof getDocumentProxy>>;
  try {
    pdf = await getDocumentProxy(bytes, {
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
      verbosity: 0,
    });
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'PasswordException')
      throw new WetreadError('not-allowed', 'The PDF asks for a password: save it without one.', { cause });
    throw new WetreadError('damaged-file', 'The PDF is damaged.', { cause });
  }
  try {
    if (pdf.numPages > limits.pdfPages)
      throw new WetreadError(
        'limit-exceeded',
        `The PDF has ${pdf.numPages} pages, more than ${limits.pdfPages}: split it.`,
      );
    const pages: Line[][] = [];
    let chars = 0;
    let damaged = 0;
    for (let number = 1; number <= pdf.numPages; number++) {
      try {
        const page = await pdf.getPage(number);
        const { items } = await page.getTextContent();
        const lines = linesOf(items as PdfItem[]);
        chars += lines.reduce((sum, { text }) => sum + text.length, 0);
        pages.push(lines);
        page.cleanup();
      } catch {
        damaged += 1;
      }
    }
    if (chars > limits.documentChars)
      throw new WetreadError('limit-exceeded', 'The PDF holds more text than can be read at once: split it.');
    if (chars === 0)
      throw damaged > 0
        ? new WetreadError('damaged-file', 'The pages of the PDF are damaged.')
        : new WetreadError(
            'bad-input',
            'The PDF holds pictures of text, not text: run text recognition on it first.',
          );
    return blocksOf(withoutRunning(pages));
  } finally {
    await pdf.cleanup();
    await pdf.loadingTask.destroy();
  }
}

/** What this reader uses of a text item of PDF.js; marked content has none of it. */
interface PdfItem {
  str?: string;
  transform?: number[];
  height?: number;
  width?: number;
  hasEOL?: boolean;
}

function linesOf(items: readonly PdfItem[]): Line[] {
  const lines: Line[] = [];
  let text = '';
  let heightPt = 0;
  let yPt = 0;
  let endPt = 0;
  const close = () => {
    const trimmed = text.replace(/\s+/g, ' ').trim();
    if (trimmed !== '') lines.push({ text: trimmed, heightPt, yPt });
    text = '';
    heightPt = 0;
  };
  for (const { str = '', transform, height = 0, width = 0, hasEOL = false } of items) {
    const x = transform?.[4] ?? 0;
    const y = transform?.[5] ?? 0;
    if (str.trim() !== '') {
      if (text !== '' && Math.abs(y - yPt) > Math.max(heightPt, height, 1) * 0.6) close();
      // Words that are set apart without a space between them.
      if (text !== '' && !text.endsWith(' ') && x - endPt > Math.max(height, 1) * 0.2) text += ' ';
      if (text === '') yPt = y;
      heightPt = Math.max(heightPt, height);
    }
    text += str;
    endPt = x + width;
    if (hasEOL) close();
  }
  close();
  return lines;
}

/** Without page numbers and what two thirds of at least three pages repeat in their first or last two lines. */
function withoutRunning(pages: readonly Line[][]): Line[][] {
  const shape = (text: string) => text.replace(/\d+/g, '#').toLowerCase();
  const edge = (page: readonly Line[]) => [...page.slice(0, 2), ...page.slice(-2)];
  const counts = new Map<string, number>();
  for (const page of pages)
    for (const key of new Set(edge(page).map(({ text }) => shape(text))))
      counts.set(key, (counts.get(key) ?? 0) + 1);
  const running = (line: Line, page: readonly Line[]) =>
    edge(page).includes(line) &&
    (/^(?:page )?[\divx]{1,5}(?: (?:of|\/) \d+)?$/i.test(line.text) ||
      (pages.length >= 3 && (counts.get(shape(line.text)) ?? 0) >= pages.length * 0.66));
  return pages.map((page) => page.filter((line) => !running(line, page)));
}

function blocksOf(pages: readonly Line[][]): Block[] {
  const body = bodyHeight(pages);
  const blocks: Block[] = [];
  let paragraph = '';
  let last: Line | undefined;
  const flush = () => {
    if (paragraph !== '') blocks.push({ heading: false, text: paragraph });
    paragraph = '';
  };
  for (const page of pages) {
    for (const line of page) {
      const heading = line.heightPt > body * 1.15 && line.text.length <= 120;
      if (heading) {
        flush();
        const before = blocks.at(-1);
        // A heading of two lines.
        if (
          before?.heading &&
          last !== undefined &&
          Math.abs(last.heightPt - line.heightPt) < 0.5 &&
          last.yPt > line.yPt
        )
          before.text += ` ${line.text}`;
        else blocks.push({ heading: true, text: line.text });
      } else {
        const gap = last === undefined ? 0 : last.yPt - line.yPt;
        const item = /^(?:[•▪–*-]|\d{1,2}[.)])\s/.test(line.text);
        const label = /^[A-Z][A-Z ]{3,40}:?(?:\s|$)/.test(line.text);
        if (paragraph !== '' && (gap > body * 1.9 || item || label)) flush();
        if (item) paragraph = line.text.replace(/^[•▪–*-]\s/, '');
        // A word parted at the end of a line is put together again.
        else if (/\p{Ll}-$/u.test(paragraph) && /^\p{Ll}/u.test(line.text))
          paragraph = paragraph.slice(0, -1) + line.text;
        else paragraph += (paragraph === '' ? '' : ' ') + line.text;
      }
      last = line;
    }
  }
  flush();
  return blocks;
}

/** Height of most letters. */
function bodyHeight(pages: readonly Line[][]): number {
  const chars = new Map<number, number>();
  for (const { heightPt, text } of pages.flat()) {
    const height = Math.round(heightPt * 2) / 2;
    chars.set(height, (chars.get(height) ?? 0) + text.length);
  }
  return [...chars].sort(([, a], [, b]) => b - a)[0]?.[0] ?? 10;
}
