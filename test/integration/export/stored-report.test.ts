import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Bundle } from '../../../main/export/fhir-schema.js';
import { exportReport } from '../../../main/export/index.js';
import {
  confirmFlag,
  editSentence,
  openStore,
  readOrMakeKeyFile,
  rejectSentence,
  reportOf,
  sign,
} from '../../../main/review/index.js';
import { sampleDraft, sampleStudy } from '../../unit/review/sample-report.js';

it('exports from the store what was drafted, reviewed and signed before a restart', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wetread-export-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const now = () => '2026-01-02T05:06:07.000Z';
  const context = { now, newId: () => 'r1', reground: () => ({ statements: [], flags: [] }) };
  const before = openStore(folder, readOrMakeKeyFile(folder), { now });
  const drafted = reportOf(sampleDraft(), context);
  before.keepStudy(sampleStudy());
  before.record(drafted, { who: 'wetread', action: 'draft' });
  const edited = editSentence(drafted, 'heart', 'The heart is enlarged.', context);
  const reviewed = confirmFlag(
    rejectSentence(edited, 'impression', context),
    'effusion',
    'unsupported',
    context,
  );
  before.record(sign(reviewed, 'Dr. Ada Reader', context), { who: 'Dr. Ada Reader', action: 'sign' });
  before.dispose();

  const store = openStore(folder, readOrMakeKeyFile(folder), { now });
  onTestFinished(() => store.dispose());
  const report = store.report('r1');
  const study = store.study(sampleStudy().uid);
  if (!report || !study) throw new Error('not stored');

  const text = exportReport(report, study, 'text');
  expect(text).toContain(
    'FINDINGS\n  The heart is enlarged.\n  There is a small left pleural effusion. [1]\n',
  );
  expect(text).toContain('IMPRESSION\n  None.\n');
  expect(text).toContain('Signed by Dr. Ada Reader');

  const bundle = Bundle.parse(JSON.parse(exportReport(report, study, 'fhir')));
  const [first] = bundle.entry;
  expect(first?.resource).toMatchObject({ resourceType: 'DiagnosticReport', status: 'final' });
  expect(bundle.entry.filter(({ resource }) => resource.resourceType === 'Observation')).toHaveLength(1);
});
