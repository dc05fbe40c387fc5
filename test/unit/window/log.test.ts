import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openLog, redact } from '../../../main/window/log.js';

test.each([
  ["Error: no pixels in '/mnt/pacs/Doe John/1.dcm'", 'Error: no pixels in <text>'],
  ['open /mnt/pacs/DOE_JANE.dcm failed', 'open <path> failed'],
  ['open C:\\pacs\\doe.dcm failed', 'open <path> failed'],
  ['study 1.2.840.113619.2.5.1762583153 lost', 'study <uid> lost'],
  ['born 1960-02-29 at 12:34:56', 'born <number> at <number>'],
  ['id 00123456789', 'id <number>'],
  ['patient DOE^JANE^M refused', 'patient <name> refused'],
  ['open /mnt/pacs/Doe John Henry/scan 1.dcm failed', 'open <path> failed'],
  ['DOE_JANE.dcm: The file ends inside its header.', '<file>: The file ends inside its header.'],
  ['call report.draft refused: not-found', 'call report.draft refused: not-found'],
  [
    'engine says: WetreadError: Doe Jane 1.dcm: It is cut short. (damaged-file)',
    'engine says: WetreadError (damaged-file)',
  ],
  [
    'engine says:     at Reader.readHeader (/opt/wetread/main/study/header.ts:12:3)',
    'engine says: at Reader.readHeader',
  ],
  ['engine says: patient Doe, Jane seen by Edwards', 'engine says: <text>'],
  ["engine says: Error: ENOENT: no such file or directory, open 'doe jane'", 'engine says: Error ENOENT'],
  ['engine: lost with exit code 3, 12 calls pending', 'engine: lost with exit code 3, 12 calls pending'],
])('%s', (line, redacted) => {
  expect(redact(line)).toBe(redacted);
});

test('starts a new file when the old one is large', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-log-'));
  const file = join(folder, 'wetread.log');
  writeFileSync(file, 'x'.repeat(1_000_001));
  openLog(folder).note('window gone: crashed');
  expect(statSync(`${file}.old`).size).toBe(1_000_001);
  expect(readFileSync(file, 'utf8')).toMatch(/^\d{4}-.*Z window gone: crashed\n$/);
});

test('a log that cannot be written stops nothing', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'wetread-log-')), 'file');
  writeFileSync(file, '');
  expect(() => openLog(join(file, 'logs')).note('anything')).not.toThrow();
});

test('what could not be written is counted, and told once the log can be written again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-log-'));
  const file = join(folder, 'wetread.log');
  const log = openLog(folder);
  mkdirSync(file);
  log.note('one');
  log.note('two');
  rmdirSync(file);
  log.note('three');
  log.note('four');
  expect(readFileSync(file, 'utf8')).toMatch(
    /^\n\S+Z 2 lines are missing here: the file could not be written\n\S+Z three\n\S+Z four\n$/,
  );
});
