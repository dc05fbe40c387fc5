import type { ImportRecord, RecordSection } from './record.js';

/** A book is retrieved by its chapters: what is longer than about ten pages becomes several documents. */
const longestChars = 40_000;

/** Encoded data (an embedded picture, a signature) that stands in a text: no word is that long. */
const blob = /[\x21-\x7e]{200,}/g;

/**
 * A record as itself, or, where it is long, as several, cut between paragraphs; each after the first is `<key> part <n>` and bears its
 * number in its title. Images stay with the first.
 */
export function splitLong(given: ImportRecord): ImportRecord[] {
  const record = {
    ...given,
    sections: given.sections.map(({ kind, text }) => ({ kind, text: text.replace(blob, '…') })),
  };
  const total = record.sections.reduce((sum, { text }) => sum + text.length, 0);
  if (total <= longestChars) return [record];
  const parts: RecordSection[][] = [];
  let part: RecordSection[] = [];
  let room = longestChars;
  for (const { kind, text } of record.sections) {
    for (let rest = text; rest.length > 0; ) {
      const taken = rest.length <= room ? rest : rest.slice(0, placeToCut(rest, room));
      if (taken.trim() !== '') part.push({ kind, text: taken.trim() });
      rest = rest.slice(taken.length);
      room -= taken.length;
      if (rest.length === 0 && room > longestChars / 10) continue;
      parts.push(part);
      part = [];
      room = longestChars;
    }
  }
  if (part.length > 0) parts.push(part);
  const title = record.title ?? firstLine(record.sections);
  return parts
    .filter((sections) => sections.length > 0)
    .map((sections, at) =>
      at === 0
        ? { ...record, title, sections }
        : {
            ...record,
            title: `${title} (part ${at + 1})`,
            key: partKey(record.key, at + 1),
            sections,
            images: [],
          },
    );
}

/** @param part from 2 */
export const partKey = (key: string, part: number): string => `${key} part ${part}`.trim();

/** After the last paragraph that fits, else sentence, else word. */
function placeToCut(text: string, room: number): number {
  for (const mark of ['\n\n', '\n', '. ', ' ']) {
    const at = text.lastIndexOf(mark, room - mark.length);
    if (at > room / 2) return at + mark.length;
  }
  return room;
}

function firstLine(sections: readonly RecordSection[]): string {
  const [line = ''] = (sections[0]?.text ?? '').trim().split('\n');
  return line.length <= 100 ? line : `${line.slice(0, 99).replace(/\s+\S*$/, '')}…`;
}
