import { expect, it } from 'vitest';
import { passesGate } from '../../../main/encode/gate.js';
import { manifest } from './manifest.js';

const gated = {
  ...manifest(),
  gate: { threshold: 0, distance: { mean: [1, 2], precision: [1, 0.25], limit: 2 } },
};

it('passes a view with a high logit near the training images', () => {
  expect(passesGate(gated, 3, Float32Array.of(1, 2))).toBe(true);
  expect(passesGate(gated, 3, Float32Array.of(2, 4))).toBe(true);
});

it('rejects a low logit, and what is far from the training images whatever its logit', () => {
  expect(passesGate(gated, -1, Float32Array.of(1, 2))).toBe(false);
  expect(passesGate(gated, 99, Float32Array.of(4, 2))).toBe(false);
  expect(passesGate(gated, Number.NaN, Float32Array.of(1, 2))).toBe(false);
});

it('asks the logit alone where the pack has no distance', () => {
  expect(passesGate(manifest(), 1, Float32Array.of(99))).toBe(true);
});
