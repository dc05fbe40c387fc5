import { cache, Enums } from '@cornerstonejs/core';
import { holdImage } from './held-image.js';
import { neighbours } from './neighbours.js';

/** Fetches the neighbours of a slice one by one at low priority until `signal` says stop. A failure is left to be told when the slice is shown. */
export async function prefetch(imageIds: string[], at: number, signal: AbortSignal): Promise<void> {
  for (const index of neighbours(at, imageIds.length)) {
    if (signal.aborted) return;
    const imageId = imageIds[index];
    if (imageId === undefined || cache.isLoaded(imageId)) continue;
    await holdImage(imageId, Enums.RequestType.Prefetch).catch(() => undefined);
  }
}
