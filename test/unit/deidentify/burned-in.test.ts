import { describe, expect, it } from 'vitest';
import { boxesIn } from '../../../main/deidentify/burned-in/inspect.js';
import { textMap } from '../../../main/deidentify/burned-in/network.js';
import { compact, regionsOf } from '../../../main/deidentify/burned-in/regions.js';
import { wordsAmong } from '../../../main/deidentify/deidentify-files.js';
import { drawText, type Face } from '../../sample/burned-in-text.js';

interface Grey {
  rows: number;
  columns: number;
  data: Uint8Array<ArrayBuffer>;
}

/** A soft shape with some grain, on black. */
function body(rows: number, columns: number): Grey {
  const data = new Uint8Array(rows * columns);
  let state = 7;
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      state = (state * 1103515245 + 12345) % 2147483648;
      const away = ((x / columns - 0.5) / 0.35) ** 2 + ((y / rows - 0.5) / 0.42) ** 2;
      data[y * columns + x] = Math.round(130 * Math.exp(-(away ** 2)) + ((state >> 16) % 12));
    }
  return { rows, columns, data };
}

const turned = ({ rows, columns, data }: Grey): Grey => ({
  rows: columns,
  columns: rows,
  data: Uint8Array.from(
    data,
    (_, at) => data[(at % rows) * columns + (columns - 1 - Math.floor(at / rows))] ?? 0,
  ),
});

const found = (image: Grey, modality = 'DX') => wordsAmong(boxesIn({ ...image, factor: 1 }, modality));

/** The share of the pixels that a line changed which its boxes cover. */
function covered(plain: Grey, written: Grey, modality = 'DX'): number {
  const boxes = found(written, modality);
  const ink = [...written.data.keys()].filter((at) => written.data[at] !== plain.data[at]);
  const hit = ink.filter((at) => {
    const [x, y] = [at % written.columns, Math.floor(at / written.columns)];
    return boxes.some(({ left, top, right, bottom }) => x >= left && x < right && y >= top && y < bottom);
  });
  return hit.length / ink.length;
}

function written(text: string, face: Face, height: number, { rows, columns, data } = body(400, 400)): Grey {
  const image = { rows, columns, data: Uint8Array.from(data) };
  drawText(image, text, { face, height, x: 20, y: 16, grey: 255 });
  return image;
}

describe('text that is burned in', () => {
  it.each([
    ['NOVAK^EVA 04711', 'bold', 18],
    ['1961-04-12', 'thin', 12],
    ['ACC 338121', 'dots', 7],
  ] as const)('%s (%s, %i pixels) is covered whole, whichever way it runs', (text, face, height) => {
    let plain = body(400, 400);
    let image = written(text, face, height);
    for (let quarters = 0; quarters < 4; quarters++) {
      expect(covered(plain, image)).toBeGreaterThan(0.98);
      plain = turned(plain);
      image = turned(image);
    }
  });

  it('is found where it is short, dark, and in slices', () => {
    expect(covered(body(400, 400), written('JD', 'bold', 20))).toBeGreaterThan(0.98);
    expect(covered(body(400, 400), written('NOVAK EVA', 'narrow', 11), 'CT')).toBeGreaterThan(0.98);
    const inverted = ({ data, ...size }: Grey) => ({ ...size, data: data.map((value) => 255 - value) });
    expect(covered(inverted(body(400, 400)), inverted(written('NOVAK EVA', 'bold', 14)))).toBeGreaterThan(
      0.98,
    );
  });

  it('is found in large images, and in those that are smaller than a line is long', () => {
    expect(covered(body(1200, 1000), written('NOVAK^EVA', 'bold', 40, body(1200, 1000)))).toBeGreaterThan(
      0.98,
    );
    expect(covered(body(64, 160), written('NOVAK', 'bold', 14, body(64, 160)))).toBeGreaterThan(0.9);
  });

  it('is no letter alone, as side markers are, and none where nothing is written', () => {
    expect(found(written('L', 'bold', 20))).toEqual([]);
    expect(found(written('R', 'bold', 20))).toEqual([]);
    expect(found(body(400, 400))).toEqual([]);
    expect(found(body(7, 5))).toEqual([]);
    expect(found({ rows: 1, columns: 1, data: new Uint8Array(1) })).toEqual([]);
  });
});

it('cells of the map are four pixels a side, those cut off at the edges among them', () => {
  const { rows, columns, likelihoods } = textMap(body(37, 50));
  expect([rows, columns, likelihoods.length]).toEqual([10, 13, 130]);
  for (const one of likelihoods) expect(one >= 0 && one <= 1).toBe(true);
});

it('a patch that is bent comes in parts, none of them the rectangle around it', () => {
  const [rows, columns] = [20, 20];
  const likelihoods = new Float32Array(rows * columns);
  for (let i = 0; i < 20; i++) {
    likelihoods[i] = 1;
    likelihoods[i * columns] = 1;
  }
  const [region, ...others] = regionsOf({ rows, columns, likelihoods }, 0.5);
  expect(others).toEqual([]);
  const parts = region ? compact(region, columns) : [];
  const area = parts.reduce((sum, one) => sum + (one.right - one.left) * (one.bottom - one.top), 0);
  expect(area).toBeLessThan(90);
  expect(parts.flatMap(({ cells }) => cells).sort((a, b) => a - b)).toEqual(
    region?.cells.sort((a, b) => a - b),
  );
});
