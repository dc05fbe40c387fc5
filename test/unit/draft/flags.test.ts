import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GroundingContext, groundSentence } from '../../../main/draft/grounding.js';
import { findingPhrase } from '../../../main/draft/phrases.js';
import type { FindingEstimate } from '../../../main/encode/index.js';
import { estimate } from './values.js';

const findings: { id: string; name: string; sided: boolean }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../models/training/findings.json'), 'utf8'),
);

const codes = (text: string, seen: FindingEstimate[], over: Partial<GroundingContext> = {}) =>
  groundSentence(text, {
    section: 'findings',
    origin: 'model',
    findings: seen,
    snippets: [],
    others: [],
    hasPrior: false,
    ...over,
  }).flags.map((flag) => flag.code);

/** All findings at one probability, and one of them at another. */
const all = (probability: number, id?: string, own?: FindingEstimate) =>
  findings.map((f) => (f.id === id && own ? own : estimate(f.id, probability)));

describe.each(findings.map((f) => [f.id, f] as const))('no flag of %s is missed', (id, { name }) => {
  const said = findingPhrase(id, name);

  it('when it is stated and seen there is none', () => {
    expect(codes(said, all(0.9))).toEqual([]);
  });

  it('when it is stated and not seen', () => {
    expect(codes(said, all(0.01))).toEqual(expect.arrayContaining(['unsupported', 'contradiction']));
  });

  it('when it is stated and only possible', () => {
    expect(codes(said, all(0.3))).toContain('unsupported');
  });

  it('when it is denied and seen', () => {
    expect(codes(`No ${name}.`, all(0.01, id, estimate(id, 0.9)))).toContain('contradiction');
  });

  it('when it is denied and possible', () => {
    expect(codes(`No ${name}.`, all(0.01, id, estimate(id, 0.3)))).toContain('unsupported');
  });

  it('when it compares with nothing', () => {
    expect(codes(said.replace(/\.$/, ', unchanged.'), all(0.9))).toContain('invented-prior');
  });

  it('when another sentence denies it', () => {
    const other = { section: 'findings' as const, text: `No ${name}.` };
    const statements = [{ finding: id, state: 'absent' as const }];
    expect(codes(said, all(0.9), { others: [{ ...other, statements }] })).toContain('contradiction');
  });
});

it.each(findings.filter((f) => f.sided).map((f) => [f.id, f.name] as const))(
  'no wrong side of %s is missed',
  (id, name) => {
    const seen = all(0.9, id, estimate(id, 0.9, { left: 0.95, right: 0.05 }));
    expect(codes(findingPhrase(id, name, 'left'), seen)).toEqual([]);
    const wrong = findingPhrase(id, name, 'right');
    // Some phrases leave the side out.
    if (wrong.includes('right')) expect(codes(wrong, seen)).toContain('side-conflict');
  },
);
