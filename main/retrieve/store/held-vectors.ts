/**
 * Unit vectors of many rows in memory, two bytes a number: to compare a query with the rows that a coarse index proposes, reading each of them
 * from the disk takes longer than the search. Each vector is stored by its largest number, so that cosines are off by less than 0.00002. One byte a
 * number would do for texts, but in the joint space vectors lie so close together that it mixed up the first ten (recall 0.92 instead of 0.99).
 */
export class HeldVectors {
  readonly #codes: Int16Array;
  /** Of each row, what a code of 1 stands for; 0 where the row has no vector. */
  readonly #units: Float32Array;

  constructor(
    rows: number,
    readonly width: number,
  ) {
    this.#codes = new Int16Array(rows * width);
    this.#units = new Float32Array(rows);
  }

  /** Keeps the vector of a row. */
  set(row: number, vector: Float32Array): void {
    const { width } = this;
    let largest = 0;
    for (let at = 0; at < width; at += 1) {
      const size = Math.abs(vector[at] ?? 0);
      if (size > largest) largest = size;
    }
    const unit = largest / mostCode || 1;
    this.#units[row] = unit;
    for (let at = 0, place = row * width; at < width; at += 1, place += 1)
      this.#codes[place] = Math.round((vector[at] ?? 0) / unit);
  }

  /** Reads vectors of rows, undefined where there is none. Many share a buffer: one for each takes longer to make than to fill. */
  reader(): (row: number) => Float32Array<ArrayBuffer> | undefined {
    const { width } = this;
    let block = new Float32Array(0);
    let used = 0;
    return (row) => {
      const unit = this.#units[row] ?? 0;
      if (unit === 0) return undefined;
      if (used === block.length) {
        block = new Float32Array(blockRows * width);
        used = 0;
      }
      const vector = block.subarray(used, used + width);
      used += width;
      const start = row * width;
      for (let at = 0; at < width; at += 1) vector[at] = unit * (this.#codes[start + at] ?? 0);
      return vector;
    };
  }

  /** Cosine of a row with a query of unit length; undefined where the row has no vector. */
  cosine(query: Float32Array, row: number): number | undefined {
    const unit = this.#units[row] ?? 0;
    if (unit === 0) return undefined;
    const codes = this.#codes;
    const start = row * this.width;
    let sum = 0;
    for (let at = 0; at < this.width; at += 1) sum += (query[at] ?? 0) * (codes[start + at] ?? 0);
    return unit * sum;
  }
}

const mostCode = 32_767;
const blockRows = 32;
