/* dcmjs ships no types: what the bench of parsers calls. */
declare module 'dcmjs' {
  const dcmjs: {
    data: {
      DicomMessage: {
        readFile(
          buffer: ArrayBufferLike,
          options: { untilTag: string; includeUntilTagValue: boolean },
        ): { dict: Record<string, unknown> };
      };
    };
  };
  export default dcmjs;
}
