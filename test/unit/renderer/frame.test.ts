import { describe, expect, it } from 'vitest';
import { frameToBytes } from '../../../main/frame-wire.js';
import type { Frame } from '../../../preload/values.js';
import { frameAddress, readFrame, thumbnailAddress } from '../../../renderer/viewport/frame.js';

const frame: Frame = {
  rows: 2,
  columns: 3,
  kind: 'grey',
  type: 'int16',
  min: -1024,
  max: 300,
  window: { center: 40, width: 400 },
  invert: false,
  units: 'HU',
  spacingMm: [0.5, 0.7],
  data: new Int16Array([-1024, 0, 1, 40, 100, 300]),
};

const wire = (value: Frame): ArrayBuffer => {
  const bytes = frameToBytes(value);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
};

describe('readFrame', () => {
  it('reads what the app sends, as a view on the same bytes', () => {
    const buffer = wire(frame);
    const read = readFrame(buffer);
    expect(read).toEqual(frame);
    expect(read.data.buffer).toBe(buffer);
  });

  it.each([
    ['uint8', new Uint8Array([0, 1, 2, 3, 4, 255])],
    ['uint16', new Uint16Array([0, 1, 2, 3, 4, 65535])],
    ['float32', new Float32Array([0, 0.5, 1, 1.5, 2, 2.5])],
  ] as const)('keeps %s values', (type, data) => {
    expect(readFrame(wire({ ...frame, type, data })).data).toEqual(data);
  });

  it('reads three values a pixel of a colour frame', () => {
    const data = Uint8Array.from({ length: 18 }, (_, i) => i);
    expect(readFrame(wire({ ...frame, kind: 'rgb', type: 'uint8', data })).data).toEqual(data);
  });

  it('refuses a frame that is cut off, wherever it is cut', () => {
    const buffer = wire(frame);
    for (const length of [0, 3, 10, buffer.byteLength - 1])
      expect(() => readFrame(buffer.slice(0, length))).toThrow();
  });

  it('refuses a header that does not fit the schema', () => {
    const { data: _, ...header } = frame;
    const json = new TextEncoder().encode(JSON.stringify({ ...header, rows: -2 }).padEnd(300));
    const bytes = new Uint8Array(4 + json.length + 12);
    new DataView(bytes.buffer).setUint32(0, json.length, true);
    bytes.set(json, 4);
    expect(() => readFrame(bytes.buffer)).toThrow();
  });
});

it('percent-encodes UIDs in addresses', () => {
  expect(frameAddress('1.2/3', 'a b', 4)).toBe('wetread://frame/1.2%2F3/a%20b/4');
  expect(thumbnailAddress('1.2/3', 'a b')).toBe('wetread://thumbnail/1.2%2F3/a%20b');
});
