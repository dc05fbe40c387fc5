/** The pixel part of the domain gate: a logit of the graph, and how far the features lie from the training images. */
import type { Pack } from './pack.js';

/** Whether one view passes. `logit` from the graph; `features` [G]. */
export type Gate = (logit: number, features: Float32Array) => boolean;

export async function openGate(pack: Pack): Promise<Gate> {
  const { threshold } = pack.manifest.gate;
  return (logit) => logit > threshold;
}
