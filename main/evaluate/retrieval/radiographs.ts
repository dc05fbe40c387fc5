/** Chest radiographs (Indiana University): studies as queries, the reports of other studies as documents. */
import { join } from 'node:path';
import type { Study, View } from '../../../preload/values.js';
import { evidenceQuery } from '../../draft/index.js';
import type { Encoding } from '../../encode/index.js';
import type { SourceDocument } from '../../retrieve/index.js';
import { findingsOf, isCoded, isNormal } from '../coding.js';
import { type ReportedStudy, withoutMarks } from '../dataset.js';
import { type Codes, NORMAL, relevance } from '../retriever.js';
import { caseDocument } from './case-document.js';
import type { TaskQuery } from './task.js';

/** From this likeness of the coding on a report counts as found. */
const RELEVANT = 0.5;

/** What a study is coded with; empty where nobody coded it, or with nothing that the vocabulary knows. */
export const codesOf = (study: ReportedStudy): Codes =>
  !isCoded(study) ? new Set() : isNormal(study) ? NORMAL : findingsOf(study);

const views: Record<string, View> = { frontal: 'frontal', lateral: 'lateral' };

/** Its image files with their views. */
export const filesOf = (folder: string, { images }: ReportedStudy): { file: string; view: View }[] =>
  images.map(({ file, projection }) => ({
    file: join(folder, 'images', file),
    view: views[projection?.toLowerCase() ?? ''] ?? 'unknown',
  }));

const documentId = ({ uid }: ReportedStudy) => `iu-${uid}`;

/** A study as the document of its report; undefined where that says nothing. */
export function reportDocument(
  study: ReportedStudy,
  images: readonly { view: View; vector: Float32Array }[],
): SourceDocument | undefined {
  const [indication, findings, impression] = [study.indication, study.findings, study.impression].map(
    withoutMarks,
  );
  const sections = Object.entries({ indication, findings, impression }).flatMap(([kind, text]) =>
    text ? [{ kind, text }] : [],
  );
  if (!findings && !impression) return undefined;
  return caseDocument(
    { id: documentId(study), title: 'Chest radiograph', modality: 'XR', bodyRegion: 'chest', sections },
    images,
  );
}

/**
 * A study as a query: from its images alone (as the product asks, with the findings that the image model sees), from its indication
 * alone, from both. A report is worth the Jaccard index of what humans coded for both.
 */
export function radiographQuery(
  study: ReportedStudy,
  cases: readonly ReportedStudy[],
  seen: { study: Study; encoding: Encoding; pictures: readonly Float32Array[] } | undefined,
): TaskQuery {
  const codes = codesOf(study);
  const gains = new Map<string, number>();
  for (const other of cases) {
    const gain = relevance(codes, codesOf(other));
    if (gain > 0) gains.set(documentId(other), gain);
  }
  const indication = withoutMarks(study.indication);
  const inputs: Record<string, TaskQuery['inputs'][string]> = {};
  if (indication !== '') inputs.text = { text: indication, findings: [] };
  if (seen) {
    const { pictures, encoding } = seen;
    const asked = (said: string | undefined) => {
      const { text, findings, joint } = evidenceQuery(encoding, { ...seen.study, indication: said });
      return { text, findings, joint, pictures };
    };
    inputs.image = asked(undefined);
    if (indication !== '') inputs.both = asked(indication);
  }
  return {
    ...{ id: study.uid, gains, inputs },
    relevant: new Set([...gains].flatMap(([id, gain]) => (gain >= RELEVANT ? [id] : []))),
  };
}
