import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  findingPhrase,
  impressionPhrase,
  listed,
  NORMALS,
  noneOf,
  phrases,
} from '../../../main/draft/phrases.js';
import { parseFindings } from '../../../main/findings/finding-parser.js';

const findings: { id: string; name: string; sided: boolean }[] = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../models/training/findings.json'), 'utf8'),
);

describe('the phrase table', () => {
  it('has a phrase for every finding and for no other', () => {
    expect(Object.keys(phrases).sort()).toEqual(findings.map((f) => f.id).sort());
  });

  it.each(findings.map((f) => [f.id, f] as const))(
    '%s is read back as what it says',
    (id, { name, sided }) => {
      for (const side of [undefined, 'left', 'right', 'bilateral'] as const) {
        if (side && !sided) continue;
        const statement = parseFindings(findingPhrase(id, name, side)).find((s) => s.finding === id);
        expect(statement?.state).toBe('present');
        // A phrase that cannot carry a side leaves it out; a wrong one would be a wrong report.
        expect([side, undefined]).toContain(statement?.side);
        const concluded = impressionPhrase(id, side);
        if (concluded) expect(parseFindings(concluded).find((s) => s.finding === id)?.state).toBe('present');
      }
    },
  );

  it('denies what the normal phrases deny', () => {
    for (const { findings, text, listed: word } of NORMALS) {
      const said = parseFindings(text ?? noneOf(word ? [word] : []));
      expect(said.some((s) => findings.includes(s.finding))).toBe(true);
      expect(said.map((s) => s.state)).not.toContain('present');
    }
  });

  it('joins lists as a person would', () => {
    expect(listed(['cardiomegaly'])).toBe('Cardiomegaly.');
    expect(listed(['cardiomegaly', 'left pleural effusion', 'emphysema'])).toBe(
      'Cardiomegaly, left pleural effusion and emphysema.',
    );
    expect(noneOf(['pneumothorax', 'pleural effusion'])).toBe('No pneumothorax or pleural effusion.');
    expect(findingPhrase('opacity', 'opacity', 'left')).toBe('There is left pulmonary opacity.');
    expect(findingPhrase('pneumothorax', 'pneumothorax')).toBe('There is a pneumothorax.');
  });
});
