import type {
  FlagCode,
  Report,
  ReportState,
  Sentence,
  Support,
  View,
  WorklistRow,
} from '../../preload/values.js';
import type { IconName } from '../chrome/icon.js';

interface Wording {
  icon: IconName;
  word: string;
  hint: string;
}

export const supportWords: Record<Support, Wording> = {
  image: { icon: 'image', word: 'Image', hint: 'Borne out by the image' },
  evidence: { icon: 'evidence', word: 'Evidence', hint: 'Borne out by cited evidence' },
  both: { icon: 'both', word: 'Image and evidence', hint: 'Borne out by the image and by cited evidence' },
  none: { icon: 'none', word: 'No support', hint: 'Neither the image nor cited evidence bears it out' },
};

export const statusWords: Record<Sentence['status'], Wording> = {
  proposed: { icon: 'proposed', word: 'Proposed', hint: 'Not reviewed yet' },
  accepted: { icon: 'accept', word: 'Accepted', hint: 'Accepted as drafted' },
  edited: { icon: 'edit', word: 'Edited', hint: 'Changed by the radiologist' },
  rejected: { icon: 'reject', word: 'Rejected', hint: 'Not part of the report' },
  added: { icon: 'add', word: 'Added', hint: 'Added by the radiologist' },
};

export const stateWords: Record<ReportState, Wording> = {
  draft: { icon: 'draft', word: 'Draft', hint: 'Drafted by Wetread, under review' },
  preliminary: { icon: 'preliminary', word: 'Preliminary', hint: 'Reviewed, not signed' },
  final: { icon: 'final', word: 'Final', hint: 'Signed; read only' },
};

export const flagWords: Record<FlagCode, string> = {
  unsupported: 'Unsupported',
  'side-conflict': 'Side conflict',
  'invented-prior': 'Invented prior',
  contradiction: 'Contradiction',
  incomplete: 'Incomplete',
};

export const viewWords: Record<View, string> = { frontal: 'Frontal', lateral: 'Lateral', unknown: '' };

/** A word for a probability, so that the number is not read as more than it is. */
export function confidenceWord(probability: number): string {
  if (probability >= 0.9) return 'Very likely';
  if (probability >= 0.7) return 'Likely';
  if (probability >= 0.25) return 'Possible';
  return 'Unlikely';
}

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count} ${count === 1 ? one : many}`;

/** The sentences that hold a signature back: not rejected, with a flag that nobody confirmed. */
export const flaggedSentences = (report: Report): Sentence[] =>
  report.sentences.filter((s) => s.status !== 'rejected' && s.flags.some((f) => !f.resolved));

export const openFlagCount = (report: Report): number =>
  flaggedSentences(report).reduce((sum, s) => sum + s.flags.filter((f) => !f.resolved).length, 0);

/** "Doe, Jane · F · 54 y": whatever of it is known. */
export function patientLine(patient: WorklistRow['patient']): string {
  const age = patient.ageYears === undefined ? undefined : `${Math.floor(patient.ageYears)}\u00a0y`;
  // Where the line is short it breaks after the name.
  const about = [patient.sex, age].filter(Boolean).join('\u00a0·\u00a0');
  return [patient.name ?? patient.id ?? 'Unnamed patient', about].filter(Boolean).join(' · ');
}

/** "21 Nov 2026, 14:05" in the time of this workstation. */
export function whenText(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** Bytes as a user reads them. */
export function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  if (bytes < 1e9) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
