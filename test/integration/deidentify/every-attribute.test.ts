import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowOf } from '../../../main/deidentify/dicom/profile.js';
import { valueRepresentations } from '../../../main/deidentify/dicom/value-representations.js';
import { Pseudonyms, rewriteObject } from '../../../main/deidentify/index.js';
import { type ObjectElement, openObject } from '../../../main/study/index.js';
import type { DeidentifyOption } from '../../../preload/values.js';
import { type DicomElement, writeDicom } from '../../sample/dicom-writer.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'deidentify-'));
});
afterAll(() => rm(folder, { recursive: true }));

const pseudonyms = new Pseudonyms(Buffer.alloc(32, 3));
const explicit = '1.2.840.10008.1.2.1';
const implicit = '1.2.840.10008.1.2';

/** Something of its own for each attribute, legal for its VR. */
function marker(tag: string, vr: string): string | undefined {
  const number = Number.parseInt(tag, 16);
  switch (vr) {
    case 'LO':
    case 'LT':
    case 'SH':
    case 'ST':
    case 'UC':
    case 'UT':
    case 'AE':
      return `Q${tag}Q`;
    case 'PN':
      return `Q${tag}Q^X`;
    case 'UI':
      return `1.2.999.${number}`;
    case 'DA':
      return '20190607';
    case 'DT':
      return '20190607112233';
    case 'TM':
      return '112233';
    case 'AS':
      return '047Y';
    default:
      return undefined;
  }
}

/** All attributes of the standard that hold text, dates or UIDs, each with a value of its own. */
const every: DicomElement[] = Object.entries(valueRepresentations)
  .flatMap(([vr, groups]) =>
    groups.split(',').flatMap((one) => {
      const [group = '', ...elements] = one.split(' ');
      return elements.map((element) => [group + element, vr, marker(group + element, vr)] as const);
    }),
  )
  .filter((one): one is readonly [string, string, string] => one[2] !== undefined)
  .filter(([tag]) => !/^(0000|0002|fffe|7fe0|0004)/.test(tag) && tag !== '00080016')
  .concat([['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.7']])
  .sort(([a], [b]) => (a < b ? -1 : 1));

async function rewritten(
  elements: readonly DicomElement[],
  options: DeidentifyOption[] = [],
  transferSyntax = explicit,
): Promise<{ bytes: Buffer; elements: Map<string, ObjectElement> }> {
  const file = join(folder, 'in.dcm');
  const target = join(folder, 'out.dcm');
  await writeFile(file, writeDicom(elements, { transferSyntax }));
  await rewriteObject(file, { target, options: new Set(options), pseudonyms });
  const object = await openObject(target);
  const found = new Map(object.elements.map((element) => [element.tag, element]));
  object.close();
  return { bytes: await readFile(target), elements: found };
}

const textOf = (element: ObjectElement | undefined) =>
  element &&
  Buffer.from(element.value)
    .toString('latin1')
    .replace(/[\0 ]+$/, '');

describe.each([
  ['explicit', explicit],
  ['implicit', implicit],
])('every attribute of the standard with a value of its own, %s VR', (_, transferSyntax) => {
  it('keeps the value of no attribute that the table lists', async () => {
    const { bytes, elements } = await rewritten(every, [], transferSyntax);
    const text = bytes.toString('latin1');
    for (const [tag, vr, value] of every) {
      if (!rowOf(tag) || vr === 'TM') continue;
      expect(textOf(elements.get(tag)), `${tag} ${vr}`).not.toBe(String(value));
      if (!['DA', 'DT', 'AS'].includes(vr)) expect(text, tag).not.toContain(String(value));
    }
    expect(textOf(elements.get('00120062'))).toBe('YES');
    expect(textOf(elements.get('00280303'))).toBe('REMOVED');
  });

  it('keeps what the table does not list, but people and days', async () => {
    const { elements } = await rewritten(every, [], transferSyntax);
    const kept = every.filter(([tag, , value]) => !rowOf(tag) && textOf(elements.get(tag)) === value);
    const unlisted = every.filter(([tag, vr]) => !rowOf(tag) && !['PN', 'DA', 'DT', 'UI'].includes(vr));
    expect(unlisted.length).toBeGreaterThan(400);
    // The birth date in another calendar is not listed either, and goes.
    expect(unlisted.length - kept.filter(([, vr]) => vr !== 'UI').length).toBeLessThan(10);
    for (const [tag, vr] of kept) expect(['PN', 'DA', 'DT'], tag).not.toContain(vr);
  });

  it.each(['uids', 'device', 'institution', 'patient', 'full-dates'] as const)(
    'keeps with the option %s what the table says',
    async (option) => {
      const letters = { uids: 'U', device: 'D', institution: 'I', patient: 'C', 'full-dates': 'F' };
      const { elements } = await rewritten(every, [option], transferSyntax);
      for (const [tag, vr, value] of every)
        if (rowOf(tag)?.options.get(letters[option]) === 'k')
          expect(textOf(elements.get(tag)), `${tag} ${vr}`).toBe(value);
    },
  );

  it('shifts all dates alike', async () => {
    const { elements } = await rewritten(every, ['modified-dates'], transferSyntax);
    const dates = new Set<string | undefined>();
    for (const [tag, vr] of every)
      if (rowOf(tag)?.options.get('M') === 'c' && vr === 'DA') dates.add(textOf(elements.get(tag)));
    expect(dates.size).toBe(1);
    const [date = ''] = dates;
    expect(date).toMatch(/^20(09|1\d)\d{4}$/);
    expect(date).not.toBe('20190607');
    expect(textOf(elements.get('00280303'))).toBe('MODIFIED');
    // Not the day of birth.
    expect(textOf(elements.get('00100030'))).toBe('19000101'.slice(0, 0));
  });
});

describe('one object', () => {
  const base: DicomElement[] = [
    ['00080016', 'UI', '1.2.840.10008.5.1.4.1.1.4'],
    ['00080018', 'UI', '1.2.999.1'],
    ['00081030', 'LO', 'MR head of Marquardt'],
    ['0008103e', 'LO', 'T2 ax'],
    ['00100010', 'PN', 'Marquardt^Ilse'],
    ['00100020', 'LO', 'ID-778899'],
    ['0020000d', 'UI', '1.2.999.2'],
    ['0020000e', 'UI', '1.2.999.3'],
  ];
  const sorted = (more: DicomElement[]) => [...base, ...more].sort(([a], [b]) => (a < b ? -1 : 1));

  it('removes private attributes, at any depth', async () => {
    const { bytes, elements } = await rewritten(
      sorted([
        ['00091001', 'LO', 'QPRIVATEQ'],
        ['00090010', 'LO', 'QCREATORQ'],
        [
          '00081140',
          'SQ',
          [
            [
              ['00091001', 'LO', 'QNESTEDQ'],
              ['00081155', 'UI', '1.2.999.1'],
            ],
          ],
        ],
      ]),
    );
    for (const mark of ['QPRIVATEQ', 'QCREATORQ', 'QNESTEDQ', '1.2.999'])
      expect(bytes.toString('latin1')).not.toContain(mark);
    const reference = elements.get('00081140')?.items?.[0]?.find(({ tag }) => tag === '00081155');
    expect(textOf(reference)).toBe(textOf(elements.get('00080018')));
  });

  it('keeps private attributes that are known to be safe, if asked to', async () => {
    const elements: DicomElement[] = [
      ['00190010', 'LO', 'SIEMENS MR HEADER'],
      ['0019100c', 'IS', '1000'],
      ['00191008', 'CS', 'QOTHERQ'],
      ['00290010', 'LO', 'QVENDORQ'],
      ['00291010', 'OB', Buffer.from('QBLOBQ')],
    ];
    const kept = await rewritten(sorted(elements), ['safe-private']);
    expect(textOf(kept.elements.get('0019100c'))).toBe('1000');
    expect(textOf(kept.elements.get('00190010'))).toBe('SIEMENS MR HEADER');
    for (const mark of ['QOTHERQ', 'QVENDORQ', 'QBLOBQ'])
      expect(kept.bytes.toString('latin1')).not.toContain(mark);
  });

  it('cleans descriptions of the names that the header gives', async () => {
    const { elements, bytes } = await rewritten(base, ['descriptors']);
    expect(textOf(elements.get('00081030'))).toMatch(/^MR head of \[name\]/);
    expect(textOf(elements.get('0008103e'))).toBe('T2 ax');
    expect(bytes.toString('latin1')).not.toContain('Marquardt');
  });

  it('finds the header’s names in text that the table does not list', async () => {
    // (0018,0024) Sequence Name is SH, (0018,1020) Software Versions LO; neither is in the table.
    const { bytes } = await rewritten(sorted([['00181020', 'LO', 'for Marquardt 1.0']]));
    expect(bytes.toString('latin1')).not.toContain('Marquardt');
  });

  it('gives the same patient the same stand-in in all objects', async () => {
    const one = await rewritten(base);
    const two = await rewritten(sorted([['00080050', 'SH', '4711']]));
    expect(textOf(one.elements.get('00100020'))).toMatch(/^WR/);
    expect(textOf(two.elements.get('00100020'))).toBe(textOf(one.elements.get('00100020')));
  });

  it('writes Japanese as UTF-8, and says so', async () => {
    const { elements } = await rewritten(
      sorted([
        ['00080005', 'CS', '\\ISO 2022 IR 87'],
        ['00181020', 'LO', Buffer.from('\x1b$B;3ED\x1b(B ', 'latin1')],
      ]),
    );
    expect(textOf(elements.get('00080005'))).toBe('ISO_IR 192');
    expect(
      Buffer.from(elements.get('00181020')?.value ?? [])
        .toString('utf8')
        .trim(),
    ).toBe('山田');
  });

  it('zeroes the preamble, and names the options that were used', async () => {
    const file = join(folder, 'preamble.dcm');
    const written = writeDicom(base);
    written.write('II*\0 QPREAMBLEQ', 0, 'latin1');
    await writeFile(file, written);
    const target = join(folder, 'preamble-out.dcm');
    await rewriteObject(file, { target, options: new Set(['patient', 'device']), pseudonyms });
    const bytes = await readFile(target);
    expect(bytes.subarray(0, 128).every((byte) => byte === 0)).toBe(true);
    const object = await openObject(target);
    const codes = object.elements
      .find(({ tag }) => tag === '00120064')
      ?.items?.map((item) => textOf(item.find(({ tag }) => tag === '00080100')));
    object.close();
    expect(codes).toEqual(['113100', '113108', '113109']);
  });
});
