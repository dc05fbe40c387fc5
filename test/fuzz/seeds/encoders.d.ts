/** Types of the codecs' encoders, which ship none. */
interface WasmEncoder {
  getDecodedBuffer(info: {
    width: number;
    height: number;
    bitsPerSample: number;
    componentCount: number;
    isSigned: boolean;
    isUsingColorTransform: boolean;
  }): Uint8Array;
  encode(): void;
  getEncodedBuffer(): Uint8Array;
  delete(): void;
}

declare module '@cornerstonejs/codec-charls/wasmjs' {
  const load: () => Promise<{
    JpegLSEncoder: new () => WasmEncoder & {
      setNearLossless(near: number): void;
      setInterleaveMode(mode: number): void;
    };
  }>;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg/wasmjs' {
  const load: () => Promise<{
    J2KEncoder: new () => WasmEncoder & {
      setDecompositions(levels: number): void;
      setQuality(lossless: boolean, quality: number): void;
      setProgressionOrder(order: number): void;
    };
  }>;
  export default load;
}
declare module '@cornerstonejs/codec-openjph/wasmjs' {
  const load: () => Promise<{
    HTJ2KEncoder: new () => WasmEncoder & {
      setDecompositions(levels: number): void;
      setQuality(lossless: boolean, quality: number): void;
      setProgressionOrder(order: number): void;
    };
  }>;
  export default load;
}
