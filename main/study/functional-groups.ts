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
    return row !== undefined && column !== undefined && row > 0 && column > 0 ? [row, column] : undefined;
  };
  const patient = pair(placeOf(attributes, frame, macros.pixelMeasures).numbers('00280030'));
  const detector = pair(attributes.numbers('00181164'));
  // A PixelSpacing that only repeats the detector's is not calibrated to the patient.
  const same = patient && detector && patient[0] === detector[0] && patient[1] === detector[1];
  if (patient && !same) return { spacingMm: patient, spacingPlane: 'patient' };
  if (detector) return { spacingMm: detector, spacingPlane: 'detector' };
  const region = attributes.item('00186011');
  const [x] = region?.doubles('0018602c') ?? [];
  const [y] = region?.doubles('0018602e') ?? [];
  const centimetres = region?.short('00186024') === 3 && region.short('00186026') === 3;
  if (centimetres && x && y)
    return { spacingMm: [Math.abs(y) * 10, Math.abs(x) * 10], spacingPlane: 'patient' };
  return undefined;
}
