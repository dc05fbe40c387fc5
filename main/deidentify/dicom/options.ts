import type { DeidentifyOption } from '../../../preload/values.js';
import { WetreadError } from '../../error.js';

/** A code of DICOM's own scheme (DCM) for (0012,0064), PS3.16 CID 7050. */
export interface MethodCode {
  value: string;
  meaning: string;
}

export const basicProfile: MethodCode = {
  value: '113100',
  meaning: 'Basic Application Confidentiality Profile',
};

export const cleanPixelData: MethodCode = { value: '113101', meaning: 'Clean Pixel Data Option' };

/** The letter of each option in the table, and its code. */
export const optionCodes: Readonly<Record<DeidentifyOption, MethodCode & { letter: string }>> = {
  graphics: { letter: 'G', value: '113103', meaning: 'Clean Graphics Option' },
  'structured-content': { letter: 'S', value: '113104', meaning: 'Clean Structured Content Option' },
  descriptors: { letter: 'T', value: '113105', meaning: 'Clean Descriptors Option' },
  'full-dates': {
    letter: 'F',
    value: '113106',
    meaning: 'Retain Longitudinal Temporal Information Full Dates Option',
  },
  'modified-dates': {
    letter: 'M',
    value: '113107',
    meaning: 'Retain Longitudinal Temporal Information Modified Dates Option',
  },
  patient: { letter: 'C', value: '113108', meaning: 'Retain Patient Characteristics Option' },
  device: { letter: 'D', value: '113109', meaning: 'Retain Device Identity Option' },
  uids: { letter: 'U', value: '113110', meaning: 'Retain UIDs Option' },
  'safe-private': { letter: 'P', value: '113111', meaning: 'Retain Safe Private Option' },
  institution: { letter: 'I', value: '113112', meaning: 'Retain Institution Identity Option' },
};

/** Throws WetreadError `bad-input` where two options contradict each other. */
export function checkOptions(options: ReadonlySet<DeidentifyOption>): void {
  if (options.has('full-dates') && options.has('modified-dates'))
    throw new WetreadError('bad-input', 'Dates are kept in full or shifted, not both.');
}
