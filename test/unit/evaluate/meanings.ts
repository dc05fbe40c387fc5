import type { Embedded } from '../../../main/evaluate/similarity.js';

/** Meanings made up for a test: unit vectors in a plane at these angles in degrees; what is not named is alone in its direction. */
export function meanings(degrees: Record<string, number>): Embedded {
  const others = new Map<string, number>();
  return (text) => {
    const angle = degrees[text];
    if (angle !== undefined) {
      const radians = (angle * Math.PI) / 180;
      return Float32Array.from([Math.cos(radians), Math.sin(radians), ...new Array<number>(30).fill(0)]);
    }
    const place = others.get(text) ?? others.size;
    others.set(text, place);
    return Float32Array.from({ length: 32 }, (_, i) => (i === 2 + place ? 1 : 0));
  };
}
