import mammoth from 'mammoth';
import { WetreadError } from '../error.js';
import type { Block } from './blocks.js';

/** An element of mammoth's document tree; what this reader uses of it. */
interface Element {
  type: string;
  children?: Element[];
  value?: string;
  styleName?: string | null;
}

/**
 * DOCX → headings, paragraphs and list items in order; cells of a table row are joined by commas. Pictures, comments and what is only
 * linked to are left out.
 * @throws WetreadError `damaged-file` for what is no DOCX file.
 */
export async function docxBlocks(bytes: Uint8Array): Promise<Block[]> {
  const blocks: Block[] = [];
  try {
    await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      {
        // The tree is read as it passes; of the HTML nothing is used.
        transformDocument: (document: Element) => {
          collect(document, blocks);
          return { ...document, children: [] };
        },
        includeEmbeddedStyleMap: false,
        externalFileAccess: false,
      },
    );
  } catch (cause) {
    throw new WetreadError('damaged-file', 'The file is no DOCX document or damaged.', { cause });
  }
  return blocks;
}

function collect(element: Element, blocks: Block[]): void {
  for (const child of element.children ?? []) {
    if (child.type === 'paragraph')
      push(blocks, textOf(child), /^(?:heading|title)/i.test(child.styleName ?? ''));
    else if (child.type === 'table')
      for (const row of child.children ?? [])
        push(
          blocks,
          (row.children ?? [])
            .map((cell) => textOf(cell).trim())
            .filter((text) => text !== '')
            .join(', '),
          false,
        );
    else collect(child, blocks);
  }
}

function push(blocks: Block[], text: string, heading: boolean): void {
  const trimmed = text.replace(/[ \t\u00A0]+/g, ' ').trim();
  if (trimmed !== '') blocks.push({ heading, text: trimmed });
}

function textOf(element: Element): string {
  if (element.type === 'text') return element.value ?? '';
  if (element.type === 'tab') return ' ';
  if (element.type === 'break') return '\n';
  const parts = (element.children ?? []).map(textOf);
  return element.type === 'paragraph' ? `${parts.join('')}\n` : parts.join('');
}
