/** Types of the codecs, which ship none. */
interface CodecFrameInfo {
  width: number;
  height: number;
  bitsPerSample: number;
  componentCount: number;
  isSigned?: boolean;
}

interface WasmDecoder {
  /** A view of the codec's own memory to write the compressed bytes into. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  /** JPEG 2000: leaves out the finest `levels` of resolution; the sides are halved (rounded up) each time. */
  decodeSubResolution?(levels: number, layer: number): void;
  getFrameInfo(): CodecFrameInfo;
  /** A view of the codec's own memory: copy before the next call. */
  getDecodedBuffer(): Uint8Array;
  /** JPEG-LS: 0 where the components follow each other plane by plane. */
  getInterleaveMode?(): number;
  delete(): void;
}

interface WasmCodec {
  /** All of the module's memory; it grows with the images and never shrinks. */
  readonly HEAPU8: Uint8Array;
  JpegLSDecoder: new () => WasmDecoder;
  J2KDecoder: new () => WasmDecoder;
  HTJ2KDecoder: new () => WasmDecoder;
  JPEGDecoder: new () => WasmDecoder;
}

type LoadWasmCodec = (options?: {
  print?: (text: string) => void;
  printErr?: (text: string) => void;
}) => Promise<WasmCodec>;

declare module '@cornerstonejs/codec-charls/decodewasmjs' {
  const load: LoadWasmCodec;
  export default load;
}
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const load: LoadWasmCodec;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: LoadWasmCodec;
  export default load;
}
declare module '@cornerstonejs/codec-openjph' {
  const load: LoadWasmCodec;
  export default load;
}
