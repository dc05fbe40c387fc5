import { describe, expect, it } from 'vitest';
import { shiftDate } from '../../../main/deidentify/dicom/dates.js';
import { checkOptions, optionCodes } from '../../../main/deidentify/dicom/options.js';
import { actionOf, rowOf, table, vrOf } from '../../../main/deidentify/dicom/profile.js';
import { Pseudonyms } from '../../../main/deidentify/dicom/pseudonym.js';
import { DeidentifyOption } from '../../../preload/values.js';

const none = new Set<DeidentifyOption>();
const act = (tag: string, ...options: DeidentifyOption[]) => {
  const row = rowOf(tag);
  return row && actionOf(tag, row, new Set(options), vrOf(tag) === 'SQ');
};

describe('PS3.15 Table E.1-1', () => {
  it('has the 652 attributes, the three repeating groups and the row on private ones of edition 2026c', () => {
    expect(table.size).toBe(656);
    expect([...table.keys()].filter((tag) => /^[0-9a-f]{8}$/.test(tag))).toHaveLength(652);
    for (const [tag, { basic }] of table) {
      expect(basic, tag).toMatch(/^[XZDUKC](\/[XZDU]){0,2}$/);
    }
    // Some are younger than the dictionary; where a data set does not state their VR they are removed.
    const unknown = [...table].filter(([tag]) => /^[0-9a-f]{8}$/.test(tag) && !vrOf(tag));
    expect(unknown.length).toBeLessThanOrEqual(25);
    for (const [tag, { basic }] of unknown) expect(basic, tag).toBe('X');
  });

  it.each([
    [1, 'safe-private'],
    [60, 'uids'],
    [57, 'device'],
    [10, 'institution'],
    [19, 'patient'],
    [169, 'full-dates'],
    [169, 'modified-dates'],
    [134, 'descriptors'],
    [3, 'structured-content'],
    [4, 'graphics'],
  ] as const)('has %i rows that %s changes', (count, option) => {
    const { letter } = optionCodes[option];
    expect([...table.values()].filter(({ options }) => options.has(letter))).toHaveLength(count);
  });

  // As the standard's table reads.
  it.each([
    ['00080050', 'Z'], // Accession Number
    ['00080018', 'U'], // SOP Instance UID
    ['0020000d', 'U'], // Study Instance UID
    ['00100010', 'Z'], // Patient's Name
    ['00100030', 'Z'], // Patient's Birth Date
    ['00101010', 'X'], // Patient's Age
    ['00081030', 'X'], // Study Description
    ['00080080', 'D'], // Institution Name, X/Z/D
    ['00880200', 'X'], // Icon Image Sequence
    ['fffafffa', 'X'], // Digital Signatures Sequence
    ['60023000', 'X'], // Overlay Data
    ['500c0010', 'X'], // Curve Data
    ['0040a730', 'D'], // Content Sequence
    ['00081140', 'U'], // Referenced Image Sequence, X/Z/U*
    ['00081111', 'X'], // Referenced Performed Procedure Step Sequence, X/Z/D
    ['00400555', 'Z'], // Acquisition Context Sequence, X/Z
  ])('(%s) → %s', (tag, action) => {
    expect(act(tag)).toBe(action);
  });

  it.each([
    ['00080018', 'uids', 'K'],
    ['00101010', 'patient', 'K'],
    ['00102110', 'patient', 'C'], // Allergies
    ['00181000', 'device', 'K'], // Device Serial Number
    ['00080080', 'institution', 'K'],
    ['00080020', 'full-dates', 'K'], // Study Date
    ['00080020', 'modified-dates', 'C'],
    ['00100030', 'full-dates', 'Z'], // Birth dates are no longitudinal information
    ['00081030', 'descriptors', 'C'],
    ['0040a730', 'structured-content', 'C'],
    ['00700001', 'graphics', 'C'], // Graphic Annotation Sequence
  ] as const)('(%s) with %s → %s', (tag, option, action) => {
    expect(act(tag, option)).toBe(action);
  });

  it('keeps before it cleans', () => {
    // Device Description by one option, all descriptors cleaned by the other.
    expect(act('00181000', 'descriptors', 'device')).toBe('K');
  });

  it('does not list what images need', () => {
    for (const tag of ['00280010', '00080060', '00180050', '00200032']) expect(rowOf(tag)).toBeUndefined();
    expect(actionOf('00080060', { basic: 'X', options: new Map() }, none, false)).toBe('X');
  });

  it('refuses dates that are both whole and shifted', () => {
    expect(() => checkOptions(new Set(['full-dates', 'modified-dates']))).toThrow(
      expect.objectContaining({ code: 'bad-input' }),
    );
    for (const option of DeidentifyOption.options)
      expect(() => checkOptions(new Set([option]))).not.toThrow();
  });
});

describe('pseudonyms', () => {
  const site = new Pseudonyms(Buffer.alloc(32, 1));
  const other = new Pseudonyms(Buffer.alloc(32, 2));

  it('are the same for the same original, and others at another site', () => {
    const uid = site.uid('1.2.826.0.1.3680043.9.1');
    expect(uid).toBe(new Pseudonyms(Buffer.alloc(32, 1)).uid('1.2.826.0.1.3680043.9.1'));
    expect(uid).not.toBe(other.uid('1.2.826.0.1.3680043.9.1'));
    expect(uid).not.toBe(site.uid('1.2.826.0.1.3680043.9.2'));
    expect(site.patient('4711')).toMatch(/^WR[0-9A-Z]{14}$/);
    expect(site.patient('4711')).not.toBe(other.patient('4711'));
  });

  it('gives UIDs of UUIDs, at most 64 characters', () => {
    for (let i = 0; i < 2000; i++) {
      const uid = site.uid(`1.2.3.${i}`);
      expect(uid).toMatch(/^2\.25\.[1-9]\d{20,38}$/);
      const hex = BigInt(uid.slice(5)).toString(16).padStart(32, '0');
      expect(hex[12]).toBe('8');
      expect('89ab').toContain(hex[16]);
    }
  });

  it('moves all dates of a patient by the same days, between one year and ten', () => {
    const days = new Set<number>();
    for (let i = 0; i < 500; i++) {
      const back = site.daysBack(`patient ${i}`);
      expect(back).toBeGreaterThanOrEqual(365);
      expect(back).toBeLessThanOrEqual(3650);
      days.add(back);
    }
    expect(days.size).toBeGreaterThan(400);
  });
});

describe('shifted dates', () => {
  it.each([
    ['20200301', 1, '20200229'],
    ['2020.03.01', 1, '20200229'],
    ['20200301123456.5+0100', 366, '20190301123456.5+0100'],
    ['20200230', 1, undefined],
    ['202003', 1, undefined],
    ['', 1, undefined],
  ])('%s less %i days is %s', (value, days, shifted) => {
    expect(shiftDate(value, days)).toBe(shifted);
  });
});
