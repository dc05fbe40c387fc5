import { cache, Enums, type Types } from '@cornerstonejs/core';
import { loadFrame } from './image-loader.js';

const coming = new Map<string, Promise<Types.IImage>>();

/**
 * The image from Cornerstone's cache, else loaded and put there; two requests for one image share one fetch. Loaded
 * here and not by Cornerstone's own cache, because that leaves a failed load as an unhandled rejection.
 */
export function holdImage(
  imageId: string,
  requestType: Enums.RequestType = Enums.RequestType.Interaction,
): Promise<Types.IImage> {
  if (cache.isLoaded(imageId)) {
    const held = cache.getImage(imageId);
    if (held) return Promise.resolve(held);
  }
  const running = coming.get(imageId);
  if (running) return running;
  const load = loadFrame(imageId, { requestType })
    .promise.then((image) => {
      if (!cache.getImageLoadObject(imageId)) cache.putImageSync(imageId, image);
      return image;
    })
    .finally(() => coming.delete(imageId));
  coming.set(imageId, load);
  return load;
}
