/* From the phantom to a digital radiograph: projection, scatter, noise, the look of a processed image, marker, collimation. */
import { random, type Volume } from './phantom.js';

export interface Radiograph {
  rows: number;
  columns: number;
  /** 12 bits, MONOCHROME2. */
  pixels: Uint16Array;
}

interface Plane {
  width: number;
  height: number;
  data: Float32Array;
}

export const spacingMm = 0.38;

/**
 * @param view `PA`: the patient's left on the right of the image; `LL`: the front on the left of the image
 */
export function takeRadiograph(
  volume: Volume,
  view: 'PA' | 'LL',
  rows: number,
  columns: number,
  seed: number,
): Radiograph {
  const path = enlarge(project(volume, view), rows, columns, view);
  const exposed = expose(path, seed);
  const shown = process(exposed);
  const pixels = new Uint16Array(rows * columns);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = Math.round(Math.min(1, Math.max(0, shown.data[i] ?? 0)) * 4095);
  drawMarker(pixels, columns, view === 'PA' ? columns - 118 : 74, 66);
  collimate(pixels, rows, columns, seed);
  return { rows, columns, pixels };
}

/** Millimetres of water along each ray, from the top row down. */
function project({ nx, ny, nz, values }: Volume, view: 'PA' | 'LL'): Plane {
  const width = view === 'PA' ? nx : nz;
  const data = new Float32Array(width * ny);
  for (let j = 0; j < ny; j++) {
    const row = (ny - 1 - j) * width;
    for (let i = 0; i < nx; i++) {
      const base = (j * nx + i) * nz;
      if (view === 'PA') {
        let sum = 0;
        for (let k = 0; k < nz; k++) sum += values[base + k] ?? 0;
        data[row + i] = sum;
      } else for (let k = 0; k < nz; k++) data[row + k] = (data[row + k] ?? 0) + (values[base + k] ?? 0);
    }
  }
  return { width, height: ny, data };
}

/** Catmull-Rom interpolation onto the detector's grid, centred. */
function enlarge(plane: Plane, rows: number, columns: number, view: 'PA' | 'LL'): Plane {
  const out = new Float32Array(rows * columns);
  const shiftX = plane.width / 2 + (view === 'LL' ? -4 : 0);
  const shiftY = plane.height / 2;
  const at = (x: number, y: number) =>
    plane.data[
      Math.min(plane.height - 1, Math.max(0, y)) * plane.width + Math.min(plane.width - 1, Math.max(0, x))
    ] ?? 0;
  for (let r = 0; r < rows; r++) {
    const y = (r - rows / 2) * spacingMm + shiftY;
    const yi = Math.floor(y);
    const wy = weights(y - yi);
    for (let c = 0; c < columns; c++) {
      const x = (c - columns / 2) * spacingMm + shiftX;
      const xi = Math.floor(x);
      const wx = weights(x - xi);
      let sum = 0;
      for (let m = 0; m < 4; m++) {
        let line = 0;
        for (let n = 0; n < 4; n++) line += (wx[n] ?? 0) * at(xi + n - 1, yi + m - 1);
        sum += (wy[m] ?? 0) * line;
      }
      out[r * columns + c] = Math.max(0, sum);
    }
  }
  return { width: columns, height: rows, data: out };
}

function weights(t: number): [number, number, number, number] {
  return [
    ((-t + 2) * t - 1) * t * 0.5,
    ((3 * t - 5) * t * t + 2) * 0.5,
    ((-3 * t + 4) * t + 1) * t * 0.5,
    (t - 1) * t * t * 0.5,
  ];
}

/** Attenuation, scatter and quantum noise; returns the logarithm of the exposure, upside down (dense is high). */
function expose(path: Plane, seed: number): Plane {
  const { width, height, data } = path;
  const primary = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) primary[i] = Math.exp(-0.0195 * (data[i] ?? 0));
  const scatter = blur({ width, height, data: primary }, 60);
  const next = random(seed);
  const gauss = () => Math.sqrt(-2 * Math.log(next() + 1e-9)) * Math.cos(2 * Math.PI * next());
  const grain = new Float32Array(data.length);
  for (let i = 0; i < grain.length; i++) grain[i] = gauss();
  const soft = blur({ width, height, data: grain }, 1);
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const dose = (primary[i] ?? 0) * 0.88 + 0.12 * (scatter.data[i] ?? 0) + 0.0022;
    out[i] = -Math.log(dose) + ((soft.data[i] ?? 0) * 0.0028) / Math.sqrt(dose);
  }
  return { width, height, data: out };
}

/** What a digital system does before display: compress the wide range, lift the detail, apply a tone curve. */
function process(image: Plane): Plane {
  const { width, height, data } = image;
  const wide = blur(image, 70);
  const near = blur(image, 7);
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const value = data[i] ?? 0;
    const flat = value - 0.42 * ((wide.data[i] ?? 0) - 2.6) + 0.55 * (value - (near.data[i] ?? 0));
    // Air beside the body stays black.
    out[i] = value < 0.35 ? flat * (value / 0.35) : flat;
  }
  const inside = out.filter((_, i) => (data[i] ?? 0) > 0.8).sort();
  const low = inside[Math.floor(inside.length * 0.01)] ?? 0;
  const high = inside[Math.floor(inside.length * 0.985)] ?? 1;
  for (let i = 0; i < out.length; i++) {
    const t = ((out[i] ?? 0) - low) / (high - low);
    out[i] = t <= 0 ? 0.16 * Math.exp(3 * t) : tone(t);
  }
  return { width, height, data: out };
}

/** From 0.16 to 0.97: steep in the lungs, flat in the densest parts. */
const tone = (t: number) => 0.16 + 0.81 * (1 - (1 - Math.min(1.15, t) / 1.15) ** 1.75);

/** Three box blurs, nearly a Gaussian. */
function blur(plane: Plane, radius: number): Plane {
  let data = plane.data;
  for (let n = 0; n < 3; n++)
    data = boxRows(boxRows(data, plane.width, plane.height, radius), plane.height, plane.width, radius);
  return { ...plane, data };
}

/** Box blur along rows; the result is transposed. */
function boxRows(data: Float32Array, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(data.length);
  const size = 2 * radius + 1;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const at = (x: number) => data[row + Math.min(width - 1, Math.max(0, x))] ?? 0;
    let sum = 0;
    for (let x = -radius; x <= radius; x++) sum += at(x);
    for (let x = 0; x < width; x++) {
      out[x * height + y] = sum / size;
      sum += at(x + radius + 1) - at(x - radius);
    }
  }
  return out;
}

/** A lead letter L. */
function drawMarker(pixels: Uint16Array, columns: number, left: number, top: number): void {
  const [tall, wide, thick] = [58, 36, 11];
  for (let y = 0; y < tall; y++)
    for (let x = 0; x < wide; x++)
      if (x < thick || y >= tall - thick) {
        const at = (top + y) * columns + left + x;
        pixels[at] = Math.round(0.25 * (pixels[at] ?? 0) + 0.75 * 4060);
      }
}

/** The shutters' edge: black beyond it, softly. */
function collimate(pixels: Uint16Array, rows: number, columns: number, seed: number): void {
  const next = random(seed + 1);
  const [top, bottom, left, right] = [14 + 8 * next(), 10 + 6 * next(), 12 + 6 * next(), 9 + 6 * next()];
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) {
      const inside = Math.min(r - top, rows - 1 - r - bottom, c - left - r * 0.003, columns - 1 - c - right);
      const share = Math.min(1, Math.max(0, inside / 3));
      const at = r * columns + c;
      pixels[at] = Math.round((pixels[at] ?? 0) * share + (1 - share) * 45);
    }
}
