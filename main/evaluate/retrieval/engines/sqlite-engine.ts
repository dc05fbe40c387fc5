/**
 * SQLite as an engine: sqlite-vec (vec0) for the vectors of documents, FTS5 for words, a table with the vectors of the snippets. Vectors are
 * searched by their signs first (Hamming distance; the mean of all is taken off, or the joint vectors, which lie close together, would share
 * most signs) and ranked again by cosine, as the manual of sqlite-vec proposes; comparing floats with all of them takes ten times as long.
 */
import { existsSync } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Near, ScaleVectors, Space } from '../scale-vectors.js';
import { spaces } from '../scale-vectors.js';
import { type Engine, type EngineParts, type EngineQuery, type OpenedEngine, optional } from './engine.js';

interface Statement {
  run(...values: unknown[]): unknown;
  all(...values: unknown[]): unknown[];
}

/** What is used of libsql, which answers like better-sqlite3. */
interface Database {
  exec(sql: string): unknown;
  prepare(sql: string): Statement;
  loadExtension(path: string): unknown;
  close(): unknown;
}

const Hit = z.object({ at: z.number(), score: z.number() });
const Hits = z.array(Hit);
const Inside = z.array(z.object({ at: z.number(), semantic: z.number(), joint: z.number() }));

/** Rows found by signs for each one wanted. */
const oversample = { semantic: 12, joint: 24 } as const;
const insertRows = 5000;

/** Opens the database, and builds it where it is not there. Undefined where sqlite-vec is not installed. */
export async function openSqlite(parts: EngineParts): Promise<OpenedEngine | undefined> {
  const driver = await optional<{ default: new (path: string) => Database }>('libsql');
  const extension = await optional<{ getLoadablePath(): string }>('sqlite-vec');
  if (driver === undefined || extension === undefined) return undefined;
  const path = join(parts.folder, 'sqlite.db');
  const note = `${path}.seconds`;
  const centers = {
    semantic: await meanOf(parts.vectors, 'semantic'),
    joint: await meanOf(parts.vectors, 'joint'),
  };
  const open = (file: string) => {
    const database = new driver.default(file);
    database.loadExtension(extension.getLoadablePath());
    // As much memory as LanceDB gets for its caches, and pages read without copying.
    database.exec('PRAGMA cache_size = -262144; PRAGMA mmap_size = 8000000000');
    return database;
  };
  if (!existsSync(path)) {
    const started = performance.now();
    await rm(`${path}.part`, { force: true });
    const database = open(`${path}.part`);
    await build(database, parts, centers);
    database.close();
    await rename(`${path}.part`, path);
    parts.onProgress?.(`SQLite built in ${Math.round((performance.now() - started) / 1000)} s`, 1, 1);
    const { writeFile } = await import('node:fs/promises');
    await writeFile(note, `${(performance.now() - started) / 1000}`);
  }
  const { readFile } = await import('node:fs/promises');
  const buildSeconds = Number(await readFile(note, 'utf8').catch(() => '0'));
  return {
    engine: new SqliteEngine(open(path), centers),
    buildSeconds,
    bytes: (await stat(path)).size,
  };
}

type Centers = Record<Space, Float32Array>;

class SqliteEngine implements Engine {
  readonly #statements = new Map<string, Statement>();

  constructor(
    private readonly database: Database,
    private readonly centers: Centers,
  ) {}

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql) ?? this.database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  byText({ semantic }: EngineQuery, count: number): Near[] {
    return this.#nearest('semantic', semantic, count);
  }

  byImage({ joint }: EngineQuery, count: number): Near[] {
    return this.#nearest('joint', joint, count);
  }

  #nearest(space: Space, vector: Float32Array, count: number): Near[] {
    const sql = `WITH near AS (SELECT rowid FROM document_${space} WHERE signs MATCH vec_bit(?) AND k = ?)
      SELECT d.id AS at, 1 - vec_distance_cosine(d.${space}, ?) AS score
      FROM near JOIN documents d ON d.id = near.rowid ORDER BY score DESC LIMIT ?`;
    const signs = signsOf(vector, this.centers[space]);
    return Hits.parse(this.#prepare(sql).all(signs, count * oversample[space], bytes(vector), count));
  }

  byWords({ text }: EngineQuery, count: number): Near[] {
    const sql =
      'SELECT rowid AS at, -rank AS score FROM document_words WHERE document_words MATCH ? ORDER BY rank LIMIT ?';
    return Hits.parse(this.#prepare(sql).all(matchOf(text), count));
  }

  inside({ semantic, joint }: EngineQuery, documents: number[], count: number): Near[][] {
    const sql = `SELECT id AS at, 1 - vec_distance_cosine(semantic, ?) AS semantic, 1 - vec_distance_cosine(joint, ?) AS joint
      FROM snippets WHERE document IN (${documents.map(() => '?').join(', ')})`;
    const rows = Inside.parse(this.#prepare(sql).all(bytes(semantic), bytes(joint), ...documents));
    const best = (space: Space) =>
      rows
        .map((row) => ({ at: row.at, score: row[space] }))
        .sort((a, b) => b.score - a.score)
        .slice(0, count);
    return [best('semantic'), best('joint')];
  }

  insideByWords({ text }: EngineQuery, documents: number[], count: number): Near[] {
    const sql = `SELECT rowid AS at, -rank AS score FROM snippet_words WHERE snippet_words MATCH ?
      AND rowid IN (SELECT id FROM snippets WHERE document IN (${documents.map(() => '?').join(', ')}))
      ORDER BY rank LIMIT ?`;
    return Hits.parse(this.#prepare(sql).all(matchOf(text), ...documents, count));
  }

  dispose(): void {
    this.database.close();
  }
}

async function build(
  database: Database,
  { corpus, vectors, signal, onProgress }: EngineParts,
  centers: Centers,
): Promise<void> {
  database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    CREATE TABLE documents (id INTEGER PRIMARY KEY, semantic BLOB, joint BLOB);
    CREATE VIRTUAL TABLE document_semantic USING vec0(signs bit[${spaces.semantic.width}]);
    CREATE VIRTUAL TABLE document_joint USING vec0(signs bit[${spaces.joint.width}]);
    CREATE TABLE snippets (id INTEGER PRIMARY KEY, document INTEGER, semantic BLOB, joint BLOB);
    CREATE INDEX snippets_document ON snippets (document);
    CREATE VIRTUAL TABLE document_words USING fts5(text, content='', detail=none, tokenize='porter unicode61 remove_diacritics 2');
    CREATE VIRTUAL TABLE snippet_words USING fts5(text, content='', detail=none, tokenize='porter unicode61 remove_diacritics 2');`);
  const document = database.prepare('INSERT INTO documents VALUES (?, ?, ?)');
  const signs = {
    semantic: database.prepare('INSERT INTO document_semantic (rowid, signs) VALUES (?, vec_bit(?))'),
    joint: database.prepare('INSERT INTO document_joint (rowid, signs) VALUES (?, vec_bit(?))'),
  };
  const snippet = database.prepare('INSERT INTO snippets VALUES (?, ?, ?, ?)');
  const words = {
    document: database.prepare('INSERT INTO document_words (rowid, text) VALUES (?, ?)'),
    snippet: database.prepare('INSERT INTO snippet_words (rowid, text) VALUES (?, ?)'),
  };
  let at = 0;
  for (let start = 0; start < vectors.documents.rows; start += insertRows) {
    signal?.throwIfAborted();
    onProgress?.('Building SQLite', start, vectors.documents.rows);
    database.exec('BEGIN');
    for (let n = start; n < Math.min(vectors.documents.rows, start + insertRows); n += 1) {
      const { title, snippets } = corpus.document(n);
      const semantic = await vectors.documents.read(n, n + 1, 'semantic');
      const joint = await vectors.documents.read(n, n + 1, 'joint');
      const inside = [at, at + snippets.length] as const;
      const ofSnippets = {
        semantic: await vectors.snippets.read(...inside, 'semantic'),
        joint: await vectors.snippets.read(...inside, 'joint'),
      };
      document.run(n, bytes(semantic), bytes(joint));
      signs.semantic.run(BigInt(n), signsOf(semantic, centers.semantic));
      signs.joint.run(BigInt(n), signsOf(joint, centers.joint));
      words.document.run(n, [title, ...snippets.map(({ text }) => text)].join('\n'));
      for (const [place, one] of snippets.entries()) {
        const own = (space: Space) => {
          const { width } = spaces[space];
          return bytes(ofSnippets[space].subarray(place * width, (place + 1) * width));
        };
        snippet.run(at, n, own('semantic'), own('joint'));
        words.snippet.run(at, one.text);
        at += 1;
      }
    }
    database.exec('COMMIT');
  }
  database.exec(`INSERT INTO document_words(document_words) VALUES ('optimize');
    INSERT INTO snippet_words(snippet_words) VALUES ('optimize');`);
}

async function meanOf({ documents }: ScaleVectors, space: Space): Promise<Float32Array> {
  const { width } = spaces[space];
  const mean = new Float32Array(width);
  const sample = await documents.read(0, Math.min(documents.rows, 5000), space);
  for (const [at, value] of sample.entries())
    mean[at % width] = (mean[at % width] ?? 0) + value / (sample.length / width);
  return mean;
}

/** A bit a number: whether it is above the mean. */
function signsOf(vector: Float32Array, center: Float32Array): Uint8Array {
  const signs = Buffer.alloc(vector.length / 8);
  for (const [at, value] of vector.entries())
    if (value > (center[at] ?? 0)) signs[at >> 3] = (signs[at >> 3] ?? 0) | (1 << (at & 7));
  return signs;
}

const bytes = (vector: Float32Array) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);

/** The words that LanceDB leaves out of its index (Lucene's list), FTS5 has none. */
const stopWords = new Set(
  'a an and are as at be but by for if in into is it no not of on or such that the their then there these they this to was will with'.split(
    ' ',
  ),
);

const matchOf = (text: string) =>
  [...new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [])]
    .filter((word) => !stopWords.has(word))
    .map((word) => `"${word}"`)
    .join(' OR ') || '"wetread"';
