import { WetreadError } from '../../../main/error.js';
import { FindingReader } from '../../../main/import/read-findings.js';
import { readSource } from '../../../main/import/read-source.js';
import type { SourceKind } from '../../../main/import/tasks.js';
import { describeRecord } from '../../../main/import/to-document.js';
import { scratchFile, scratchFolder } from '../scratch.js';
import { csvs, docxs, fhirs, jsonLines, markdowns, mutateDocx, pdfs } from '../seeds/documents.js';
import { mutateJson } from '../shape/json.js';
import { failWith, type Target, text } from './target.js';

const findings = new FindingReader();

/** Longer texts are de-identified by the import's own tests: here they would take the time of a hundred others. */
const mostChars = 4000;

/** Reads a file as a reader of the import does, and makes of each record what would be stored. */
async function importFile(file: string, kind: SourceKind): Promise<void> {
  let problem: { code: string; message: string } | undefined;
  let described = 0;
  for await (const read of readSource(file, kind, {})) {
    if ('problem' in read) {
      problem ??= read.problem;
      continue;
    }
    const { sections } = read.record;
    if (sections.reduce((sum, one) => sum + one.text.length, 0) > mostChars || ++described > 3) continue;
    try {
      describeRecord(read.record, { modality: 'XR', today: '2026-01-01', root: scratchFolder() }, findings);
    } catch (thrown) {
      if (!(thrown instanceof WetreadError) || thrown.code !== 'bad-input') throw thrown;
    }
  }
  if (problem) failWith(problem);
}

function importTarget(
  name: string,
  kind: SourceKind,
  ending: string,
  more: Pick<Target, 'seeds' | 'mutate' | 'dictionary'>,
): Target {
  const file = scratchFile(`${name}${ending}`);
  return {
    name,
    maxBytes: 1 << 15,
    goesOn: true,
    inReader: true,
    run: (input) => importFile(file.write(input), kind),
    ...more,
  };
}

const words = (list: string): Uint8Array[] => list.split('¦').map(text);

const fhirKeys =
  'resourceType id entry resource fullUrl contained subject reference identifier value code coding display text div presentedForm data contentType conclusion conclusionCode result name family given birthDate performer basedOn imagingStudy study effectiveDateTime'.split(
    ' ',
  );
const tableKeys = 'findings impression text title modality age sex images id codes image indication'.split(
  ' ',
);

const mutateLines =
  (keys: readonly string[]): NonNullable<Target['mutate']> =>
  (input, random) => {
    const lines = Buffer.from(input).toString('utf8').split('\n');
    const at = random.below(lines.length);
    const changed = mutateJson(Buffer.from(lines[at] ?? ''), random, keys);
    if (!changed) return undefined;
    lines[at] = Buffer.from(changed).toString('utf8');
    return Buffer.from(lines.join('\n'));
  };

export const documentTargets: readonly Target[] = [
  importTarget('fhir', 'FHIR', '.json', {
    seeds: () => fhirs(),
    mutate: (input, random) => mutateJson(input, random, fhirKeys),
    dictionary: words(
      '"resourceType"¦"DiagnosticReport"¦"Bundle"¦{}¦[]¦null¦"contained"¦"#p"¦\\ud800¦<p>¦</div>¦<!--',
    ),
  }),
  importTarget('fhir-lines', 'FHIR', '.ndjson', {
    seeds: () => fhirs().map((one) => Buffer.concat([one, text('\n'), one])),
    mutate: mutateLines(fhirKeys),
    dictionary: words('\n¦\r\n¦{"resourceType":"Patient","id":"1"}\n¦\ufeff'),
  }),
  importTarget('csv', 'CSV', '.csv', {
    seeds: csvs,
    dictionary: words(
      '"¦""¦,¦;¦\t¦|¦\n¦\r\n¦\ufeff¦findings¦impression¦\0¦,,,,¦"\n"¦=cmd|\'/c\'!A1¦__proto__',
    ),
  }),
  importTarget('json', 'JSON', '.json', {
    seeds: () =>
      jsonLines().map((one) =>
        Buffer.from(`[${Buffer.from(one).toString('utf8').trim().split('\n').join(',')}]`),
      ),
    mutate: (input, random) => mutateJson(input, random, tableKeys),
    dictionary: words('{}¦[]¦null¦"findings"¦,¦:¦"__proto__"'),
  }),
  importTarget('json-lines', 'JSON Lines', '.jsonl', {
    seeds: jsonLines,
    mutate: mutateLines(tableKeys),
    dictionary: words('\n¦\r¦{}¦[]¦null¦"findings"¦"__proto__"¦\ufeff'),
  }),
  importTarget('markdown', 'Markdown', '.md', {
    seeds: markdowns,
    dictionary: words(
      '---\n¦\n---\n¦# ¦## ¦**¦__¦`¦```¦|¦- ¦1. ¦[a](b)¦![¦](¦&a ¦*a¦<<: ¦!!js¦<p>¦FINDINGS:¦IMPRESSION:¦Mr. ¦01/02/2026¦\t¦\0',
    ),
  }),
  importTarget('text', 'text', '.txt', {
    seeds: markdowns,
    dictionary: words(
      'FINDINGS:¦IMPRESSION:¦Impression\n¦Dr. ¦MRN: 12345¦Patient: A B¦01/02/2026¦\r\n¦\0¦\xff\xfe¦\xfe\xff¦ (¦)¦....¦    ¦@b.c¦--------',
    ),
  }),
  importTarget('docx', 'DOCX', '.docx', {
    seeds: docxs,
    mutate: mutateDocx,
    dictionary: words('PK\x01\x02¦PK\x03\x04¦PK\x05\x06¦word/document.xml'),
  }),
  importTarget('pdf', 'PDF', '.pdf', {
    seeds: pdfs,
    dictionary: words(
      '<<¦>>¦[¦]¦(¦)¦ 0 R¦ 0 obj\n¦endobj\n¦stream\n¦\nendstream¦xref\n¦trailer\n¦startxref\n¦%%EOF¦/Kids¦/Count¦/Length¦/Filter¦/FlateDecode¦/ASCIIHexDecode¦/LZWDecode¦/RunLengthDecode¦/DecodeParms¦/Predictor 15¦/Columns 99999999¦/ObjStm¦/XRef¦/Prev 9¦/Encrypt¦/Parent 2 0 R¦Tj¦TJ¦Td¦Tf¦BT¦ET¦ Do ¦-1¦4294967295¦/ToUnicode¦/W [1 1 1]',
    ),
  }),
];
