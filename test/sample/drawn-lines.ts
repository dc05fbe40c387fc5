/* Lines of text as overlays bear them, drawn into grey images for measurements: faces of npm and our own, turned, outlined, shadowed, on bars. */
import { readFile } from 'node:fs/promises';
import opentype from 'opentype.js';
import sharp from 'sharp';
import { drawText, faces as ownFaces, textWidth } from './burned-in-text.js';

export interface Grey {
  rows: number;
  columns: number;
  data: Uint8Array<ArrayBuffer>;
}

export interface Rectangle {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** A line that was drawn. */
export interface DrawnLine {
  /** Around its ink. */
  place: Rectangle;
  /** Places of its ink in the image. */
  ink: number[];
  face: string;
  /** Of its capitals, in pixels. */
  height: number;
  /** Difference to its ground, of 255. */
  step: number;
  /** Quarter turns against the clock. */
  turn: number;
  letters: number;
  dress: 'plain' | 'outline' | 'shadow' | 'bar';
}

/** None of these are what the network learnt from. */
const npmFaces = {
  handwritten: 'caveat/files/caveat-latin-600-normal.woff',
  terminal: 'vt323/files/vt323-latin-400-normal.woff',
  typewriter: 'courier-prime/files/courier-prime-latin-400-normal.woff',
  serif: 'lora/files/lora-latin-500-normal.woff',
  condensed: 'roboto-condensed/files/roboto-condensed-latin-400-normal.woff',
  'condensed bold': 'roboto-condensed/files/roboto-condensed-latin-700-normal.woff',
} as const;
type NpmFace = keyof typeof npmFaces;
const npmNames = Object.keys(npmFaces) as NpmFace[];
const opened = new Map<NpmFace, Promise<ReturnType<typeof opentype.parse>>>();

function fontOf(face: NpmFace) {
  const font =
    opened.get(face) ??
    readFile(new URL(`../../node_modules/@fontsource/${npmFaces[face]}`, import.meta.url)).then((bytes) =>
      opentype.parse(Uint8Array.from(bytes).buffer),
    );
  opened.set(face, font);
  return font;
}

/** The share of ink of each pixel, 0 to 1. */
interface Stamp {
  rows: number;
  columns: number;
  ink: Float32Array;
}

async function npmStamp(text: string, face: NpmFace, height: number, crisp: boolean): Promise<Stamp> {
  const font = await fontOf(face);
  const capital = font.charToGlyph('H').getPath(0, 0, 100).getBoundingBox();
  const size = (100 * height) / (capital.y2 - capital.y1);
  let x = 0;
  // Glyph by glyph: ligatures and the like are not for overlays.
  const paths = [...text].map((letter) => {
    const glyph = font.charToGlyph(letter);
    const path = glyph.getPath(x, 0, size);
    x += (glyph.advanceWidth / font.unitsPerEm) * size;
    return path;
  });
  const boxes = paths.map((path) => path.getBoundingBox()).filter(({ x1, x2 }) => x2 > x1);
  const x1 = Math.min(...boxes.map((box) => box.x1));
  const y1 = Math.min(...boxes.map((box) => box.y1));
  const columns = Math.ceil(Math.max(...boxes.map((box) => box.x2)) - x1) + 4;
  const rows = Math.ceil(Math.max(...boxes.map((box) => box.y2)) - y1) + 4;
  const outline = paths.map((path) => path.toPathData(2)).join('');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${columns}" height="${rows}"><rect width="100%" height="100%" fill="#000"/><path transform="translate(${2 - x1} ${2 - y1})" d="${outline}" fill="#fff"/></svg>`;
  const { data, info } = await sharp(Buffer.from(svg)).raw().toBuffer({ resolveWithObject: true });
  const ink = Float32Array.from({ length: rows * columns }, (_, i) => {
    const share = (data[i * info.channels] ?? 0) / 255;
    return crisp ? Number(share > 0.45) : share;
  });
  return { rows, columns, ink };
}

function ownStamp(text: string, face: (typeof ownFaces)[number], height: number): Stamp {
  const rows = Math.ceil(height) + 6;
  const columns = Math.ceil(textWidth(text, face, height) + 0.3 * height) + 6;
  const data = new Uint8Array(rows * columns);
  drawText({ rows, columns, data }, text, { face, height, x: 3, y: 3, grey: 255 });
  return { rows, columns, ink: Float32Array.from(data, (value) => value / 255) };
}

function turned(stamp: Stamp, quarters: number): Stamp {
  let { rows, columns, ink } = stamp;
  for (let turn = 0; turn < quarters; turn++) {
    const next = new Float32Array(ink.length);
    for (let y = 0; y < rows; y++)
      for (let x = 0; x < columns; x++) next[(columns - 1 - x) * rows + y] = ink[y * columns + x] ?? 0;
    [rows, columns, ink] = [columns, rows, next];
  }
  return { rows, columns, ink };
}

const surnames =
  'MUELLER JOHNSON FERNANDEZ ADEYEMI TRAN SUZUKI NOWAK BIANCHI LINDQVIST MURPHY SHARMA WEBER'.split(' ');
const given = 'EMILY ROBERT LUCIA WEI HANNAH SIMON AKIRA LEILA VERA MATS'.split(' ');

/** Names, numbers and days; `short`: initials and ages, two or three letters. */
export function words(next: () => number, short: boolean): string {
  const pick = (list: readonly string[]) => list[Math.floor(next() * list.length)] ?? '';
  const digits = (n: number) => Array.from({ length: n }, () => Math.floor(next() * 10)).join('');
  const letters = (n: number) =>
    Array.from({ length: n }, () => String.fromCharCode(65 + Math.floor(next() * 26))).join('');
  const forms = short
    ? [() => letters(2), () => letters(3), () => `${digits(2)}Y`, () => digits(3), () => `${digits(2)}`]
    : [
        () => `${pick(surnames)}^${pick(given)}`,
        () => `${pick(surnames)} ${pick(given)}`,
        () => `ID ${digits(8)}`,
        () => digits(7),
        () => `19${digits(2)}-0${digits(1)}-1${digits(1)}`,
        () => `${digits(2)}/${digits(2)}/20${digits(2)} ${digits(2)}:${digits(2)}`,
        () => `ACC ${digits(6)} ${pick(surnames)}`,
        () => `${pick(given)} ${letters(1)}. ${pick(surnames)}`,
      ];
  return (forms[Math.floor(next() * forms.length)] ?? forms[0])?.() ?? '';
}

const between = (next: () => number, low: number, high: number) => low + next() * (high - low);

/**
 * Draws one line where it fits, half of them along an edge, and codes half of the images as JPEG.
 * @param options `text`: this one and no other; `leastHeight`, `mostHeight` of capitals, in pixels
 */
export async function withLine(
  image: Grey,
  next: () => number,
  options: { text?: string; leastHeight?: number; mostHeight?: number } = {},
): Promise<{ image: Grey; line: DrawnLine }> {
  const { leastHeight = 6, mostHeight = 40 } = options;
  const short = next() < 0.25;
  const text = options.text ?? words(next, short);
  const turn = [0, 0, 0, 0, 0, 0, 1, 1, 2, 3][Math.floor(next() * 10)] ?? 0;
  const along = turn % 2 === 0 ? image.columns : image.rows;
  const most = Math.max(leastHeight, Math.min(mostHeight, along / 9, (0.9 * along) / text.length / 0.95));
  const asked = leastHeight + next() ** 2 * (most - leastHeight);
  const npm = next() < 0.65;
  const npmFace = npmNames[Math.floor(next() * npmNames.length)] ?? 'serif';
  const ownFace = ownFaces[Math.floor(next() * ownFaces.length)] ?? 'dots';
  const face = npm ? npmFace : ownFace;
  const height = face === 'dots' ? Math.max(7, 7 * Math.round(asked / 7)) : asked;
  const lower = next() < 0.25;
  const crisp = next() < 0.3;
  const stamp = turned(
    npm
      ? await npmStamp(lower ? text.toLowerCase() : text, npmFace, height, crisp)
      : ownStamp(text, ownFace, height),
    turn,
  );
  const room = { x: Math.max(0, image.columns - stamp.columns), y: Math.max(0, image.rows - stamp.rows) };
  const edge = next() < 0.5;
  const far = next() < 0.5;
  const x = Math.round(edge && turn % 2 === 1 ? (far ? room.x : 0) : next() * room.x);
  const y = Math.round(edge && turn % 2 === 0 ? (far ? room.y : 0) : next() * room.y);
  const dressed = next();
  const dress = dressed < 0.1 ? 'outline' : dressed < 0.2 ? 'shadow' : dressed < 0.3 ? 'bar' : 'plain';
  const target: Grey = { ...image, data: Uint8Array.from(image.data) };
  let ground = meanOf(target, x, y, stamp);
  if (dress === 'bar') {
    const bar = next() < 0.7 ? 0 : 255;
    paint(target, x, y, { ...stamp, ink: new Float32Array(stamp.ink.length).fill(1) }, bar);
    ground = bar;
  }
  // Full white or black as most overlays are, or a step of grey that a reader still sees.
  const bright = ground < 150;
  const full = next() < 0.55;
  const faint = between(next, 60, 140);
  const value = Math.round(
    Math.max(0, Math.min(255, full ? (bright ? 255 : 0) : bright ? ground + faint : ground - faint)),
  );
  const contrary = bright ? 0 : 255;
  if (dress === 'outline')
    for (const [dx, dy] of [
      [-1, 0],
      [1, 0],
      [0, -1],
      [0, 1],
    ] as const)
      paint(target, x + dx, y + dy, stamp, contrary);
  if (dress === 'shadow') paint(target, x + 1, y + 1, stamp, contrary);
  const ink = paint(target, x, y, stamp, value);
  const place = { left: image.columns, top: image.rows, right: 0, bottom: 0 };
  for (const at of ink) {
    const px = at % image.columns;
    const py = (at - px) / image.columns;
    place.left = Math.min(place.left, px);
    place.right = Math.max(place.right, px + 1);
    place.top = Math.min(place.top, py);
    place.bottom = Math.max(place.bottom, py + 1);
  }
  const coded = next() < 0.5 ? await jpeg(target, 65 + Math.floor(next() * 30)) : target;
  return {
    image: coded,
    line: { place, ink, face, height, step: Math.abs(value - ground), turn, letters: text.length, dress },
  };
}

function meanOf({ rows, columns, data }: Grey, x: number, y: number, stamp: Stamp): number {
  let sum = 0;
  let pixels = 0;
  for (let py = y; py < Math.min(rows, y + stamp.rows); py++)
    for (let px = x; px < Math.min(columns, x + stamp.columns); px++) {
      sum += data[py * columns + px] ?? 0;
      pixels++;
    }
  return sum / Math.max(1, pixels);
}

/** @returns the pixels that are at least half ink */
function paint({ rows, columns, data }: Grey, x: number, y: number, stamp: Stamp, value: number): number[] {
  const inked: number[] = [];
  for (let sy = 0; sy < stamp.rows; sy++)
    for (let sx = 0; sx < stamp.columns; sx++) {
      const share = stamp.ink[sy * stamp.columns + sx] ?? 0;
      const [px, py] = [x + sx, y + sy];
      if (share === 0 || px < 0 || py < 0 || px >= columns || py >= rows) continue;
      const at = py * columns + px;
      data[at] = Math.round((data[at] ?? 0) * (1 - share) + value * share);
      if (share >= 0.5) inked.push(at);
    }
  return inked;
}

/** The first channel of a picture. */
export async function greyOf(file: string | Uint8Array): Promise<Grey> {
  const { data, info } = await sharp(file).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return {
    rows: info.height,
    columns: info.width,
    data: Uint8Array.from({ length: info.width * info.height }, (_, i) => data[i * info.channels] ?? 0),
  };
}

async function jpeg({ rows, columns, data }: Grey, quality: number): Promise<Grey> {
  return greyOf(
    await sharp(data, { raw: { width: columns, height: rows, channels: 1 } })
      .jpeg({ quality })
      .toBuffer(),
  );
}
