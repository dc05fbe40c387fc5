import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseFindings } from '../../../main/findings/index.js';

const root = process.env.WETREAD_DATA ?? join(import.meta.dirname, '../../../../shared/data');
const file = join(root, 'iu_xray/studies.jsonl');

interface Coded {
  split: string;
  mesh: string[];
  findings: string | null;
  impression: string | null;
}

/** The coded terms that leave no doubt what the report must say. */
const heads: Record<string, string> = {
  cardiomegaly: 'cardiomegaly',
  'pleural effusion': 'pleural_effusion',
  'pulmonary atelectasis': 'atelectasis',
  'calcified granuloma': 'calcified_granuloma',
  cicatrix: 'scarring',
  scoliosis: 'scoliosis',
  atherosclerosis: 'aortic_calcification',
};

it.skipIf(!existsSync(file))(`reads reports as their human coders did (needs ${file})`, () => {
  let found = 0;
  let coded = 0;
  let normal = 0;
  let quiet = 0;
  for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(0, 900)) {
    const study: Coded = JSON.parse(line);
    if (study.split !== 'train') continue;
    const present = parseFindings(`${study.findings ?? ''}\n${study.impression ?? ''}`).filter(
      (s) => s.state !== 'absent',
    );
    for (const head of new Set(study.mesh.map((term) => term.split('/')[0]?.trim().toLowerCase() ?? ''))) {
      const finding = heads[head];
      if (!finding) continue;
      coded += 1;
      if (present.some((s) => s.finding === finding)) found += 1;
    }
    if (study.mesh.length === 1 && study.mesh[0] === 'normal') {
      normal += 1;
      if (present.length === 0) quiet += 1;
    }
  }
  expect(coded).toBeGreaterThan(100);
  expect(found / coded).toBeGreaterThan(0.93);
  expect(quiet / normal).toBeGreaterThan(0.85);
});
