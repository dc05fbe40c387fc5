/* Text drawn into pictures as scanners and frame grabbers do it, in letters of our own: dots of 5 × 7, and strokes. */

/** Columns of each letter from left to right, the lowest bit on top. */
const dots: Readonly<Record<string, string>> = {
  '0': '3e5149453e',
  '1': '00427f4000',
  '2': '4261514946',
  '3': '2141454b31',
  '4': '1814127f10',
  '5': '2745454539',
  '6': '3c4a494930',
  '7': '0171090503',
  '8': '3649494936',
  '9': '064949291e',
  A: '7e1111117e',
  B: '7f49494936',
  C: '3e41414122',
  D: '7f4141221c',
  E: '7f49494941',
  F: '7f09090901',
  G: '3e4149497a',
  H: '7f0808087f',
  I: '00417f4100',
  J: '2040413f01',
  K: '7f08142241',
  L: '7f40404040',
  M: '7f020c027f',
  N: '7f0408107f',
  O: '3e4141413e',
  P: '7f09090906',
  Q: '3e4151215e',
  R: '7f09192946',
  S: '4649494931',
  T: '01017f0101',
  U: '3f4040403f',
  V: '1f2040201f',
  W: '3f4038403f',
  X: '6314081463',
  Y: '0708700807',
  Z: '6151494543',
  '-': '0808080808',
  '.': '0060600000',
  ':': '0036360000',
  '/': '2010080402',
  '^': '0402010204',
};

/** Lines of each letter on a grid of 4 × 6, `|` between lines: `0608 …` are the points x y. */
const strokes: Readonly<Record<string, string>> = {
  '0': '10 30 41 45 36 16 05 01 10',
  '1': '11 20 26|16 36',
  '2': '01 10 30 41 42 06 46',
  '3': '00 40 23 33 44 45 36 16 05',
  '4': '36 30 04 44',
  '5': '40 00 03 33 44 45 36 06',
  '6': '40 10 02 05 16 36 45 44 33 03',
  '7': '00 40 16',
  '8': '13 02 01 10 30 41 42 33 13 04 05 16 36 45 44 33',
  '9': '43 13 02 01 10 30 41 44 26 06',
  A: '06 20 46|14 34',
  B: '06 00 30 41 42 33 03|33 44 45 36 06',
  C: '41 30 10 01 05 16 36 45',
  D: '06 00 20 42 44 26 06',
  E: '40 00 06 46|03 33',
  F: '40 00 06|03 33',
  G: '41 30 10 01 05 16 36 45 43 23',
  H: '00 06|40 46|03 43',
  I: '10 30|20 26|16 36',
  J: '40 45 36 16 05',
  K: '00 06|40 03 46',
  L: '00 06 46',
  M: '06 00 23 40 46',
  N: '06 00 46 40',
  O: '10 30 41 45 36 16 05 01 10',
  P: '06 00 30 41 42 33 03',
  Q: '10 30 41 45 36 16 05 01 10|24 46',
  R: '06 00 30 41 42 33 03|23 46',
  S: '41 30 10 01 02 13 33 44 45 36 16 05',
  T: '00 40|20 26',
  U: '00 05 16 36 45 40',
  V: '00 26 40',
  W: '00 16 23 36 40',
  X: '00 46|40 06',
  Y: '00 23 40|23 26',
  Z: '00 40 06 46',
  '-': '13 33',
  '.': '25 26',
  ':': '21 22|25 26',
  '/': '06 40',
  '^': '12 20 32',
};

export type Face = 'dots' | 'thin' | 'bold' | 'slanted' | 'narrow';
export const faces: readonly Face[] = ['dots', 'thin', 'bold', 'slanted', 'narrow'];

export interface Drawing {
  face: Face;
  /** Of the capital letters, in pixels. */
  height: number;
  /** Top left corner. */
  x: number;
  y: number;
  /** 0 to 255. */
  grey: number;
}

/** Width that a text takes, in pixels. */
export function textWidth(text: string, face: Face, height: number): number {
  return text.length * advance(face, height);
}

const advance = (face: Face, height: number) =>
  face === 'dots' ? Math.max(1, Math.round(height / 7)) * 6 : height * (face === 'narrow' ? 0.62 : 0.95);

/** Draws a line of capital letters, digits and `-.:/^` into 8-bit grey pixels, in place. */
export function drawText(
  image: { rows: number; columns: number; data: Uint8Array },
  text: string,
  { face, height, x, y, grey }: Drawing,
): void {
  const step = advance(face, height);
  [...text.toUpperCase()].forEach((letter, at) => {
    const left = x + at * step;
    if (face === 'dots') drawDots(image, dots[letter], left, y, Math.max(1, Math.round(height / 7)), grey);
    else drawStrokes(image, strokes[letter], left, y, height, face, grey);
  });
}

function put(
  { rows, columns, data }: { rows: number; columns: number; data: Uint8Array },
  x: number,
  y: number,
  grey: number,
  share: number,
): void {
  if (x < 0 || y < 0 || x >= columns || y >= rows || share <= 0) return;
  const at = y * columns + x;
  data[at] = Math.round((data[at] ?? 0) * (1 - share) + grey * share);
}

function drawDots(
  image: { rows: number; columns: number; data: Uint8Array },
  letter: string | undefined,
  x: number,
  y: number,
  scale: number,
  grey: number,
): void {
  for (let column = 0; column < 5; column++) {
    const bits = Number.parseInt(letter?.slice(2 * column, 2 * column + 2) ?? '0', 16);
    for (let row = 0; row < 7; row++)
      if ((bits >> row) & 1)
        for (let dy = 0; dy < scale; dy++)
          for (let dx = 0; dx < scale; dx++)
            put(image, Math.round(x) + column * scale + dx, Math.round(y) + row * scale + dy, grey, 1);
  }
}

function drawStrokes(
  image: { rows: number; columns: number; data: Uint8Array },
  letter: string | undefined,
  x: number,
  y: number,
  height: number,
  face: Face,
  grey: number,
): void {
  if (!letter) return;
  const half = Math.max(0.55, height * (face === 'bold' ? 0.09 : 0.05));
  const wide = (face === 'narrow' ? 0.42 : 0.64) * height;
  const lines = letter.split('|').map((line) =>
    line.split(' ').map((point) => {
      const down = (Number(point[1]) / 6) * height;
      const lean = face === 'slanted' ? (height - down) * 0.22 : 0;
      return [x + (Number(point[0]) / 4) * wide + lean, y + down] as const;
    }),
  );
  const reach = Math.ceil(half + 1);
  for (let py = Math.floor(y) - reach; py <= y + height + reach; py++)
    for (let px = Math.floor(x) - reach; px <= x + height + reach; px++) {
      let nearest = Number.POSITIVE_INFINITY;
      for (const line of lines)
        for (let i = 0; i + 1 < line.length; i++)
          nearest = Math.min(nearest, distance(px, py, line[i] ?? [0, 0], line[i + 1] ?? [0, 0]));
      put(image, px, py, grey, Math.min(1, Math.max(0, half + 0.5 - nearest)));
    }
}

function distance(
  x: number,
  y: number,
  [ax, ay]: readonly [number, number],
  [bx, by]: readonly [number, number],
): number {
  const length = (bx - ax) ** 2 + (by - ay) ** 2;
  const t =
    length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
  return Math.hypot(x - (ax + t * (bx - ax)), y - (ay + t * (by - ay)));
}
