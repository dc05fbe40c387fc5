import { entry, type TaskTable } from '../isolate/index.js';
import type { Row } from './fields.js';
import { limits } from './limits.js';
import { readSource } from './read-source.js';
import { tableRows } from './read-table.js';
import type { Read } from './record.js';
import {
  type Chunk,
  type RecordsInput,
  recordsTask,
  rowsTask,
  type ShortFile,
  shortFilesTask,
} from './tasks.js';

/** A chunk ends at the first of these. */
const most = { reads: 256, chars: limits.charsAtOnce, ms: 100 };

interface Cursor {
  key: string;
  at: number;
  share: number;
  reads: AsyncGenerator<Read>;
}
/** Where the last few files are read on: an import and a preview may go on at the same time. */
const cursors: Cursor[] = [];
const mostCursors = 3;

async function nextRecords({ file, kind, mapping, from }: RecordsInput): Promise<Chunk> {
  const key = JSON.stringify([file, kind, mapping]);
  const cursor = takeCursor(key, from) ?? begin(key, { file, kind, mapping, from });
  // Begun by a reader that is gone: what it told already is left out.
  while (cursor.at < from) {
    if ((await cursor.reads.next()).done) return { reads: [], done: true, share: 1 };
    cursor.at += 1;
  }
  const reads: Read[] = [];
  const begun = performance.now();
  for (let chars = 0; reads.length < most.reads && chars < most.chars; ) {
    const next = await cursor.reads.next();
    if (next.done) return { reads, done: true, share: 1 };
    reads.push(next.value);
    cursor.at += 1;
    chars += charsOf(next.value);
    if (performance.now() - begun > most.ms) break;
  }
  cursors.unshift(cursor);
  for (const old of cursors.splice(mostCursors)) await old.reads.return(undefined);
  return { reads, done: false, share: cursor.share };
}

function takeCursor(key: string, from: number): Cursor | undefined {
  const place = cursors.findIndex((one) => one.key === key && one.at === from);
  return place < 0 ? undefined : cursors.splice(place, 1)[0];
}

function begin(key: string, { file, kind, mapping }: RecordsInput): Cursor {
  const cursor: Cursor = {
    key,
    at: 0,
    share: 0,
    reads: readSource(file, kind, {
      mapping,
      onShare: (share) => {
        cursor.share = share;
      },
    }),
  };
  return cursor;
}

async function readShortFiles(files: readonly ShortFile[]): Promise<Read[][]> {
  const all: Read[][] = [];
  let chars = 0;
  for (const { file, kind } of files) {
    if (chars > limits.charsAtOnce) break;
    const reads: Read[] = [];
    for await (const read of readSource(file, kind, {})) reads.push(read);
    for (const read of reads) chars += charsOf(read);
    all.push(reads);
  }
  return all;
}

const charsOf = (read: Read): number =>
  'record' in read ? read.record.sections.reduce((sum, { text }) => sum + text.length, 0) : 0;

/** What a reader does for imports. */
export const importTasks: TaskTable = {
  ...entry(recordsTask, nextRecords),
  ...entry(shortFilesTask, readShortFiles),
  ...entry(rowsTask, async ({ file, kind, most: mostRows }) => {
    const rows: Row[] = [];
    for await (const one of tableRows(file, kind)) {
      if ('row' in one) rows.push(one.row);
      if (rows.length === mostRows) break;
    }
    return rows;
  }),
};
