/** The audit trail: who did what to which sentence and on what evidence, each entry chained to the one before by its hash. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import type { Connection } from './database.js';

/** What is done to a report, that studies are copied for others, and with local users what is done to who may do it. */
export const AuditAction = z.enum([
  'draft',
  'accept',
  'edit',
  'reject',
  'restore',
  'add',
  'confirm',
  'take-offer',
  'dismiss-offer',
  'to-preliminary',
  'sign',
  'addendum',
  'export',
  'sign-in',
  'sign-in-failed',
  'lock',
  'user-add',
  'user-change',
  'user-remove',
  'setting',
  'copy-out',
]);
export type AuditAction = z.infer<typeof AuditAction>;

export const AuditEntry = z.object({
  /** 1, 2, 3, … without gaps. */
  seq: z.number().int().positive(),
  /** ISO 8601 UTC */
  at: z.string(),
  who: z.string(),
  action: AuditAction,
  /** Empty where the entry is about access or copies and not about a report. */
  report: z.string(),
  sentence: z.string().nullable(),
  /** Snippets that the sentence (or, for a whole report, the report) cited at that time. */
  evidence: z.array(z.string()),
  /** SHA-256 of the stored report or user before (null: there was none) and after, hexadecimal; after is empty where neither changed. */
  before: z.string().nullable(),
  after: z.string(),
  /** The user that it was done to. */
  subject: z.string().nullable(),
  /** What changed, in words; never a password. */
  detail: z.string().nullable(),
  /** `hash` of the entry before; 64 zeros for the first. */
  prevHash: z.string(),
  /** SHA-256 over all of the above. */
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** A place where the trail or a report is not what was written. */
export interface AuditProblem {
  /** The entry, where the problem is in the trail. */
  seq?: number;
  /** The report, where a stored report does not fit the trail. */
  report?: string;
  /** The user, where a stored user does not. */
  user?: string;
  message: string;
}

export interface AuditVerdict {
  entries: number;
  problems: AuditProblem[];
}

const firstPrevHash = '0'.repeat(64);
const pageSize = 500;

const Row = z
  .object({
    seq: z.number(),
    at: z.string(),
    who: z.string(),
    action: z.string(),
    report: z.string(),
    sentence: z.string().nullable(),
    evidence: z.string(),
    before: z.string().nullable(),
    after: z.string(),
    subject: z.string().nullable(),
    detail: z.string().nullable(),
    prev_hash: z.string(),
    hash: z.string(),
  })
  .transform(({ prev_hash: prevHash, ...row }) => ({ ...row, prevHash }));
type Row = z.infer<typeof Row>;

/** SHA-256 of a text, hexadecimal. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** Appends one entry. Call it inside a write transaction, so that the entry before stays the last one. */
export function appendAudit(
  database: Connection,
  entry: Omit<AuditEntry, 'seq' | 'prevHash' | 'hash' | 'subject' | 'detail'> &
    Partial<Pick<AuditEntry, 'subject' | 'detail'>>,
): void {
  const last = database.prepare('SELECT * FROM audit ORDER BY seq DESC LIMIT 1').get();
  const before = last === undefined ? undefined : Row.parse(last);
  const unsealed = {
    subject: null,
    detail: null,
    ...entry,
    seq: (before?.seq ?? 0) + 1,
    evidence: JSON.stringify(entry.evidence),
    prevHash: before?.hash ?? firstPrevHash,
  };
  database
    .prepare(
      `INSERT INTO audit (seq, at, who, action, report, sentence, evidence, before, after, subject, detail, prev_hash, hash)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run([
      unsealed.seq,
      unsealed.at,
      unsealed.who,
      unsealed.action,
      unsealed.report,
      unsealed.sentence,
      unsealed.evidence,
      unsealed.before,
      unsealed.after,
      unsealed.subject,
      unsealed.detail,
      unsealed.prevHash,
      hashOf(unsealed),
    ]);
}

/** The entries of one report, oldest first. */
export function readAudit(database: Connection, report: string): AuditEntry[] {
  return database.prepare('SELECT * FROM audit WHERE report = ? ORDER BY seq').all([report]).map(parseEntry);
}

/** The newest `limit` entries about access, newest first. */
export function readAccessAudit(database: Connection, limit: number): AuditEntry[] {
  return database
    .prepare("SELECT * FROM audit WHERE report = '' ORDER BY seq DESC LIMIT ?")
    .all([limit])
    .map(parseEntry);
}

function parseEntry(raw: unknown): AuditEntry {
  const row = Row.parse(raw);
  return AuditEntry.parse({ ...row, evidence: JSON.parse(row.evidence) });
}

/**
 * Walks the whole trail, all reports and all users, in pages so that the engine can answer between them: finds entries that were
 * changed, removed, inserted or reordered, and reports and users that were changed or removed other than through the trail.
 */
export async function verifyAudit(database: Connection, signal?: AbortSignal): Promise<AuditVerdict> {
  const problems: AuditProblem[] = [];
  const reports = new Map<string, string>();
  const users = new Map<string, string>();
  let entries = 0;
  let expectedSeq = 1;
  let prevHash = firstPrevHash;
  // Read first: entries that another process adds meanwhile are no gap.
  const highest = Highest.parse(
    database.prepare("SELECT max(seq) AS seq FROM sqlite_sequence WHERE name = 'audit'").get(),
  ).seq;
  const page = database.prepare('SELECT * FROM audit WHERE seq >= ? ORDER BY seq LIMIT ?');
  for (;;) {
    const rows = page.all([expectedSeq, pageSize]).map((raw) => Row.parse(raw));
    for (const row of rows) {
      entries += 1;
      const known = row.report === '' ? users : reports;
      const about = row.report === '' ? (row.subject ?? '') : row.report;
      // An entry that changed nothing, such as a sign-in, has neither.
      const before = row.after === '' ? null : (known.get(about) ?? null);
      const message = problemOf(row, expectedSeq, prevHash, before);
      if (message) problems.push({ seq: row.seq, message });
      expectedSeq = row.seq + 1;
      prevHash = row.hash;
      if (row.after !== '') known.set(about, row.after);
    }
    if (rows.length < pageSize) break;
    await pause(signal);
  }
  if ((highest ?? 0) >= expectedSeq)
    problems.push({ seq: expectedSeq, message: `Entries ${expectedSeq} to ${highest} are missing.` });
  await verifyReports(database, reports, problems, signal);
  verifyUsers(database, users, problems);
  return { entries, problems };
}

const Highest = z.object({ seq: z.number().nullable() });
const ReportRow = z.object({
  number: z.number(),
  id: z.string(),
  json: z.string(),
  after: z.string().nullable(),
});

async function verifyReports(
  database: Connection,
  trail: Map<string, string>,
  problems: AuditProblem[],
  signal: AbortSignal | undefined,
): Promise<void> {
  // One statement sees one state of both tables, whatever is written meanwhile.
  const reports = database.prepare(
    `SELECT number, id, json, (SELECT after FROM audit WHERE report = id ORDER BY seq DESC LIMIT 1) AS after
     FROM reports WHERE number > ? ORDER BY number LIMIT 20`,
  );
  const missing = new Set(trail.keys());
  for (let number = 0; ; ) {
    const rows = reports.all([number]).map((raw) => ReportRow.parse(raw));
    for (const row of rows) {
      number = row.number;
      missing.delete(row.id);
      if (row.after !== sha256(row.json))
        problems.push({ report: row.id, message: 'The report is not the one that the trail ends with.' });
    }
    if (rows.length === 0) break;
    await pause(signal);
  }
  for (const report of missing) problems.push({ report, message: 'The report is missing.' });
}

function verifyUsers(database: Connection, trail: Map<string, string>, problems: AuditProblem[]): void {
  // One statement, as for the reports; users are few.
  const rows = database.prepare(
    `SELECT *, (SELECT after FROM audit WHERE report = '' AND subject = name AND after <> '' ORDER BY seq DESC LIMIT 1) AS after
     FROM users`,
  );
  const missing = new Set(trail.keys());
  for (const raw of rows.all([])) {
    const { after, ...row } = UserRow.extend({ after: z.string().nullable() }).parse(raw);
    missing.delete(row.name);
    if (after !== hashOfUser(row))
      problems.push({ user: row.name, message: 'The user is not the one that the trail ends with.' });
  }
  for (const user of missing) problems.push({ user, message: 'The user is missing.' });
}

/** A user as stored. */
export const UserRow = z.object({
  name: z.string(),
  full_name: z.string(),
  roles: z.string(),
  active: z.number().int(),
  password: z.string(),
});
export type UserRow = z.infer<typeof UserRow>;

/** What the trail keeps of a user: a hash over all of it, the password's salted hash included. */
export function hashOfUser({ name, full_name, roles, active, password }: UserRow): string {
  return sha256(JSON.stringify([name, full_name, roles, active, password]));
}

function problemOf(row: Row, seq: number, prevHash: string, before: string | null): string | undefined {
  if (row.seq !== seq) return `Entries ${seq} to ${row.seq - 1} are missing.`;
  if (row.prevHash !== prevHash) return 'The entry does not follow the one before it.';
  if (row.hash !== hashOf(row)) return 'The entry was changed.';
  if (row.before !== before)
    return `The ${row.report === '' ? 'user' : 'report'} was changed between this entry and the one before.`;
  return undefined;
}

function hashOf(row: Omit<Row, 'hash'>): string {
  const { seq, at, who, action, report, sentence, evidence, before, after, subject, detail, prevHash } = row;
  const sealed = [seq, at, who, action, report, sentence, evidence, before, after, prevHash];
  // Entries from before there were users have neither, and keep the hash they were given.
  return sha256(JSON.stringify(subject === null && detail === null ? sealed : [...sealed, subject, detail]));
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await setImmediate();
}
