/** A day of DICOM as a FHIR date, where it is one. Days only: DICOM times carry no zone, and FHIR has no times without one. */
export function dateOf(day: string | undefined): string | undefined {
  return day && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : undefined;
}
