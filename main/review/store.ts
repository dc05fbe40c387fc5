/** The encrypted local store of reports, of the worklist, and of the audit trail. */
import { z } from 'zod';
import { type Problem, Report, ReportState, Study } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import {
  type AuditAction,
  type AuditEntry,
  type AuditVerdict,
  appendAudit,
  readAudit,
  sha256,
  verifyAudit,
} from './audit.js';
import { type Connection, inTransaction, openDatabase, storeFile, translated } from './database.js';
import { openFlags } from './flags.js';
import { StoreKey } from './key.js';
import { type Users, usersOf } from './users.js';

/** What happened to a report, for the audit trail. */
export interface Change {
  who: string;
  action: AuditAction;
  /** The sentence that it happened to, where it was one. */
  sentence?: string;
}

/** What the worklist shows of the newest report of a study. */
export interface ReportSummary {
  study: string;
  id: string;
  state: Report['state'];
  openFlags: number;
}

/** Synchronous, a few milliseconds a call; every call throws WetreadError (`store-damaged`, `disk-full`, `timed-out`, …). */
export interface Store {
  /** Puts a study on the worklist, or brings it up to date. */
  keepStudy(study: Study): void;
  /** Takes a study off the worklist; `study()` still finds it, as its reports stay. */
  closeStudy(uid: string): void;
  study(uid: string): Study | undefined;
  /** The worklist, last opened first. A study that cannot be read is a problem, and the others are there. */
  studies(): { studies: Study[]; problems: Problem[] };

  /**
   * Stores a report and journals what happened to it, both or neither; durable when it returns.
   * @throws WetreadError `wrong-state` when the stored report is final and more than its addenda would change.
   */
  record(report: Report, change: Change): void;
  report(id: string): Report | undefined;
  /** The newest report of a study. */
  reportOfStudy(uid: string): Report | undefined;
  /** The newest report of every study, without reading the reports. */
  summaries(): ReportSummary[];

  /** Local users, their passwords and settings. */
  users: Users;

  /** Another number whenever another process has written to the store. */
  changedOutside(): number;

  /** The audit trail of a report, oldest first. */
  audit(report: string): AuditEntry[];
  /** Checks the whole trail, and the reports and users against it. */
  verifyAudit(options?: { signal?: AbortSignal }): Promise<AuditVerdict>;
  dispose(): void;
}

/**
 * Opens, or makes, the store in `folder` (one file `store.db` with its WAL), encrypted with `key` (64 hexadecimal digits).
 * @throws WetreadError `store-damaged` for a wrong key, a damaged file or a store of a newer Wetread; `bad-input` for a malformed key.
 */
export function openStore(folder: string, key: string, options: { now: () => string }): Store {
  if (!StoreKey.safeParse(key).success)
    throw new WetreadError('bad-input', 'The key of the report store must be 64 hexadecimal digits.');
  const database = openDatabase(folder, key);
  const file = storeFile(folder);
  const guarded =
    <A extends unknown[], T>(work: (...inputs: A) => T) =>
    (...inputs: A): T =>
      translated(file, () => work(...inputs));

  return {
    keepStudy: guarded((study) => keepStudy(database, study, options.now())),
    closeStudy: guarded((uid) => {
      database.prepare('UPDATE studies SET listed = 0 WHERE uid = ?').run([uid]);
    }),
    study: guarded((uid) => {
      const row = database.prepare('SELECT uid, json FROM studies WHERE uid = ?').get([uid]);
      return row === undefined ? undefined : parseStudy(row);
    }),
    studies: guarded(() => listStudies(database)),
    record: guarded((report, change) =>
      inTransaction(database, () => record(database, report, change, options.now())),
    ),
    report: guarded((id) => readReport(database, 'WHERE id = ?', id)),
    reportOfStudy: guarded((uid) =>
      readReport(database, 'WHERE study = ? ORDER BY number DESC LIMIT 1', uid),
    ),
    summaries: guarded(() =>
      database
        .prepare(
          `SELECT study, id, state, open_flags FROM reports
           WHERE number IN (SELECT max(number) FROM reports GROUP BY study)`,
        )
        .all([])
        .map((row) => SummaryRow.parse(row)),
    ),
    users: usersOf(database, options, guarded),
    changedOutside: guarded(
      () => DataVersion.parse(database.prepare('PRAGMA data_version').get()).data_version,
    ),
    audit: guarded((report) => readAudit(database, report)),
    verifyAudit: ({ signal } = {}) =>
      verifyAudit(database, signal).catch((thrown: unknown) =>
        translated(file, () => {
          throw thrown;
        }),
      ),
    dispose: guarded(() => {
      database.pragma('wal_checkpoint(TRUNCATE)');
      database.close();
    }),
  };
}

const JsonRow = z.object({ json: z.string() });
const StudyRow = z.object({ uid: z.string(), json: z.string() });
const DataVersion = z.object({ data_version: z.number().int() });

const SummaryRow = z
  .object({ study: z.string(), id: z.string(), state: ReportState, open_flags: z.number().int() })
  .transform(({ open_flags, ...row }): ReportSummary => ({ ...row, openFlags: open_flags }));

function keepStudy(database: Connection, study: Study, at: string): void {
  database
    .prepare(
      `INSERT INTO studies (uid, json, opened, listed) VALUES (?, ?, ?, 1)
       ON CONFLICT (uid) DO UPDATE SET json = excluded.json, opened = excluded.opened, listed = 1`,
    )
    .run([study.uid, JSON.stringify(Study.parse(study)), at]);
}

function listStudies(database: Connection): { studies: Study[]; problems: Problem[] } {
  const studies: Study[] = [];
  const problems: Problem[] = [];
  const rows = database.prepare(
    'SELECT uid, json FROM studies WHERE listed = 1 ORDER BY opened DESC, rowid DESC',
  );
  for (const row of rows.all([])) {
    try {
      studies.push(parseStudy(row));
    } catch (thrown) {
      if (!(thrown instanceof WetreadError)) throw thrown;
      problems.push({ file: StudyRow.parse(row).uid, code: thrown.code, message: thrown.message });
    }
  }
  return { studies, problems };
}

function parseStudy(row: unknown): Study {
  const { uid, json } = StudyRow.parse(row);
  return parsed(Study, json, `The stored study ${uid} cannot be read. Open its files again.`);
}

function readReport(database: Connection, where: string, value: string): Report | undefined {
  const row = database.prepare(`SELECT json FROM reports ${where}`).get([value]);
  if (row === undefined) return undefined;
  return parsed(
    Report,
    JsonRow.parse(row).json,
    'A stored report cannot be read. Restore the store from a backup.',
  );
}

function parsed<T extends z.ZodType>(schema: T, json: string, message: string): z.output<T> {
  try {
    return schema.parse(JSON.parse(json));
  } catch (cause) {
    throw new WetreadError('store-damaged', message, { cause });
  }
}

function record(database: Connection, report: Report, change: Change, at: string): void {
  const stored = database.prepare('SELECT json FROM reports WHERE id = ?').get([report.id]);
  const before = stored === undefined ? undefined : JsonRow.parse(stored).json;
  const json = JSON.stringify(Report.parse(report));
  if (before !== undefined) requireOnlyAddenda(before, json);
  database
    .prepare(
      `INSERT INTO reports (id, study, json, state, open_flags, updated) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET json = excluded.json, state = excluded.state, open_flags = excluded.open_flags,
         updated = excluded.updated`,
    )
    .run([report.id, report.study, json, report.state, openFlags(report).length, report.updatedAt]);
  appendAudit(database, {
    at,
    who: change.who,
    action: change.action,
    report: report.id,
    sentence: change.sentence ?? null,
    evidence: evidenceOf(report, change.sentence),
    before: before === undefined ? null : sha256(before),
    after: sha256(json),
  });
}

/** A second lock on what was signed, in case a caller does not go through the transitions. */
function requireOnlyAddenda(before: string, after: string): void {
  const stored = parsed(Report, before, 'A stored report cannot be read. Restore the store from a backup.');
  if (stored.state !== 'final') return;
  const next = Report.parse(JSON.parse(after));
  const core = (report: Report) => JSON.stringify({ ...report, addenda: [], updatedAt: '' });
  const kept = stored.addenda.every(
    (addendum, i) => JSON.stringify(addendum) === JSON.stringify(next.addenda[i]),
  );
  if (core(stored) !== core(next) || !kept)
    throw new WetreadError(
      'wrong-state',
      'This report is signed and can no longer be changed. Write an addendum instead.',
    );
}

function evidenceOf(report: Report, sentence: string | undefined): string[] {
  const cited = report.sentences
    .filter((candidate) => sentence === undefined || candidate.id === sentence)
    .flatMap((candidate) => candidate.citations.map((citation) => citation.snippet));
  return [...new Set(cited)];
}
