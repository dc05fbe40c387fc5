/* opentype.js ships no types: what is used of it to draw letters. */
declare module 'opentype.js' {
  interface Path {
    toPathData(decimals?: number): string;
    getBoundingBox(): { x1: number; y1: number; x2: number; y2: number };
  }
  interface Font {
    unitsPerEm: number;
    charToGlyph(letter: string): {
      advanceWidth: number;
      getPath(x: number, y: number, size: number): Path;
    };
  }
  const opentype: { parse(buffer: ArrayBuffer): Font };
  export default opentype;
}
