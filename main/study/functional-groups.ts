import type { Attributes } from './attributes.js';

/**
 * The item of a functional group macro (PS3.3 C.7.6.16) that holds for one frame: of the frame's own groups, else of the
 * shared ones, else the object itself where it is not an enhanced multi-frame.
 */
export function macroOf(attributes: Attributes, frame: number, sequenceTag: string): Attributes | undefined {
  return (
    attributes.item('52009230', frame)?.item(sequenceTag) ?? attributes.item('52009229')?.item(sequenceTag)
  );
}

/** Looks where a frame's own attributes may be: in the macro of its functional groups, else at the top. */
export function placeOf(attributes: Attributes, frame: number, sequenceTag: string): Attributes {
  return macroOf(attributes, frame, sequenceTag) ?? attributes;
}

export const macros = {
  pixelMeasures: '00289110',
  planePosition: '00209113',
  planeOrientation: '00209116',
  frameVoi: '00289132',
  valueTransformation: '00289145',
} as const;

/** Millimetres between rows, then columns, and what they measure (PS3.3 10.7.1.3). */
export function spacingOf(
  attributes: Attributes,
  frame: number,
): { spacingMm: [number, number]; spacingPlane: 'patient' | 'detector' } | undefined {
  const pair = (values: number[]): [number, number] | undefined => {
    const [row, column] = values;
    return isSpacing(row) && isSpacing(column) ? [row, column] : undefined;
  };
  const patient = pair(placeOf(attributes, frame, macros.pixelMeasures).numbers('00280030'));
  const detector = pair(attributes.numbers('00181164'));
  // A PixelSpacing that only repeats the detector's is not calibrated to the patient.
  const same = patient && detector && patient[0] === detector[0] && patient[1] === detector[1];
  if (patient && !same) return { spacingMm: patient, spacingPlane: 'patient' };
  if (detector) return { spacingMm: detector, spacingPlane: 'detector' };
  const ultrasound = attributes.item('00186011');
  const [x] = ultrasound?.doubles('0018602c') ?? [];
  const [y] = ultrasound?.doubles('0018602e') ?? [];
  const centimetres = ultrasound?.short('00186024') === 3 && ultrasound.short('00186026') === 3;
  // Ultrasound counts upwards and to the left as well.
  const region = pair([Math.abs(y ?? 0) * 10, Math.abs(x ?? 0) * 10]);
  return centimetres && region ? { spacingMm: region, spacingPlane: 'patient' } : undefined;
}

/** Where the first pixel of a frame lies in the patient (PS3.3 C.7.6.2.1.1); undefined where that is no place. */
export function positionOf(attributes: Attributes, frame: number): [number, number, number] | undefined {
  const [x, y, z, ...more] = placeOf(attributes, frame, macros.planePosition).numbers('00200032');
  if (x === undefined || y === undefined || z === undefined || more.length > 0) return undefined;
  return [x, y, z].every((mm) => Math.abs(mm) <= farthestMm) ? [x, y, z] : undefined;
}

const farthestMm = 1e6;

/** Directions of a frame's rows and columns; undefined where they are none or lie along each other. */
export function orientationOf(attributes: Attributes, frame: number): number[] | undefined {
  const found = placeOf(attributes, frame, macros.planeOrientation).numbers('00200037');
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = found;
  if (found.length !== 6 || found.some((cosine) => Math.abs(cosine) > 1.01)) return undefined;
  const across = Math.hypot(b * f - c * e, c * d - a * f, a * e - b * d);
  return across > 0.5 ? found : undefined;
}

/** From a hundredth of a micrometre to ten metres: what lies outside measures nothing that is examined. */
const isSpacing = (mm: number | undefined): mm is number => mm !== undefined && mm >= 1e-5 && mm <= 1e4;
