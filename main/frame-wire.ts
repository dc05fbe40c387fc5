import type { Frame } from '../preload/values.js';

/**
 * Lays a frame out for the `wetread://frame/` scheme: a little-endian u32 with the length of the header, the FrameHeader as JSON padded
 * with spaces so that the values start on a multiple of 8, then the values.
 */
export function frameToBytes({ data, ...header }: Frame): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((4 + json.length) / 8) * 8;
  const bytes = new Uint8Array(start + data.byteLength);
  new DataView(bytes.buffer).setUint32(0, start - 4, true);
  bytes.fill(0x20, 4, start);
  bytes.set(json, 4);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return bytes;
}
