import { type Frame, FrameHeader } from '../../preload/values.js';

const arrays = { uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, float32: Float32Array };

/** The address of one frame (counted from 0) over the app's scheme; also the frame's image id in Cornerstone. */
export const frameAddress = (study: string, instance: string, frame: number) =>
  `wetread://frame/${encodeURIComponent(study)}/${encodeURIComponent(instance)}/${frame}`;

export const thumbnailAddress = (study: string, instance: string) =>
  `wetread://thumbnail/${encodeURIComponent(study)}/${encodeURIComponent(instance)}`;

/**
 * Reads a frame as `wetread://frame/` sends it (little-endian u32 header length, header, values). The values stay
 * where they are: the result is a view on `buffer`. Throws where the header does not fit the bytes.
 */
export function readFrame(buffer: ArrayBuffer): Frame {
  if (buffer.byteLength < 4) throw new Error('The image came without a header.');
  const headerLength = new DataView(buffer).getUint32(0, true);
  const start = 4 + headerLength;
  if (start > buffer.byteLength) throw new Error('The image came incomplete.');
  const json: unknown = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength)));
  const header = FrameHeader.parse(json);
  const length = header.rows * header.columns * (header.kind === 'rgb' ? 3 : 1);
  const array = arrays[header.type];
  if (start + length * array.BYTES_PER_ELEMENT > buffer.byteLength)
    throw new Error('The image came incomplete.');
  return { ...header, data: new array(buffer, start, length) };
}
