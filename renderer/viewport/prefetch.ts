import { cache, Enums } from '@cornerstonejs/core';
import { holdImage } from './held-image.js';

/** How many slices on either side are fetched ahead. */
const reach = 24;

/** The slices to fetch ahead of `at`, nearest first. */
export function neighbours(at: number, length: number): number[] {
  const order: number[] = [];
  for (let distance = 1; distance <= reach; distance++)
    for (const index of [at + distance, at - distance]) if (index >= 0 && index < length) order.push(index);
  return order;
}

/** Fetches the neighbours of a slice one by one at low priority until `signal` says stop. A failure is left to be told when the slice is shown. */
export async function prefetch(imageIds: string[], at: number, signal: AbortSignal): Promise<void> {
  for (const index of neighbours(at, imageIds.length)) {
    if (signal.aborted) return;
    const imageId = imageIds[index];
    if (imageId === undefined || cache.isLoaded(imageId)) continue;
    await holdImage(imageId, Enums.RequestType.Prefetch).catch(() => undefined);
  }
}
