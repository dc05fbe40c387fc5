import type { ReactNode } from 'react';

/** A run of lines of a model card that belong together. */
export type Block =
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'list'; items: string[] }
  | { kind: 'table'; head: string[]; rows: string[][] }
  | { kind: 'paragraph'; text: string };

/** Reads the Markdown that model cards are written in: headings, lists, tables, paragraphs. What else it may hold is shown as it stands. */
export function blocksOf(card: string): Block[] {
  const blocks: Block[] = [];
  let open = false;
  for (const line of card.split('\n').map((one) => one.trim())) {
    const last = open ? blocks.at(-1) : undefined;
    open = line !== '';
    if (!open) continue;
    const [, marks = '', heading = ''] = /^(#{1,6})\s+(.*)$/.exec(line) ?? [];
    const [, item] = /^[-*]\s+(.*)$/.exec(line) ?? [];
    if (marks !== '') {
      blocks.push({ kind: 'heading', level: marks.length, text: heading });
      open = false;
    } else if (line.startsWith('|')) {
      const cells = line
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => cell.trim());
      if (last?.kind !== 'table') blocks.push({ kind: 'table', head: cells, rows: [] });
      else if (!cells.every((cell) => /^:?-+:?$/.test(cell))) last.rows.push(cells);
    } else if (item !== undefined) {
      if (last?.kind === 'list') last.items.push(item);
      else blocks.push({ kind: 'list', items: [item] });
    } else if (last?.kind === 'list') last.items.push(`${last.items.pop() ?? ''} ${line}`);
    else if (last?.kind === 'paragraph') last.text += ` ${line}`;
    else blocks.push({ kind: 'paragraph', text: line });
  }
  return blocks;
}

/** Text with what is bold, or code. */
function inline(text: string): ReactNode[] {
  let at = 0;
  return text.split(/(\*\*[^*]+\*\*|`[^`]+`)/).map((part) => {
    const key = at;
    at += part.length;
    if (/^\*\*[^*]+\*\*$/.test(part)) return <strong key={key}>{part.slice(2, -2)}</strong>;
    if (/^`[^`]+`$/.test(part)) return <code key={key}>{part.slice(1, -1)}</code>;
    return <span key={key}>{part}</span>;
  });
}

/** Told apart by their places, of which a card that does not change has no other ones. */
const placed = <T,>(list: readonly T[]) => list.map((value, place) => ({ value, key: `${place}` }));

/** The card of a model pack. */
export function Card({ text }: { text: string }) {
  return placed(blocksOf(text)).map(({ value: block, key }) => {
    switch (block.kind) {
      case 'heading':
        return block.level === 1 ? null : <h3 key={key}>{inline(block.text)}</h3>;
      case 'paragraph':
        return <p key={key}>{inline(block.text)}</p>;
      case 'list':
        return (
          <ul key={key}>
            {placed(block.items).map((item) => (
              <li key={item.key}>{inline(item.value)}</li>
            ))}
          </ul>
        );
      case 'table':
        return (
          <table key={key}>
            <thead>
              <tr>
                {placed(block.head).map((cell) => (
                  <th key={cell.key}>{inline(cell.value)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {placed(block.rows).map((row) => (
                <tr key={row.key}>
                  {placed(row.value).map((cell) => (
                    <td key={cell.key}>{inline(cell.value)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        );
      default: {
        const never: never = block;
        return never;
      }
    }
  });
}
