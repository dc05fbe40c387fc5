import { describe, expect, it } from 'vitest';
import { withoutComments } from '../../../main/deidentify/dicom/jpeg-comments.js';

const segment = (marker: number, text: string) =>
  Buffer.concat([Buffer.from([0xff, marker, 0, text.length + 2]), Buffer.from(text, 'latin1')]);

describe('comments of compressed images', () => {
  it('go out of JPEG, JFIF and Adobe stay', () => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0xd8]),
      segment(0xe0, 'JFIF'),
      segment(0xfe, 'Doe Jane'),
      segment(0xe1, 'Exif Doe'),
      segment(0xee, 'Adobe'),
      segment(0xda, 'x'),
      Buffer.from('Doe in the scan'),
    ]);
    const clean = Buffer.from(withoutComments(bytes));
    expect(clean).toHaveLength(bytes.length);
    const text = clean.toString('latin1');
    expect(text).toContain('JFIF');
    expect(text).toContain('Adobe');
    expect(text).not.toContain('Doe Jane');
    expect(text).not.toContain('Exif');
    // What follows the start of the scan is the image.
    expect(text).toContain('Doe in the scan');
    expect(bytes.toString('latin1')).toContain('Doe Jane');
  });

  it('go out of JPEG 2000', () => {
    const bytes = Buffer.concat([
      Buffer.from([0xff, 0x4f]),
      segment(0x51, 'size'),
      segment(0x64, '\0\x01Doe Jane'),
      segment(0x90, 'tile'),
    ]);
    const clean = Buffer.from(withoutComments(bytes)).toString('latin1');
    expect(clean).not.toContain('Doe');
    expect(clean).toContain('tile');
  });

  it.each([
    ['no image', Buffer.from('Doe Jane')],
    ['a segment beyond the end', Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0xff, 0xff])],
    ['a segment without length', Buffer.from([0xff, 0xd8, 0xff, 0xfe, 0, 0, 1])],
    ['nothing', Buffer.alloc(0)],
  ])('reads %s without harm', (_, bytes) => {
    expect(withoutComments(bytes)).toHaveLength(bytes.length);
  });
});
