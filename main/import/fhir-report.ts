import { splitReport } from './blocks.js';
import { decodeText } from './decode-text.js';
import {
  AnyResource,
  type Concept,
  Context,
  DiagnosticReport,
  meaningOf,
  type Reference,
  type Told,
} from './fhir-resources.js';
import { htmlText } from './html-text.js';
import { limits } from './limits.js';
import { emptyRecord, type ImportRecord, type RecordSection } from './record.js';

/** How the systems of codes are called in the knowledge base. */
const systems: readonly [RegExp, string][] = [
  [/snomed/i, 'SNOMED-CT'],
  [/icd-?10/i, 'ICD-10'],
  [/icd-?9/i, 'ICD-9'],
  [/loinc/i, 'LOINC'],
  [/radlex/i, 'RadLex'],
];

/**
 * A DiagnosticReport → a record. Its text is that of the presented forms (text/plain, text/html), else of the narrative; conclusion and
 * observations are added where that text does not hold them. `context` resolves its references; contained resources come first.
 * @param place of the report within the file, from 1, its key where it has neither id nor identifier
 */
export function fhirRecord(
  resource: AnyResource,
  file: string,
  context: Context,
  place: number,
): ImportRecord {
  const report = DiagnosticReport.parse(resource);
  const contained = containedIn(report);
  const tell = (references: readonly (Reference | undefined)[]): Told[] =>
    references.flatMap((one) => contained.find(one?.reference) ?? context.find(one?.reference) ?? []);
  const [patient] = tell([report.subject]);
  const studies = tell([...report.imagingStudy, ...report.study]);
  const requests = tell(report.basedOn);
  const people = tell([...report.performer, ...report.resultsInterpreter, report.encounter]);
  const references = [
    report.subject,
    report.encounter,
    ...report.performer,
    ...report.resultsInterpreter,
    ...report.basedOn,
  ];
  const title = meaningOf(report.code);
  const modality = studies.find((one) => one.modality)?.modality ?? modalityOf(report, title);
  const bodyRegion = [studies.find((one) => one.bodyRegion)?.bodyRegion, title].filter(Boolean).join(', ');
  return {
    ...emptyRecord(file, report.id ?? report.identifier.find(({ value }) => value)?.value ?? String(place)),
    ...(title !== undefined && { title }),
    sections: sectionsOf(report, {
      indication: requests.flatMap(({ indication }) => indication ?? []),
      statements: tell(report.result).flatMap(({ statement }) => statement ?? []),
    }),
    ...(modality !== undefined && { modality }),
    ...(bodyRegion !== '' && { bodyRegion }),
    ageYears: yearsBetween(
      patient?.birthDate,
      report.effectiveDateTime ?? report.effectivePeriod?.start ?? report.issued,
    ),
    sex: patient?.sex,
    known: [
      ...new Set([
        ...[patient, ...studies, ...requests, ...people].flatMap((one) => one?.known ?? []),
        ...references.flatMap((one) => [one?.display, one?.identifier?.value]),
        ...report.identifier.map(({ value }) => value),
      ]),
    ].filter((one) => one !== undefined),
    codes: codesOf([...report.conclusionCode, ...(report.code ? [report.code] : [])]),
  };
}

function containedIn(report: DiagnosticReport): Context {
  const context = new Context();
  for (const one of report.contained.slice(0, 1000)) {
    const parsed = AnyResource.safeParse(one);
    if (parsed.success && parsed.data.id) context.add(parsed.data, `#${parsed.data.id.replace(/^#/, '')}`);
  }
  return context;
}

function sectionsOf(
  report: DiagnosticReport,
  { indication, statements }: { indication: string[]; statements: string[] },
): RecordSection[] {
  const forms = report.presentedForm.flatMap(({ contentType, data }) => formText(contentType, data) ?? []);
  const narrative = forms.length === 0 && report.text?.div ? htmlText(report.text.div) : '';
  const told = [...forms, narrative].filter((text) => text !== '');
  const sections = told.flatMap((text) => splitReport(text.slice(0, limits.documentChars)));
  const said = folded(told.join('\n'));
  const add = (kind: string, text: string) => {
    if (text.trim() !== '' && !said.includes(folded(text))) sections.push({ kind, text });
  };
  const added: RecordSection[] = sections.splice(0);
  for (const text of indication) add('indication', text);
  sections.push(...added);
  add('findings', statements.filter((one) => !said.includes(folded(one))).join('\n'));
  if (report.conclusion) add('impression', report.conclusion);
  else if (told.length === 0)
    add('impression', report.conclusionCode.flatMap((one) => meaningOf(one) ?? []).join('\n'));
  return sections;
}

const folded = (text: string) =>
  text
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();

/** Text of an attachment; undefined for what is neither text nor HTML. */
function formText(contentType = 'text/plain', data: string | undefined): string | undefined {
  if (data === undefined || data.length > limits.textFileBytes) return undefined;
  const type = contentType.toLowerCase();
  if (!/^(?:text\/|application\/xhtml\+xml)/.test(type) || type.startsWith('text/rtf')) return undefined;
  const text = decodeText(Buffer.from(data, 'base64'));
  if (text.includes('\u0000')) return undefined;
  return (/html/.test(type) ? htmlText(text) : text.replace(/\r\n?/g, '\n')).trim();
}

/** Whether a report has a form that only another program can read, such as a PDF. */
export function hasForeignForm(resource: AnyResource): boolean {
  return DiagnosticReport.parse(resource).presentedForm.some(({ contentType }) =>
    /pdf|rtf|msword|image/i.test(contentType ?? ''),
  );
}

/** Words that may say the modality: codes of DICOM first, then the name of the examination. */
function modalityOf(report: DiagnosticReport, title: string | undefined): string | undefined {
  const codings = [...report.category, ...(report.code ? [report.code] : [])].flatMap(({ coding }) => coding);
  return (
    codings.find(({ system }) => /dcm|dicom/i.test(system ?? ''))?.code ??
    ([title, ...report.category.map(meaningOf), ...codings.map(({ display }) => display)]
      .filter(Boolean)
      .join(', ') ||
      undefined)
  );
}

const codesOf = (concepts: readonly Concept[]): string[] => [
  ...new Set(
    concepts.flatMap(({ coding }) =>
      coding.flatMap(({ system, code }) => {
        const name = systems.find(([pattern]) => pattern.test(system ?? ''))?.[1];
        return name && code ? [`${name}:${code}`] : [];
      }),
    ),
  ),
];

/** Whole years; undefined where a date is missing or coarser than a year can tell. */
function yearsBetween(birth: string | undefined, day: string | undefined): number | undefined {
  const from = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(birth ?? '');
  const to = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?/.exec(day ?? '');
  if (!from || !to) return undefined;
  const years = Number(to[1]) - Number(from[1]);
  const before = from[2] && to[2] && `${to[2]}-${to[3] ?? '31'}` < `${from[2]}-${from[3] ?? '01'}`;
  const age = before ? years - 1 : years;
  return age >= 0 && age < 150 ? age : undefined;
}
