import { parameters } from './weights.js';

/**
 * The network that says where text stands: depthwise separable convolutions (MobileNet, Howard 2017) at half, a quarter and an eighth of
 * the sides, the last with holes (dilation), merged at a quarter. 10,000 numbers, learnt by models/training/burned_in_text.py, which holds the same
 * layers. In plain TypeScript: it is so small that to load a runtime for it would take longer than most images.
 */

/** Planes of one size, one after another. */
interface Planes {
  count: number;
  rows: number;
  columns: number;
  data: Float32Array;
}

interface Convolution {
  weights: Float32Array;
  biases: Float32Array;
}

interface Block {
  depth: Convolution;
  point: Convolution;
  inputs: number;
  outputs: number;
  stride: number;
  dilation: number;
}

/** Cells of the answer are this many pixels a side. */
export const cellPx = 4;
const deepest = 8;

interface Network {
  first: Convolution;
  quarter: Block[];
  eighth: Block[];
  up: Convolution;
  merge: Block;
  head: Convolution;
}

let loaded: Network | undefined;

function network(): Network {
  loaded ??= load();
  return loaded;
}

function load(): Network {
  const bytes = Buffer.from(parameters, 'base64');
  let at = 0;
  const take = (count: number) => {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++, at += 2) values[i] = half(bytes.readUInt16LE(at));
    return values;
  };
  const convolution = (weights: number, biases: number): Convolution => ({
    weights: take(weights),
    biases: take(biases),
  });
  const block = (inputs: number, outputs: number, stride = 1, dilation = 1): Block => ({
    depth: convolution(inputs * 9, inputs),
    point: convolution(inputs * outputs, outputs),
    ...{ inputs, outputs, stride, dilation },
  });
  return {
    first: convolution(12 * 9, 12),
    quarter: [block(12, 24, 2), block(24, 24)],
    eighth: [block(24, 32, 2), block(32, 32), block(32, 32, 1, 2), block(32, 32, 1, 4), block(32, 32)],
    up: convolution(32 * 24, 24),
    merge: block(24, 24),
    head: convolution(24, 1),
  };
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** How likely text stands in each cell of 4 × 4 pixels, 0 to 1; cells at the far edges may be cut off. */
export interface TextMap {
  rows: number;
  columns: number;
  likelihoods: Float32Array;
}

/** @param data 8-bit, rows × columns */
export function textMap({
  rows,
  columns,
  data,
}: {
  rows: number;
  columns: number;
  data: Uint8Array;
}): TextMap {
  const { first, quarter, eighth, up, merge, head } = network();
  let planes = firstConvolution(padded(rows, columns, data), first);
  for (const block of quarter) planes = run(block, planes);
  let deep = planes;
  for (const block of eighth) deep = run(block, deep);
  const answer = pointwise(run(merge, joined(planes, pointwise(deep, up, 24))), head, 1);
  const size = { rows: Math.ceil(rows / cellPx), columns: Math.ceil(columns / cellPx) };
  const likelihoods = new Float32Array(size.rows * size.columns);
  for (let y = 0; y < size.rows; y++)
    for (let x = 0; x < size.columns; x++)
      likelihoods[y * size.columns + x] = 1 / (1 + Math.exp(-(answer.data[y * answer.columns + x] ?? 0)));
  return { ...size, likelihoods };
}

/** -1 to 1, with a margin of zeros on top and left, and the last pixels repeated up to sides that can be halved thrice. */
function padded(rows: number, columns: number, data: Uint8Array): Planes {
  const full = {
    rows: Math.ceil(rows / deepest) * deepest,
    columns: Math.ceil(columns / deepest) * deepest,
  };
  const stride = full.columns + 2;
  const out = new Float32Array((full.rows + 2) * stride);
  for (let y = 0; y < full.rows; y++) {
    const line = Math.min(y, rows - 1) * columns;
    for (let x = 0; x < full.columns; x++)
      out[(y + 1) * stride + x + 1] = (data[line + Math.min(x, columns - 1)] ?? 0) / 127.5 - 1;
  }
  return { count: 1, ...full, data: out };
}

/** 3 × 3, every other pixel, of a plane with a margin of one. */
function firstConvolution({ rows, columns, data }: Planes, { weights, biases }: Convolution): Planes {
  const count = biases.length;
  const out = { rows: rows / 2, columns: columns / 2 };
  const size = out.rows * out.columns;
  const planes = new Float32Array(count * size);
  for (let one = 0; one < count; one++)
    taps(data, 0, columns + 2, weights, one * 9, biases[one] ?? 0, planes, one * size, {
      ...out,
      stride: 2,
      dilation: 1,
      atLeast: 0,
    });
  return { count, ...out, data: planes };
}

/** Nine taps of one padded plane into one plane of `out`. */
function taps(
  data: Float32Array,
  from: number,
  width: number,
  weights: Float32Array,
  w: number,
  bias: number,
  out: Float32Array,
  to: number,
  {
    rows,
    columns,
    stride,
    dilation,
    atLeast,
  }: { rows: number; columns: number; stride: number; dilation: number; atLeast: number },
): void {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0, w4 = 0, w5 = 0, w6 = 0, w7 = 0, w8 = 0] = weights.subarray(w, w + 9);
  for (let y = 0; y < rows; y++) {
    let a = from + y * stride * width;
    let b = a + dilation * width;
    let c = b + dilation * width;
    const two = 2 * dilation;
    const end = to + (y + 1) * columns;
    for (let at = to + y * columns; at < end; at++, a += stride, b += stride, c += stride) {
      const sum =
        bias +
        w0 * (data[a] as number) +
        w1 * (data[a + dilation] as number) +
        w2 * (data[a + two] as number) +
        w3 * (data[b] as number) +
        w4 * (data[b + dilation] as number) +
        w5 * (data[b + two] as number) +
        w6 * (data[c] as number) +
        w7 * (data[c + dilation] as number) +
        w8 * (data[c + two] as number);
      out[at] = sum > atLeast ? sum : atLeast;
    }
  }
}

function run({ depth, point, inputs, outputs, stride, dilation }: Block, planes: Planes): Planes {
  const { rows, columns } = planes;
  const out = { rows: rows / stride, columns: columns / stride };
  const size = out.rows * out.columns;
  const deep = new Float32Array(inputs * size);
  const width = columns + 2 * dilation;
  const margined = new Float32Array((rows + 2 * dilation) * width);
  for (let one = 0; one < inputs; one++) {
    for (let y = 0; y < rows; y++) {
      const line = (one * rows + y) * columns;
      margined.set(planes.data.subarray(line, line + columns), (y + dilation) * width + dilation);
    }
    taps(margined, 0, width, depth.weights, one * 9, depth.biases[one] ?? 0, deep, one * size, {
      ...out,
      ...{ stride, dilation, atLeast: Number.NEGATIVE_INFINITY },
    });
  }
  const mixed = pointwise({ count: inputs, ...out, data: deep }, point, outputs);
  const same = stride === 1 && inputs === outputs;
  const { data } = mixed;
  for (let i = 0; i < data.length; i++) {
    const sum = (data[i] as number) + (same ? (planes.data[i] as number) : 0);
    data[i] = sum > 0 ? sum : 0;
  }
  return mixed;
}

/** As many pixels as stay in the cache while all planes are summed up. */
const tile = 1024;

function pointwise(
  { count, rows, columns, data }: Planes,
  { weights, biases }: Convolution,
  outputs: number,
): Planes {
  const size = rows * columns;
  const out = new Float32Array(outputs * size);
  for (let from = 0; from < size; from += tile) {
    const pixels = Math.min(tile, size - from);
    for (let one = 0; one < outputs; one++) {
      const to = one * size + from;
      out.fill(biases[one] ?? 0, to, to + pixels);
      // Four planes at a time: each sum is read and written once for them.
      for (let input = 0; input < count; input += 4) {
        const w = one * count + input;
        const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = weights.subarray(w, w + 4);
        const a = input * size + from;
        for (let i = 0; i < pixels; i++)
          out[to + i] =
            (out[to + i] as number) +
            w0 * (data[a + i] as number) +
            w1 * (data[a + size + i] as number) +
            w2 * (data[a + 2 * size + i] as number) +
            w3 * (data[a + 3 * size + i] as number);
      }
    }
  }
  return { count: outputs, rows, columns, data: out };
}

/** Planes plus those of half their sides, each cell of these for four; nothing below zero. */
function joined(planes: Planes, deep: Planes): Planes {
  const { count, rows, columns } = planes;
  const data = new Float32Array(planes.data.length);
  for (let one = 0; one < count; one++)
    for (let y = 0; y < rows; y++) {
      const line = (one * rows + y) * columns;
      const above = (one * deep.rows + (y >> 1)) * deep.columns;
      for (let x = 0; x < columns; x++) {
        const sum = (planes.data[line + x] as number) + (deep.data[above + (x >> 1)] as number);
        data[line + x] = sum > 0 ? sum : 0;
      }
    }
  return { count, rows, columns, data };
}
