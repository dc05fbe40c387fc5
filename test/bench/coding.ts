/** The human coding of the radiograph collection, read as findings. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const root = process.env.WETREAD_DATA ?? join(import.meta.dirname, '../../../shared/data');
export const radiographs = join(root, 'iu_xray');

const CodedStudy = z.object({
  uid: z.string(),
  split: z.string(),
  images: z.array(z.object({ file: z.string(), projection: z.enum(['Frontal', 'Lateral']) })),
  indication: z.string().nullish(),
  findings: z.string().nullish(),
  impression: z.string().nullish(),
  mesh: z.array(z.string()),
});
export type CodedStudy = z.infer<typeof CodedStudy>;

const Findings = z.array(z.object({ id: z.string(), sided: z.boolean(), mesh: z.array(z.string()) }));
export const codedFindings = Findings.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, '../../models/training/findings.json'), 'utf8')),
);

/** The coded studies of a split; those that were never coded are left out. Ends the program where there is no collection. */
export function readCodedStudies(split: string): CodedStudy[] {
  const file = join(radiographs, 'studies.jsonl');
  if (!existsSync(file)) {
    console.error(`There is no ${file}: set WETREAD_DATA to the data folder.`);
    process.exit(1);
  }
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => CodedStudy.parse(JSON.parse(line)))
    .filter((study) => study.split === split && study.mesh.length > 0 && !study.mesh.includes('No Indexing'));
}

const parts = (term: string) => term.split('/').map((part) => part.trim().toLowerCase());

/** The coded terms of a study that stand for a finding: its MeSH term with all the qualifiers that the pattern asks for. */
export function termsOf(study: CodedStudy, patterns: string[]): string[] {
  return study.mesh.filter((coded) => {
    const [head, ...qualifiers] = parts(coded);
    return patterns.some((pattern) => {
      const [wanted, ...needed] = parts(pattern);
      return head === wanted && needed.every((qualifier) => qualifiers.includes(qualifier));
    });
  });
}

/** Ids of the findings that a study is coded with. */
export function findingsOf(study: CodedStudy): Set<string> {
  return new Set(codedFindings.filter(({ mesh }) => termsOf(study, mesh).length > 0).map(({ id }) => id));
}

/** The side that coded terms name. */
export function sidesOf(coded: string[]): 'left' | 'right' | 'bilateral' | undefined {
  const words = coded.flatMap(parts);
  const both = words.includes('bilateral');
  const left = both || words.includes('left') || words.includes('lingula');
  const right = both || words.includes('right') || words.includes('middle lobe');
  return left && right ? 'bilateral' : left ? 'left' : right ? 'right' : undefined;
}
