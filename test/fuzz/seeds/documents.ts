/* Files of a department to begin with, written here. */
import { inflateRawSync } from 'node:zlib';
import { writeDocx, writePdf } from '../../integration/import/office-files.js';
import { zip } from '../../unit/study/objects.js';
import { mutateBytes, splice } from '../mutate.js';
import type { Random } from '../random.js';
import { text } from '../targets/target.js';

const report = `EXAM: Chest radiograph, two views.
INDICATION: Cough in a patient of 61 years.
COMPARISON: None.
FINDINGS: The heart is not enlarged. There is a small left pleural effusion. No pneumothorax.
IMPRESSION: 1. Small left effusion.
2. Report called to Dr. Example on 01/02/2026 at 10:30, MRN 0012345.
`;

export const markdowns = (): Uint8Array[] => [
  text(report),
  text(
    `# Pleural effusion\n\nA *collection* of **fluid**, see [the text](x).\n\n## Appearance\n\n- blunted angle\n- meniscus\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\`\`\`\ncode\n\`\`\`\n`,
  ),
  text(
    `---\ntitle: Effusion\nmodality: XR\nbodyRegion: chest\ncodes:\n  - {system: RADLEX, code: RID38588}\nsources: [One, Two]\nversion: 2026-01-01\n---\n# Effusion\n\n## Findings\n\nFluid layers posteriorly.\n`,
  ),
  Buffer.concat([Uint8Array.of(0xff, 0xfe), Buffer.from(report.slice(0, 120), 'utf16le')]),
  Buffer.from('BEFUND\n\nKein Erguß. Größe normal — «unauffällig».\n所見：異常なし。\n', 'utf8'),
];

export const csvs = (): Uint8Array[] => [
  text(
    'id,findings,impression,age,sex\n1,"The heart, lungs are clear.",Normal.,61,M\n2,"Left ""small"" effusion.",Effusion.,47,F\n',
  ),
  text('Accession;Befund text;Findings\r\nA1;"Multi\r\nline";No pneumothorax.\r\n'),
  text('\ufefffindings\timages\nClear lungs.\ta.png; b.png\n'),
];

export const jsonLines = (): Uint8Array[] => [
  text(
    '{"id":"1","findings":"Clear lungs.","impression":"Normal.","age":61,"sex":"F"}\n{"id":"2","findings":["Effusion.","Small."],"codes":["RADLEX:RID1"]}\n',
  ),
  text('{"title":"Case","report":{"findings":"No pneumothorax."},"images":["a.png"]}\n'),
];

export function fhirs(): Uint8Array[] {
  const own = {
    resourceType: 'DiagnosticReport',
    id: 'r1',
    status: 'final',
    code: {
      text: 'Chest X-ray',
      coding: [{ system: 'http://loinc.org', code: '36643-5', display: 'XR Chest 2 Views' }],
    },
    category: [{ coding: [{ system: 'http://dicom.nema.org/resources/ontology/DCM', code: 'DX' }] }],
    subject: { reference: 'Patient/p1', display: 'Example, Anna' },
    effectiveDateTime: '2026-01-02T10:00:00Z',
    performer: [{ reference: '#d1' }],
    result: [{ reference: 'Observation/o1' }],
    contained: [{ resourceType: 'Practitioner', id: 'd1', name: [{ family: 'Example', given: ['Karl'] }] }],
    conclusion: 'Small left effusion.',
    conclusionCode: [{ text: 'Effusion' }],
    presentedForm: [
      { contentType: 'text/html', data: Buffer.from('<p>FINDINGS: Clear &amp; dry.</p>').toString('base64') },
    ],
    text: {
      status: 'generated',
      div: '<div xmlns="http://www.w3.org/1999/xhtml"><b>Findings</b><br/>Clear.</div>',
    },
  };
  const bundle = {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [
      { fullUrl: 'urn:uuid:1', resource: own },
      {
        resource: {
          resourceType: 'Patient',
          id: 'p1',
          name: [{ text: 'Anna Example' }],
          birthDate: '1965-03-01',
          gender: 'female',
          address: [{ line: ['Way 1'], city: 'Town' }],
        },
      },
      {
        resource: {
          resourceType: 'Observation',
          id: 'o1',
          code: { text: 'Diameter' },
          valueQuantity: { value: 12, unit: 'mm' },
          component: [{ code: { text: 'Side' }, valueString: 'left' }],
        },
      },
      {
        resource: {
          resourceType: 'ImagingStudy',
          id: 's1',
          modality: [{ code: 'DX' }],
          series: [{ modality: { code: 'DX' }, bodySite: { display: 'Chest' } }],
        },
      },
      {
        resource: {
          resourceType: 'ServiceRequest',
          id: 'q1',
          reasonCode: [{ text: 'Cough' }],
          requester: { display: 'Dr. E' },
        },
      },
    ],
  };
  return [own, bundle].map((one) => Buffer.from(JSON.stringify(one)));
}

export const docxs = (): Uint8Array[] => [
  writeDocx([
    { text: 'Findings', heading: true },
    { text: 'The heart is not enlarged & clear.' },
    { text: 'Impression', heading: true },
    { text: 'Normal.' },
  ]),
];

export const pdfs = (): Uint8Array[] => [
  writePdf([
    [
      { text: 'Report', sizePt: 16 },
      { text: 'FINDINGS: Clear lungs (both).' },
      { text: 'IMPRESSION: Normal.' },
    ],
  ]),
  writePdf([[{ text: 'One' }], [{ text: 'Two', gapPt: 40 }]]),
];

/** Members of a ZIP in memory, by their local headers; as far as they can be followed. */
function membersOf(bytes: Uint8Array): Record<string, Uint8Array> {
  const members: Record<string, Uint8Array> = {};
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 30 <= bytes.length && view.getUint32(at, true) === 0x04034b50) {
    const size = view.getUint32(at + 18, true);
    const from = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    const name = Buffer.from(bytes.subarray(at + 30, at + 30 + view.getUint16(at + 26, true))).toString(
      'utf8',
    );
    const stored = bytes.subarray(from, from + size);
    try {
      members[name] =
        view.getUint16(at + 8, true) === 8 ? inflateRawSync(stored, { maxOutputLength: 1 << 16 }) : stored;
    } catch {
      return members;
    }
    at = from + size;
  }
  return members;
}

const xml = [
  '<w:p>',
  '</w:p>',
  '<w:r>',
  '<w:t>',
  '</w:t>',
  '<w:tbl>',
  '<w:tr>',
  '<w:tc>',
  '<w:pStyle w:val="Heading1"/>',
  '<w:tab/>',
  '<w:br/>',
  '&amp;',
  '&#0;',
  '&#xD800;',
  '<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;">]>',
  '&c;',
  '<?xml version="1.0" encoding="UTF-16"?>',
  '<![CDATA[',
  ']]>',
  '<!--',
  'w:val="',
  'r:id="r1"',
  'Target="../../../x"',
  'TargetMode="External"',
  '<w:hyperlink r:id="r9">',
  '<mc:AlternateContent>',
  '<w:footnoteReference w:id="1"/>',
  '<w:vMerge/>',
  '<w:gridSpan w:val="99999"/>',
].map(text);

/** The XML within the ZIP changed, and the ZIP made whole again. */
export function mutateDocx(input: Uint8Array, random: Random): Uint8Array | undefined {
  const members = membersOf(input);
  const names = Object.keys(members);
  if (names.length === 0) return undefined;
  const name = random.chance(0.6) && members['word/document.xml'] ? 'word/document.xml' : random.pick(names);
  const content = members[name] ?? new Uint8Array();
  const kind = random.below(10);
  if (kind === 0) delete members[name];
  else if (kind === 1) {
    const depth = random.pick([50, 1000, 1500]);
    const nested = text(`${'<w:p>'.repeat(depth)}x${'</w:p>'.repeat(depth)}`);
    const at = random.below(content.length);
    members[name] = splice(content, at, at, nested);
  } else members[name] = mutateBytes(content, random, xml, content);
  return zip(members);
}
