import type { Focus } from '../../preload/values.js';
import type { Encoding } from '../encode/index.js';

/** A grid of values as a Focus, its highest value 1. A grid of nothing is left out. */
function scaled(instance: string, values: number[]): Focus[] {
  const side = Math.sqrt(values.length);
  const top = Math.max(...values);
  if (!Number.isInteger(side) || !(top > 0)) return [];
  return [
    {
      instance,
      rows: side,
      columns: side,
      values: values.map((v) => Math.round((Math.max(0, v) / top) * 1000) / 1000),
    },
  ];
}

/** Where the evidence for findings lies, a grid a view: the strongest of them at each place. */
export function focusOf({ views, maps, findings }: Encoding, ids: string[]): Focus[] {
  return views.flatMap(({ instance }, v) => {
    const map = maps[v] ?? new Float32Array(0);
    const cells = map.length / Math.max(1, findings.length);
    const values = new Array<number>(cells).fill(0);
    for (const [f, { id }] of findings.entries()) {
      if (!ids.includes(id)) continue;
      for (let i = 0; i < cells; i++) values[i] = Math.max(values[i] ?? 0, map[f * cells + i] ?? 0);
    }
    return scaled(instance.uid, values);
  });
}

/** Where the decoder looked, from its attention over the patch tokens [N], view after view. */
export function lookOf({ views }: Encoding, look: Float32Array): Focus[] {
  const cells = look.length / Math.max(1, views.length);
  return views.flatMap(({ instance }, v) =>
    scaled(instance.uid, [...look.subarray(v * cells, (v + 1) * cells)]),
  );
}
