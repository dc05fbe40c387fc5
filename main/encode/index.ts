/** Encode: what the images of a study show, in the words and vectors of a model pack. */
export { chooseViews } from './domain.js';
export { type Encoding, encodeStudy, type FindingEstimate, type ReadImage } from './encode.js';
export { type GreyImage, meanChroma, type Resize } from './image.js';
export { embedImages } from './likeness.js';
export type { PackAdapter, PackFinding, PackManifest } from './manifest.js';
export type { Model, Tensor } from './onnx.js';
export { openPack, type Pack } from './pack.js';
export { embedTexts, type TextEmbedding } from './text.js';
