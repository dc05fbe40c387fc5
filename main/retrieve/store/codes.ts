/** Code systems that an article may name, and how each writes a code. What a code means is for its author to know. */
export const codeSystems = ['ICD-10', 'SNOMED-CT', 'RadLex'] as const;
export type CodeSystem = (typeof codeSystems)[number];

const wellFormed: Record<CodeSystem, (code: string) => boolean> = {
  // A chapter letter, two digits (the third place of ICD-10-CM may be A or B), and at most four places after the point.
  'ICD-10': (code) => /^[A-Z]\d[0-9AB](\.[0-9A-Z]{1,4})?$/.test(code),
  'SNOMED-CT': isSnomedConcept,
  RadLex: (code) => /^RID\d{1,6}$/.test(code),
};

/** Whether `code` is written as its system writes codes; says nothing of whether the system has it. */
export function isWellFormed(system: CodeSystem, code: string): boolean {
  return wellFormed[system](code);
}

/** A concept identifier of SNOMED CT (Release File Specification, "SCTID"): 6 to 18 digits, partition 00 or 10, check digit. */
function isSnomedConcept(code: string): boolean {
  return /^[1-9]\d{2,14}[01]0\d$/.test(code) && verhoeffHolds(code);
}

/** Products in the dihedral group of order ten, row times column. */
const product = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
  [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
  [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
  [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
  [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
  [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
  [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
  [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
  [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];
/** What a digit becomes by its place from the right, eight places and round again. */
const permutation = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
  [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
  [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
  [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
  [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
  [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
  [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

/** Whether the last digit is the check digit of the others (Verhoeff 1969). */
function verhoeffHolds(digits: string): boolean {
  let check = 0;
  [...digits].reverse().forEach((digit, place) => {
    check = product[check]?.[permutation[place % 8]?.[Number(digit)] ?? 0] ?? 0;
  });
  return check === 0;
}
