import { afterAll, expect, it } from 'vitest';
import { dispose } from '../../../main/study/index.js';
import { conformanceFolder, countVerdicts, runConformance } from '../../bench/conformance.js';

const folder = conformanceFolder();

afterAll(dispose);

it.skipIf(!folder)(
  `decodes the conformance set as the reference does${folder ? '' : ' (skipped: no ../shared/data and no WETREAD_DATA)'}`,
  async () => {
    const rows = await runConformance(folder ?? '');
    console.table(Object.fromEntries(countVerdicts(rows)));
    expect(rows.filter(({ verdict }) => verdict === 'wrong' || verdict === 'slow')).toEqual([]);
    expect(countVerdicts(rows).get('equal')).toBeGreaterThanOrEqual(150);
  },
  300_000,
);
