import { createHash } from 'node:crypto';
import type { Report, Sentence, Statement, Study } from '../../preload/values.js';
import { isUnfilled } from '../review/index.js';
import { imagesOf, modalitiesOf, oneLine, sentencesOf, shown, textOf } from './content.js';
import { dateOf } from './fhir-date.js';
import type {
  Bundle,
  DiagnosticReport,
  Observation,
  Patient,
  Practitioner,
  Resource,
} from './fhir-schema.js';
import { imagingStudy } from './imaging-study.js';
import { reportText } from './text.js';

const local = 'https://wetread.example/fhir';

/**
 * The report as a FHIR R4 Bundle of type collection: DiagnosticReport, Patient, ImagingStudy, an Observation for each finding
 * that is stated, and the Practitioner who signed. Nothing is an extension. The same report gives the same bundle.
 */
export function fhirBundle(report: Report, study: Study): Bundle {
  const url = (name: string) => `urn:uuid:${nameUuid(`${report.id}/${name}`)}`;
  const reference = (name: string) => ({ reference: url(name) });
  const subject = reference('patient');
  const signer = report.state === 'final' && report.signedBy ? report.signedBy : undefined;
  const findings = observations(report, study, {
    subject,
    derivedFrom: [reference('study')],
    performer: signer ? [reference('signer')] : undefined,
  });

  const diagnosticReport: DiagnosticReport = {
    resourceType: 'DiagnosticReport',
    identifier: [{ system: `${local}/report`, value: report.id }],
    status: statusOf(report),
    category: [concept('http://terminology.hl7.org/CodeSystem/v2-0074', 'RAD', 'Radiology')],
    code: procedure(report, study),
    subject,
    effectiveDateTime: dateOf(study.date),
    issued: report.addenda.at(-1)?.at ?? report.signedAt ?? report.updatedAt,
    resultsInterpreter: signer ? [reference('signer')] : undefined,
    result: findings.length > 0 ? findings.map((_, i) => reference(`finding/${i}`)) : undefined,
    imagingStudy: [reference('study')],
    conclusion: conclusion(report),
    presentedForm: [
      {
        contentType: 'text/plain; charset=utf-8',
        language: 'en',
        data: Buffer.from(reportText(report, study), 'utf8').toString('base64'),
        title: 'Radiology report',
        creation: report.updatedAt,
      },
    ],
  };

  const resources: [name: string, resource: Resource][] = [
    ['report', diagnosticReport],
    ['patient', patient(study)],
    ['study', imagingStudy(study, subject)],
    ...findings.map((finding, i): [string, Resource] => [`finding/${i}`, finding]),
  ];
  if (signer) resources.push(['signer', practitioner(signer)]);
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: report.updatedAt,
    entry: resources.map(([name, resource]) => ({ fullUrl: url(name), resource })),
  };
}

/** R4: `partial` may be unverified, `preliminary` is verified and early, `appended` is final with something added. */
function statusOf(report: Report): DiagnosticReport['status'] {
  switch (report.state) {
    case 'draft':
      return 'partial';
    case 'preliminary':
      return 'preliminary';
    case 'final':
      return report.addenda.length > 0 ? 'appended' : 'final';
  }
}

/** LOINC: 36643-5 only where the study plainly is that; else the general code, with the description as text. */
function procedure(report: Report, study: Study): DiagnosticReport['code'] {
  const views = imagesOf(study).map(({ view }) => view);
  const twoViews = views.length === 2 && views.includes('frontal') && views.includes('lateral');
  const radiograph = modalitiesOf(study).every((modality) => ['CR', 'DX', 'XR'].includes(modality));
  const chest = /chest|thorax/i.test(report.bodyPart ?? '');
  const description = shown(study.description);
  const name = description ? { text: description } : {};
  return twoViews && radiograph && chest
    ? { ...concept('http://loinc.org', '36643-5', 'XR Chest 2 Views'), ...name }
    : { ...concept('http://loinc.org', '18748-4', 'Diagnostic imaging study'), ...name };
}

function conclusion(report: Report): string | undefined {
  const impression = sentencesOf(report, 'impression').map(textOf);
  // Whoever reads only the conclusion must not miss what was added to it.
  const addenda = report.addenda.map(
    ({ text, by, at }) => `Addendum (${oneLine(by)}, ${at}): ${oneLine(text)}`,
  );
  return [...impression, ...addenda].join('\n') || undefined;
}

const values = {
  present: { display: 'present', code: 'POS', meaning: 'Positive' },
  absent: { display: 'absent', code: 'NEG', meaning: 'Negative' },
  uncertain: { display: 'uncertain', code: 'IND', meaning: 'Indeterminate' },
} as const satisfies Record<Statement['state'], unknown>;

/** One observation for each different statement of the report, with the sentences that make it. */
function observations(
  report: Report,
  study: Study,
  links: Pick<Observation, 'subject' | 'derivedFrom' | 'performer'>,
): Observation[] {
  const said = new Map<string, { statement: Statement; sentences: Sentence[] }>();
  for (const sentence of [...sentencesOf(report, 'findings'), ...sentencesOf(report, 'impression')]) {
    // An empty field (“Effusion: ____”) states nothing, whatever the parser reads in it.
    if (isUnfilled(sentence)) continue;
    for (const statement of sentence.statements) {
      const { finding, state, side, site } = statement;
      const key = JSON.stringify([finding, state, side, site]);
      const entry = said.get(key) ?? { statement, sentences: [] };
      if (!entry.sentences.includes(sentence)) entry.sentences.push(sentence);
      said.set(key, entry);
    }
  }
  return [...said.values()].map(({ statement, sentences }) => {
    const { display, code, meaning } = values[statement.state];
    const where = [statement.side, statement.site].filter(Boolean).join(' ');
    const name = statement.finding.replaceAll('_', ' ');
    return {
      resourceType: 'Observation',
      status: report.state === 'final' ? 'final' : 'preliminary',
      category: [concept('http://terminology.hl7.org/CodeSystem/observation-category', 'imaging', 'Imaging')],
      code: { ...concept(`${local}/finding`, statement.finding, name), text: name },
      ...links,
      effectiveDateTime: dateOf(study.date),
      valueCodeableConcept: { ...concept(`${local}/finding-state`, statement.state, display), text: display },
      interpretation: [
        concept('http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation', code, meaning),
      ],
      note: sentences.map(({ text }) => ({ text: oneLine(text) })),
      bodySite: where ? { text: oneLine(where) } : undefined,
    };
  });
}

const genders = { M: 'male', F: 'female', O: 'other' } as const;

function patient({ patient: { id, name, sex, birthDate } }: Study): Patient {
  const number = shown(id);
  const type = concept('http://terminology.hl7.org/CodeSystem/v2-0203', 'MR', 'Medical record number');
  const fullName = shown(name);
  return {
    resourceType: 'Patient',
    identifier: number ? [{ type, value: number }] : undefined,
    name: fullName ? [{ text: fullName, ...nameParts(fullName) }] : undefined,
    gender: sex && genders[sex],
    birthDate: dateOf(birthDate),
  };
}

/** "Family, Given Given" in its parts; a name without a comma has no known parts. */
function nameParts(fullName: string): { family?: string; given?: string[] } {
  const comma = fullName.indexOf(',');
  if (comma < 0) return {};
  const given = fullName
    .slice(comma + 1)
    .split(' ')
    .filter(Boolean);
  return {
    family: shown(fullName.slice(0, comma)),
    given: given.length > 0 ? given : undefined,
  };
}

function practitioner(name: string): Practitioner {
  return { resourceType: 'Practitioner', name: [{ text: oneLine(name) }] };
}

function concept(system: string, code: string, display: string) {
  return { coding: [{ system, code, display }] };
}

/** RFC 9562 UUID of version 5 (SHA-1 of namespace and name), so that an export can be repeated. */
function nameUuid(name: string): string {
  const namespace = Buffer.from('2c1b3f0a7d5e4c89a4f2b6d80e913c57', 'hex');
  const hash = createHash('sha1').update(namespace).update(name).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
