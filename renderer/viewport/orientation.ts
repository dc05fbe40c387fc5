/** Letters of the patient's directions at the edges of an image. */
export interface EdgeLetters {
  left: string;
  right: string;
  top: string;
  bottom: string;
}

/** The nearest patient direction of a vector in the DICOM patient system (x to the left, y to the back, z to the head). */
function letter(x: number, y: number, z: number): string {
  const [ax, ay, az] = [Math.abs(x), Math.abs(y), Math.abs(z)];
  if (ax >= ay && ax >= az) return x > 0 ? 'L' : 'R';
  if (ay >= az) return y > 0 ? 'P' : 'A';
  return z > 0 ? 'H' : 'F';
}

/** Edge letters from ImageOrientationPatient (0020,0037): the direction of a row, then that of a column. */
export function edgeLetters(orientation: number[] | undefined): EdgeLetters | undefined {
  if (orientation?.length !== 6) return undefined;
  const [rx = 0, ry = 0, rz = 0, cx = 0, cy = 0, cz = 0] = orientation;
  return {
    left: letter(-rx, -ry, -rz),
    right: letter(rx, ry, rz),
    top: letter(-cx, -cy, -cz),
    bottom: letter(cx, cy, cz),
  };
}
