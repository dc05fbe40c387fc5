/*
 * The inverse DCT of JPEG (ITU-T T.81): the accurate integer one of Loeffler, Ligtenberg and Moschytz (1989), as most decoders use
 * it, so that values agree. What is known to be zero is not computed: most blocks hold a handful of coefficients in few columns.
 */

const fix = (value: number) => Math.round(value * 8192);
const c = {
  a: fix(0.298631336),
  b: fix(0.390180644),
  c: fix(0.5411961),
  d: fix(0.765366865),
  e: fix(0.899976223),
  f: fix(1.175875602),
  g: fix(1.50132111),
  h: fix(1.847759065),
  i: fix(1.96157056),
  j: fix(2.053119869),
  k: fix(2.562915447),
  l: fix(3.072711026),
};

/** Which columns of a block hold coefficients: bit `x` for below the first row, bit `8 + x` for anywhere but its first place. */
export type Filled = number;
/** What a coefficient at each place (row by row) adds to it. */
export const filledBy = Uint16Array.from({ length: 64 }, (_, place) => {
  const column = 1 << (place & 7);
  return place === 0 ? 0 : place < 8 ? column << 8 : (column << 8) | column;
});

/**
 * What turns blocks of dequantized coefficients (64, row by row; zero again afterwards) into samples of a plane, from `target` on.
 * @param width of the plane, in samples
 */
export function inverter(
  plane: Uint8Array | Uint16Array,
  width: number,
  precision: number,
): (lane: Int32Array, target: number, columns: Filled) => void {
  const passBits = precision > 8 ? 1 : 2;
  const columnShift = 13 - passBits;
  const rowShift = 13 + passBits + 3;
  const columnRound = 1 << (columnShift - 1);
  const rowRound = 1 << (rowShift - 1);
  const centre = 1 << (precision - 1);
  const top = (1 << precision) - 1;
  const clamp = (value: number) => (value < 0 ? 0 : value > top ? top : value);
  /** The block between its two passes. */
  const half = new Int32Array(64);

  const flat = (target: number, value: number) => {
    const sample = clamp((((value << 13) + rowRound) >> rowShift) + centre);
    plane[target] = sample;
    plane[target + 1] = sample;
    plane[target + 2] = sample;
    plane[target + 3] = sample;
    plane[target + 4] = sample;
    plane[target + 5] = sample;
    plane[target + 6] = sample;
    plane[target + 7] = sample;
  };

  return (lane, target, columns) => {
    const first = lane[0] ?? 0;
    if (columns === 0) {
      lane[0] = 0;
      const value = first << passBits;
      for (let y = 0, to = target; y < 8; y++, to += width) flat(to, value);
      return;
    }
    // Columns, then rows: the eight-point transform is written out twice, since a call for each would cost as much as it does.
    const wide = columns >> 12 !== 0;
    const end = wide ? 8 : 4;
    for (let x = 0; x < end; x++) {
      const v0 = lane[x] ?? 0;
      lane[x] = 0;
      if ((columns & (1 << x)) === 0) {
        const value = v0 << passBits;
        half[x] = value;
        half[x + 8] = value;
        half[x + 16] = value;
        half[x + 24] = value;
        half[x + 32] = value;
        half[x + 40] = value;
        half[x + 48] = value;
        half[x + 56] = value;
        continue;
      }
      const v1 = lane[x + 8] ?? 0;
      const v2 = lane[x + 16] ?? 0;
      const v3 = lane[x + 24] ?? 0;
      const v4 = lane[x + 32] ?? 0;
      const v5 = lane[x + 40] ?? 0;
      const v6 = lane[x + 48] ?? 0;
      const v7 = lane[x + 56] ?? 0;
      lane[x + 8] = 0;
      lane[x + 16] = 0;
      lane[x + 24] = 0;
      lane[x + 32] = 0;
      lane[x + 40] = 0;
      lane[x + 48] = 0;
      lane[x + 56] = 0;
      const z1 = Math.imul(v2 + v6, c.c);
      const even2 = (z1 - Math.imul(v6, c.h)) | 0;
      const even3 = (z1 + Math.imul(v2, c.d)) | 0;
      const even0 = (((v0 + v4) << 13) + columnRound) | 0;
      const even1 = (((v0 - v4) << 13) + columnRound) | 0;
      const t10 = (even0 + even3) | 0;
      const t13 = (even0 - even3) | 0;
      const t11 = (even1 + even2) | 0;
      const t12 = (even1 - even2) | 0;
      const z5 = Math.imul(v7 + v3 + v5 + v1, c.f);
      const y1 = Math.imul(v7 + v1, -c.e);
      const y2 = Math.imul(v5 + v3, -c.k);
      const y3 = (z5 - Math.imul(v7 + v3, c.i)) | 0;
      const y4 = (z5 - Math.imul(v5 + v1, c.b)) | 0;
      const o0 = (Math.imul(v7, c.a) + y1 + y3) | 0;
      const o1 = (Math.imul(v5, c.j) + y2 + y4) | 0;
      const o2 = (Math.imul(v3, c.l) + y2 + y3) | 0;
      const o3 = (Math.imul(v1, c.g) + y1 + y4) | 0;
      half[x] = (t10 + o3) >> columnShift;
      half[x + 56] = (t10 - o3) >> columnShift;
      half[x + 8] = (t11 + o2) >> columnShift;
      half[x + 48] = (t11 - o2) >> columnShift;
      half[x + 16] = (t12 + o1) >> columnShift;
      half[x + 40] = (t12 - o1) >> columnShift;
      half[x + 24] = (t13 + o0) >> columnShift;
      half[x + 32] = (t13 - o0) >> columnShift;
    }
    for (let from = 0, to = target; from < 64; from += 8, to += width) {
      const v0 = half[from] ?? 0;
      const v1 = half[from + 1] ?? 0;
      const v2 = half[from + 2] ?? 0;
      const v3 = half[from + 3] ?? 0;
      let t10: number;
      let t11: number;
      let t12: number;
      let t13: number;
      let o0: number;
      let o1: number;
      let o2: number;
      let o3: number;
      if (wide) {
        const v4 = half[from + 4] ?? 0;
        const v5 = half[from + 5] ?? 0;
        const v6 = half[from + 6] ?? 0;
        const v7 = half[from + 7] ?? 0;
        const z1 = Math.imul(v2 + v6, c.c);
        const even2 = (z1 - Math.imul(v6, c.h)) | 0;
        const even3 = (z1 + Math.imul(v2, c.d)) | 0;
        const even0 = (((v0 + v4) << 13) + rowRound) | 0;
        const even1 = (((v0 - v4) << 13) + rowRound) | 0;
        t10 = (even0 + even3) | 0;
        t13 = (even0 - even3) | 0;
        t11 = (even1 + even2) | 0;
        t12 = (even1 - even2) | 0;
        const z5 = Math.imul(v7 + v3 + v5 + v1, c.f);
        const y1 = Math.imul(v7 + v1, -c.e);
        const y2 = Math.imul(v5 + v3, -c.k);
        const y3 = (z5 - Math.imul(v7 + v3, c.i)) | 0;
        const y4 = (z5 - Math.imul(v5 + v1, c.b)) | 0;
        o0 = (Math.imul(v7, c.a) + y1 + y3) | 0;
        o1 = (Math.imul(v5, c.j) + y2 + y4) | 0;
        o2 = (Math.imul(v3, c.l) + y2 + y3) | 0;
        o3 = (Math.imul(v1, c.g) + y1 + y4) | 0;
      } else {
        // The same with nothing in the last four.
        const even0 = ((v0 << 13) + rowRound) | 0;
        const even2 = Math.imul(v2, c.c);
        const even3 = Math.imul(v2, c.c + c.d);
        t10 = (even0 + even3) | 0;
        t13 = (even0 - even3) | 0;
        t11 = (even0 + even2) | 0;
        t12 = (even0 - even2) | 0;
        o0 = (Math.imul(v1, c.f - c.e) + Math.imul(v3, c.f - c.i)) | 0;
        o1 = (Math.imul(v1, c.f - c.b) + Math.imul(v3, c.f - c.k)) | 0;
        o2 = (Math.imul(v1, c.f) + Math.imul(v3, c.f - c.k - c.i + c.l)) | 0;
        o3 = (Math.imul(v1, c.f + c.g - c.e - c.b) + Math.imul(v3, c.f)) | 0;
      }
      plane[to] = clamp(((t10 + o3) >> rowShift) + centre);
      plane[to + 7] = clamp(((t10 - o3) >> rowShift) + centre);
      plane[to + 1] = clamp(((t11 + o2) >> rowShift) + centre);
      plane[to + 6] = clamp(((t11 - o2) >> rowShift) + centre);
      plane[to + 2] = clamp(((t12 + o1) >> rowShift) + centre);
      plane[to + 5] = clamp(((t12 - o1) >> rowShift) + centre);
      plane[to + 3] = clamp(((t13 + o0) >> rowShift) + centre);
      plane[to + 4] = clamp(((t13 - o0) >> rowShift) + centre);
    }
  };
}
