/** One entry a version of the store, oldest first; `user_version` counts how many have run. Never change one that shipped. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE studies (
    uid TEXT PRIMARY KEY,
    json TEXT NOT NULL,
    opened TEXT NOT NULL,
    listed INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE reports (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    study TEXT NOT NULL,
    json TEXT NOT NULL,
    state TEXT NOT NULL,
    open_flags INTEGER NOT NULL,
    updated TEXT NOT NULL
  ) STRICT;
  CREATE INDEX reports_of_study ON reports (study, number);

  -- AUTOINCREMENT: the highest number ever given is kept apart, so that entries cut off the end are missed.
  CREATE TABLE audit (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    report TEXT NOT NULL,
    sentence TEXT,
    evidence TEXT NOT NULL,
    before TEXT,
    after TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL
  ) STRICT;
  CREATE INDEX audit_of_report ON audit (report, seq);
  CREATE TRIGGER audit_keeps_entries BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  CREATE TRIGGER audit_loses_nothing BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
  CREATE TRIGGER reports_stay BEFORE DELETE ON reports BEGIN SELECT RAISE(ABORT, 'reports are not deleted'); END;
  `,
  `
  CREATE TABLE users (
    name TEXT PRIMARY KEY,
    full_name TEXT NOT NULL,
    roles TEXT NOT NULL,
    active INTEGER NOT NULL,
    password TEXT NOT NULL
  ) STRICT;
  CREATE TRIGGER users_stay BEFORE DELETE ON users BEGIN SELECT RAISE(ABORT, 'users are not deleted'); END;

  -- Kept apart from users, as no entry of the trail goes with it; the name '' stands for all names that nobody has.
  CREATE TABLE failed_sign_ins (
    name TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT;

  -- Entries that are not about a report have '' for it; the hash of those without subject and detail stays what it was.
  ALTER TABLE audit ADD COLUMN subject TEXT;
  ALTER TABLE audit ADD COLUMN detail TEXT;
  CREATE INDEX audit_of_subject ON audit (subject, seq) WHERE subject IS NOT NULL;
  `,
];
