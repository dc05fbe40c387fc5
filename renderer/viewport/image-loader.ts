import { Enums, type Types, utilities } from '@cornerstonejs/core';
import { CallError } from '../../preload/calls.js';
import type { Frame, FrameHeader } from '../../preload/values.js';
import { readFrame } from './frame.js';
import type { Slice, Stack } from './hangings.js';

interface Known {
  slice: Slice;
  stack: Stack;
  header?: FrameHeader;
}

/** What Cornerstone may ask about an image: filled when a stack is hung, completed when its frame has come. */
const known = new Map<string, Known>();

/** Makes the images of a stack known to Cornerstone. Must be called before the first of them is loaded. */
export function introduce(stack: Stack): void {
  for (const slice of stack.slices) {
    const before = known.get(slice.imageId);
    known.set(slice.imageId, { slice, stack, ...(before?.header && { header: before.header }) });
  }
}

/** The header of a frame that was loaded. */
export const headerOf = (imageId: string): FrameHeader | undefined => known.get(imageId)?.header;

export const sliceOf = (imageId: string): Slice | undefined => known.get(imageId)?.slice;

async function fetchFrame(imageId: string, priority: 'high' | 'low', signal: AbortSignal): Promise<Frame> {
  const response = await fetch(imageId, { priority, signal });
  if (!response.ok) {
    const refusal = CallError.safeParse(await response.json().catch(() => undefined));
    throw refusal.success ? refusal.data : new Error('The image could not be read.');
  }
  return readFrame(await response.arrayBuffer());
}

/** The frame as Cornerstone's image. The values are already in their own units, so slope 1 and intercept 0. */
function toImage(imageId: string, frame: Frame): Types.IImage {
  const { rows, columns, data } = frame;
  const rgb = frame.kind === 'rgb';
  const numberOfComponents = rgb ? 3 : 1;
  const [rowPixelSpacing, columnPixelSpacing] = frame.spacingMm ?? [1, 1];
  const voxelManager = utilities.VoxelManager.createImageVoxelManager({
    width: columns,
    height: rows,
    scalarData: data,
    numberOfComponents,
  });
  // Known from the header; without it the window tool looks through all values at every move of the mouse.
  voxelManager.getRange = () => (rgb ? [0, 255] : [frame.min, frame.max]);
  return {
    imageId,
    minPixelValue: rgb ? 0 : frame.min,
    maxPixelValue: rgb ? 255 : frame.max,
    slope: 1,
    intercept: 0,
    windowCenter: rgb ? 128 : frame.window.center,
    windowWidth: rgb ? 256 : frame.window.width,
    voiLUTFunction: Enums.VOILUTFunctionType.LINEAR,
    getPixelData: () => data,
    // Cornerstone asks for a ready canvas of a colour image and paints the values itself where there is none.
    getCanvas: undefined as never,
    rows,
    columns,
    height: rows,
    width: columns,
    color: rgb,
    rgba: false,
    numberOfComponents,
    columnPixelSpacing,
    rowPixelSpacing,
    invert: frame.invert,
    photometricInterpretation: rgb ? 'RGB' : frame.invert ? 'MONOCHROME1' : 'MONOCHROME2',
    sizeInBytes: data.byteLength,
    dataType: data.constructor.name as Types.PixelDataTypedArrayString,
    voxelManager,
  };
}

/** Cornerstone's image loader for `wetread://frame/…`; a request in `prefetch` goes at low priority. */
export function loadFrame(
  imageId: string,
  options?: Record<string, unknown>,
): { promise: Promise<Types.IImage>; cancelFn: () => void } {
  const abort = new AbortController();
  const priority = options?.requestType === Enums.RequestType.Prefetch ? 'low' : 'high';
  const promise = fetchFrame(imageId, priority, abort.signal).then((frame) => {
    const { data: _, ...header } = frame;
    const entry = known.get(imageId);
    if (entry) entry.header = header;
    return toImage(imageId, frame);
  });
  return { promise, cancelFn: () => abort.abort() };
}

const bits = { uint8: 8, int16: 16, uint16: 16, float32: 32 };

/**
 * Answers Cornerstone's questions about an image. The plane is the image's own (rows along y, columns along x, from
 * the origin): stacks are shown and measured in their plane, never reformatted.
 */
export function frameMetadata(type: string, imageId: string): unknown {
  const entry = known.get(imageId);
  if (!entry) return undefined;
  const { slice, stack, header } = entry;
  switch (type) {
    case Enums.MetadataModules.IMAGE_PIXEL:
      return {
        samplesPerPixel: header?.kind === 'rgb' ? 3 : 1,
        photometricInterpretation:
          header?.kind === 'rgb' ? 'RGB' : header?.invert ? 'MONOCHROME1' : 'MONOCHROME2',
        bitsAllocated: bits[header?.type ?? 'uint16'],
        bitsStored: bits[header?.type ?? 'uint16'],
        highBit: bits[header?.type ?? 'uint16'] - 1,
        pixelRepresentation: header?.type === 'int16' ? 1 : 0,
      };
    case Enums.MetadataModules.GENERAL_SERIES:
      return { modality: stack.series.modality, seriesInstanceUID: stack.series.uid };
    case Enums.MetadataModules.IMAGE_PLANE: {
      const spacing = header?.spacingMm ?? slice.instance.spacingMm;
      return {
        frameOfReferenceUID: stack.key,
        rows: slice.instance.rows,
        columns: slice.instance.columns,
        imageOrientationPatient: [1, 0, 0, 0, 1, 0],
        rowCosines: [1, 0, 0],
        columnCosines: [0, 1, 0],
        imagePositionPatient: [0, 0, 0],
        rowPixelSpacing: spacing?.[0] ?? 1,
        columnPixelSpacing: spacing?.[1] ?? 1,
        usingDefaultValues: spacing === undefined,
      };
    }
    default:
      return undefined;
  }
}
