import { expect, it } from 'vitest';
import { frameToBytes } from '../../../main/frame-wire.js';
import { FrameHeader } from '../../../preload/values.js';

it('lays a frame out as a header and aligned values', () => {
  const data = new Float32Array([1.5, -2, 3, 4]);
  const bytes = frameToBytes({
    ...{ rows: 2, columns: 2, kind: 'grey', type: 'float32', min: -2, max: 4 },
    ...{ window: { center: 1, width: 6 }, invert: true, data },
  });
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const start = 4 + length;
  expect(start % 8).toBe(0);
  const header = FrameHeader.parse(JSON.parse(new TextDecoder().decode(bytes.subarray(4, start))));
  expect(header).toMatchObject({ rows: 2, columns: 2, type: 'float32', invert: true });
  expect(Array.from(new Float32Array(bytes.buffer, start, 4))).toEqual(Array.from(data));
});
