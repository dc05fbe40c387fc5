import type { PixelModule, StoredFrame } from './pixels.js';

/**
 * The overlay planes of a frame (PS3.3 C.9.2: groups 6000 to 601E, on their own or in unused high bits of the pixels), all
 * drawn into one mask of the frame's size; undefined where there is none. Call it before the high bits are cleaned away.
 */
export function overlayOf(module: PixelModule, stored: StoredFrame, frame: number): Uint8Array | undefined {
  const { attributes, bitsAllocated } = module;
  let mask: Uint8Array | undefined;
  for (let group = 0x6000; group <= 0x601e; group += 2) {
    const tag = (element: string) => `${group.toString(16)}${element}`;
    const rows = attributes.short(tag('0010'));
    const columns = attributes.short(tag('0011'));
    if (!rows || !columns) continue;
    const bits = attributes.bytes(tag('3000'));
    const position = attributes.short(tag('0102')) ?? 0;
    mask ??= new Uint8Array(stored.rows * stored.columns);
    if (bits) {
      const first = (attributes.integer(tag('0051')) || attributes.short(tag('0051')) || 1) - 1;
      const count = Math.max(1, attributes.integer(tag('0015')) ?? 1);
      // One plane for all frames, or a plane a frame from the frame that it names.
      const plane = count === 1 ? 0 : frame - first;
      if (plane < 0 || plane >= count) continue;
      const top = (attributes.short(tag('0050'), 0, true) ?? 1) - 1;
      const left = (attributes.short(tag('0050'), 1, true) ?? 1) - 1;
      drawPlane(
        mask,
        stored,
        stored.rows / module.rows,
        bits,
        plane * rows * columns,
        rows,
        columns,
        top,
        left,
      );
    } else if (position > 0 && position < bitsAllocated && stored.samples === 1) {
      const length = Math.min(mask.length, stored.values.length);
      for (let i = 0; i < length; i++) if (((stored.values[i] ?? 0) >> position) & 1) mask[i] = 1;
    }
  }
  return mask?.some((value) => value === 1) ? mask : undefined;
}

function drawPlane(
  mask: Uint8Array,
  size: { rows: number; columns: number },
  scale: number,
  bits: Uint8Array,
  start: number,
  rows: number,
  columns: number,
  top: number,
  left: number,
): void {
  for (let y = 0; y < rows; y++) {
    const row = Math.floor((y + top) * scale);
    if (row < 0 || row >= size.rows) continue;
    for (let x = 0; x < columns; x++) {
      const column = Math.floor((x + left) * scale);
      const bit = start + y * columns + x;
      if (column >= 0 && column < size.columns && ((bits[bit >> 3] ?? 0) >> (bit & 7)) & 1)
        mask[row * size.columns + column] = 1;
    }
  }
}
