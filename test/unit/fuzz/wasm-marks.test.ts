import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromRoot } from '../../../.ci/root.js';
import { marksName, withMarks } from '../../fuzz/wasm-marks.js';

/** f(x) = x ? 7 : the global, which is 100. */
const choice = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 6, 1, 0x60, 1, 0x7f, 1, 0x7f],
  ...[3, 2, 1, 0],
  ...[6, 7, 1, 0x7f, 0, 0x41, 0xe4, 0, 0x0b],
  ...[7, 5, 1, 1, 0x66, 0, 0],
  ...[0x0a, 14, 1, 12, 0, 0x20, 0, 0x04, 0x7f, 0x41, 7, 0x05, 0x23, 0, 0x0b, 0x0b],
]);

describe('withMarks', () => {
  it('leaves what a module does as it is, and marks where it went', () => {
    const { bytes, globals } = withMarks(choice);
    expect(globals).toBe(1);
    const marked = (x: number): [result: unknown, marks: unknown] => {
      const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
      const marks = exports[`${marksName}0`];
      if (typeof exports.f !== 'function' || !(marks instanceof WebAssembly.Global)) throw new Error('lost');
      return [exports.f(x), marks.value];
    };
    // Start, `if`, `else`, behind its end.
    expect(marked(1)).toEqual([7, 0b1011n]);
    expect(marked(0)).toEqual([100, 0b1101n]);
  });

  it('refuses an operation that it does not know', () => {
    const strange = Uint8Array.from(choice);
    strange[strange.length - 2] = 0x27;
    expect(() => withMarks(strange)).toThrow('not known');
  });

  it.each([
    'codec-charls/dist/charlswasm_decode',
    'codec-libjpeg-turbo-8bit/dist/libjpegturbowasm_decode',
    'codec-openjpeg/dist/openjpegwasm_decode',
    'codec-openjph/dist/openjphjs',
  ])('marks %s', (name) => {
    const { bytes, globals } = withMarks(readFileSync(fromRoot(`node_modules/@cornerstonejs/${name}.wasm`)));
    expect(WebAssembly.validate(Uint8Array.from(bytes))).toBe(true);
    expect(64 * globals).toBeGreaterThan(5000);
  });
});
