import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { resolveReferences } from '../../../main/study/dicomdir.js';
import { scanFile } from '../../../main/study/scan.js';
import { parseStructuredReport } from '../../../main/study/structured-report.js';
import { listMembers, memberMark } from '../../../main/study/zip.js';
import { scratchFile, scratchFolder } from '../scratch.js';
import { dicomdirs, structuredReports, zips } from '../seeds/archives.js';
import { dicomWords, mutateDicom } from '../shape/dicom.js';
import { mutateZip, zipWords } from '../shape/zip.js';
import { failWith, type Target } from './target.js';

const mostMembers = 4;
const zipFile = scratchFile('archive.zip');

/** A ZIP as it is opened: its members listed, and the first of them looked at. */
const zip: Target = {
  name: 'zip',
  maxBytes: 1 << 15,
  goesOn: true,
  seeds: zips,
  mutate: mutateZip,
  dictionary: zipWords,
  async run(input) {
    const file = zipFile.write(input);
    const members = await listMembers(file);
    for (const member of members)
      if (member.startsWith('/') || member.split(/[\\/]/).includes('..') || member.includes('\0'))
        throw new Error('A member points outside of its ZIP.');
    for (const member of members.slice(0, mostMembers)) {
      const scanned = await scanFile(file + memberMark + member);
      if (scanned.kind === 'problem') failWith(scanned.problem);
    }
  },
};

/** A folder with files, and a secret beside it that no DICOMDIR may reach. */
function media(): string {
  const folder = join(scratchFolder(), 'media');
  if (!made) {
    made = true;
    mkdirSync(join(folder, 'A', 'B'), { recursive: true });
    for (const path of ['A/B/C', 'A/IMAGE.;1', 'X']) writeFileSync(join(folder, path), 'x');
    writeFileSync(join(scratchFolder(), 'SECRET'), 'x');
    symlinkSync(scratchFolder(), join(folder, 'OUT'));
  }
  return folder;
}
let made = false;

const dicomdir: Target = {
  name: 'dicomdir',
  maxBytes: 1 << 15,
  seeds: dicomdirs,
  mutate: mutateDicom,
  dictionary: [
    ...dicomWords,
    ...['A', 'B\\C', 'OUT\\SECRET', '..\\SECRET', 'a\\image', '/', 'C:'].map((one) => Buffer.from(one)),
  ],
  async run(input) {
    const folder = media();
    const file = join(folder, 'DICOMDIR');
    writeFileSync(file, input);
    const scanned = await scanFile(file);
    if (scanned.kind === 'problem') failWith(scanned.problem);
    if (scanned.kind !== 'dicomdir') return;
    const { files, problems } = await resolveReferences(file, scanned.references);
    for (const one of files)
      if (!resolve(one).startsWith(folder + sep) || one.includes('OUT'))
        throw new Error('A DICOMDIR reached a file outside of its folder.');
    for (const problem of problems) if (problem.code === 'internal') failWith(problem);
  },
};

const reportFile = scratchFile('report');

const structuredReport: Target = {
  name: 'structured-report',
  maxBytes: 1 << 15,
  seeds: structuredReports,
  mutate: mutateDicom,
  dictionary: dicomWords,
  async run(input) {
    await parseStructuredReport(reportFile.write(input));
  },
};

export const archiveTargets: readonly Target[] = [zip, dicomdir, structuredReport];
