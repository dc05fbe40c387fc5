import type { PackManifest } from './manifest.js';

/**
 * The pixel part of the domain gate for one view: its logit against other pictures, and the distance of its features [G] from
 * the training images, which also rejects what no other picture was like.
 */
export function passesGate({ gate }: PackManifest, logit: number, features: Float32Array): boolean {
  if (!(logit > gate.threshold)) return false;
  if (!gate.distance) return true;
  const { mean, precision, limit } = gate.distance;
  const squared = mean.reduce((sum, m, i) => sum + (precision[i] ?? 0) * ((features[i] ?? 0) - m) ** 2, 0);
  return Math.sqrt(squared) <= limit;
}
