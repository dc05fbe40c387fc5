import { describe, expect, it } from 'vitest';
import { FrameCache } from '../../../main/frame-cache.js';
import type { Frame, Instance } from '../../../preload/values.js';

const instance = (uid: string): Instance => ({
  uid,
  file: `${uid}.dcm`,
  rows: 1,
  columns: 1,
  frames: 1,
  imageType: [],
  view: 'unknown',
  hasPixels: true,
});

const frame = (bytes: number): Frame => ({
  rows: 1,
  columns: bytes,
  kind: 'grey',
  type: 'uint8',
  min: 0,
  max: 255,
  window: { center: 128, width: 256 },
  invert: false,
  data: new Uint8Array(bytes),
});

const megabytes = (n: number) => n * 1024 * 1024;

describe('FrameCache', () => {
  it('decodes once what two ask for at once, and what is asked for again', async () => {
    let decoded = 0;
    const cache = new FrameCache(async () => {
      decoded += 1;
      return frame(8);
    });
    const [a, b] = await Promise.all([cache.get(instance('a'), 0), cache.get(instance('a'), 0)]);
    expect(a).toBe(b);
    expect(await cache.get(instance('a'), 0)).toBe(a);
    expect(decoded).toBe(1);
    await cache.get(instance('a'), 1);
    expect(decoded).toBe(2);
  });

  it('keeps no failure', async () => {
    let tries = 0;
    const cache = new FrameCache(async () => {
      tries += 1;
      if (tries === 1) throw new Error('once');
      return frame(8);
    });
    await expect(cache.get(instance('a'), 0)).rejects.toThrow('once');
    expect(cache.known(instance('a'), 0)).toBeUndefined();
    await expect(cache.get(instance('a'), 0)).resolves.toBeDefined();
  });

  it('drops what was used longest ago when it is full', async () => {
    const cache = new FrameCache(async () => frame(megabytes(40)));
    await cache.get(instance('a'), 0);
    await cache.get(instance('b'), 0);
    await cache.get(instance('a'), 0);
    await cache.get(instance('c'), 0);
    expect(cache.known(instance('b'), 0)).toBeUndefined();
    expect(cache.known(instance('a'), 0)).toBeDefined();
    expect(cache.known(instance('c'), 0)).toBeDefined();
  });

  it('keeps the frame in hand even when it alone is larger than the cache', async () => {
    const cache = new FrameCache(async () => frame(megabytes(120)));
    await cache.get(instance('a'), 0);
    expect(cache.known(instance('a'), 0)).toBeDefined();
  });
});
