import { describe, expect, it } from 'vitest';
import { attributesOf } from '../../../main/study/attributes.js';
import { memorySource } from '../../../main/study/bytes.js';
import { readHeader } from '../../../main/study/header.js';
import {
  dataSet,
  type Elements,
  element,
  explicitBig,
  file,
  head,
  implicitLittle,
  item,
  itemEnd,
  sequenceEnd,
  shorts,
  syntaxes,
  undefinedLength,
} from '../../hostile/bytes.js';

const read = (bytes: Uint8Array) => attributesOf(readHeader(memorySource(bytes)).dataSet);
const image = (changes: Elements) => file(dataSet(changes));
const modality = element('00080060', 'CS', 'CT');

describe('sequences', () => {
  const endless = (content: Buffer) => Buffer.concat([item(content, undefinedLength), itemEnd]);
  it.each([
    ['with lengths', element('00081140', 'SQ', item(modality))],
    [
      'without lengths',
      Buffer.concat([head('00081140', 'SQ', undefinedLength), endless(modality), sequenceEnd]),
    ],
    ['whose items have none', element('00081140', 'SQ', endless(modality))],
    [
      'whose items forget their end',
      Buffer.concat([head('00081140', 'SQ', undefinedLength), item(modality, undefinedLength), sequenceEnd]),
    ],
    [
      'of unknown VR, implicit inside',
      Buffer.concat([
        head('00081140', 'UN', undefinedLength),
        endless(element('00080060', 'CS', 'CT', { form: implicitLittle })),
        sequenceEnd,
      ]),
    ],
    [
      'of unknown VR, explicit inside',
      Buffer.concat([head('00081140', 'UN', undefinedLength), endless(modality), sequenceEnd]),
    ],
  ])('%s', (_, bytes) => {
    const attributes = read(image({ '00081140': bytes }));
    expect(attributes.items('00081140').map((one) => one.text('00080060'))).toEqual(['CT']);
    // What comes behind is found.
    expect(attributes.short('00280011')).toBe(4);
  });

  it('inside each other, with their values', () => {
    const inner = element('00081199', 'SQ', Buffer.concat([item(modality), item(modality)]));
    const attributes = read(image({ '00081115': element('00081115', 'SQ', item(inner)) }));
    expect(attributes.item('00081115')?.items('00081199')).toHaveLength(2);
    expect(attributes.item('00081115')?.item('00081199', 1)?.text('00080060')).toBe('CT');
    expect(attributes.item('00081115')?.item('00081199', 2)).toBeUndefined();
  });

  it('keep what is whole of a damaged one', () => {
    const broken = Buffer.concat([item(modality), item(modality, 4000)]);
    const attributes = read(image({ '00081140': element('00081140', 'SQ', broken) }));
    expect(attributes.items('00081140')).toHaveLength(1);
    expect(attributes.short('00280011')).toBe(4);
  });
});

describe('values', () => {
  it('of big endian', () => {
    const big = { form: explicitBig };
    const bytes = file(
      dataSet(
        { '0018602C': element('0018602C', 'FD', Buffer.from([63, 224, 0, 0, 0, 0, 0, 0]), big) },
        explicitBig,
      ),
      { transferSyntax: syntaxes.big },
    );
    expect(read(bytes).short('00280010')).toBe(3);
    expect(read(bytes).doubles('0018602c')).toEqual([0.5]);
  });

  it('of private elements without VR', () => {
    const plain = { form: implicitLittle };
    const bytes = file(
      dataSet(
        {
          '00090010': element('00090010', 'LO', 'WETREAD TEST', plain),
          '00091001': element('00091001', 'LO', 'value', plain),
          '00091002': element('00091002', 'SQ', item(element('00091003', 'LO', 'ab', plain)), plain),
        },
        implicitLittle,
      ),
      { transferSyntax: syntaxes.implicit },
    );
    expect(read(bytes).text('00091001')).toBe('value');
    expect(read(bytes).item('00091002')?.text('00091003')).toBe('ab');
    expect(read(bytes).items('00091001')).toEqual([]);
  });

  it('of an implicit element among explicit ones', () => {
    const stray = element('00081030', 'LO', 'description!', { form: implicitLittle });
    const attributes = read(image({ '00081030': stray }));
    expect(attributes.text('00081030')).toBe('description!');
    expect(attributes.short('00280011')).toBe(4);
  });

  it('of the first of two elements with one tag', () => {
    const twice = Buffer.concat([modality, element('00080060', 'CS', 'MR')]);
    expect(read(image({ '00080060': twice })).text('00080060')).toBe('CT');
  });

  it('that are no decimal strings are none', () => {
    const numbers = (value: string) =>
      read(image({ '00280030': element('00280030', 'DS', value) })).numbers('00280030');
    expect(numbers(' 0.5 \\+1.5e0 ')).toEqual([0.5, 1.5]);
    expect(numbers('0x10\\NaN\\Infinity\\1e999\\\\-\\1,5')).toEqual([]);
  });

  it('lose what turns text around', () => {
    const name = Buffer.from('a‮b⁦c', 'utf8');
    const padded = name.length % 2 === 0 ? name : Buffer.concat([name, Buffer.from(' ')]);
    const attributes = read(
      image({
        '00080005': element('00080005', 'CS', 'ISO_IR 192'),
        '00100010': element('00100010', 'PN', padded),
      }),
    );
    expect(attributes.text('00100010')).toBe('abc');
  });

  it('do not end at a window of the file', () => {
    // Elements of every length around the windows of 8 and 64 KB through which a file is read.
    for (const length of [8000, 8100, 8192, 65_400, 65_534, 70_000, 200_000]) {
      const attributes = read(
        image({
          '00091001': element('00091001', 'UT', Buffer.alloc(length, 65)),
          '00091002': element('00091002', 'US', shorts([77])),
        }),
      );
      expect([attributes.short('00091002'), attributes.short('00280011')], String(length)).toEqual([77, 4]);
      expect(attributes.bytes('00091001')).toHaveLength(length);
    }
  });
});
