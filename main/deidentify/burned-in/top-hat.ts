/**
 * What is brighter than its surroundings and thinner than `side` pixels: the image less its opening by a square (white top-hat). By rows, then
 * by columns, each with the algorithm of van Herk (1992), so that the side costs nothing.
 * @param image 8-bit, rows × columns
 */
export function topHat(image: Uint8Array, rows: number, columns: number, side: number): Uint8Array {
  const opened = image.slice();
  erode(opened, rows, columns, side);
  invert(opened);
  erode(opened, rows, columns, side);
  invert(opened);
  for (let i = 0; i < opened.length; i++) {
    const value = image[i] ?? 0;
    const ground = opened[i] ?? 0;
    opened[i] = value > ground ? value - ground : 0;
  }
  return opened;
}

function invert(image: Uint8Array): void {
  for (let i = 0; i < image.length; i++) image[i] = 255 - (image[i] ?? 0);
}

/** The least value within a square around each pixel, in place. */
function erode(image: Uint8Array, rows: number, columns: number, side: number): void {
  const scratch = new Scratch(Math.max(rows, columns), side);
  for (let y = 0; y < rows; y++) scratch.erode(image, y * columns, 1, columns);
  for (let x = 0; x < columns; x++) scratch.erode(image, x, columns, rows);
}

/** Room for one row or column. */
class Scratch {
  private readonly line: Uint8Array;
  private readonly ahead: Uint8Array;
  private readonly behind: Uint8Array;

  constructor(
    longest: number,
    private readonly side: number,
  ) {
    this.line = new Uint8Array(longest + side);
    this.ahead = new Uint8Array(longest + side);
    this.behind = new Uint8Array(longest + side);
  }

  /** Replaces each of `count` values from `start` on by the least of the `side` values around it. */
  erode(image: Uint8Array, start: number, step: number, count: number): void {
    const { line, ahead, behind, side } = this;
    const half = side >> 1;
    const total = count + side - 1;
    const first = image[start] ?? 0;
    const last = image[start + (count - 1) * step] ?? 0;
    for (let i = 0; i < half; i++) line[i] = first;
    for (let i = 0, at = start; i < count; i++, at += step) line[i + half] = image[at] ?? 0;
    for (let i = count + half; i < total; i++) line[i] = last;
    for (let block = 0; block < total; block += side) {
      const end = Math.min(block + side, total);
      let least = 255;
      for (let i = block; i < end; i++) {
        const value = line[i] ?? 0;
        if (value < least) least = value;
        ahead[i] = least;
      }
      least = 255;
      for (let i = end - 1; i >= block; i--) {
        const value = line[i] ?? 0;
        if (value < least) least = value;
        behind[i] = least;
      }
    }
    for (let i = 0, at = start; i < count; i++, at += step) {
      const a = behind[i] ?? 0;
      const b = ahead[i + side - 1] ?? 0;
      image[at] = a < b ? a : b;
    }
  }
}
