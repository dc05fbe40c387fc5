/** The human coding of a study (MeSH terms with qualifiers), read as the pack's findings. */
import vocabulary from '../../models/training/findings.json' with { type: 'json' };
import type { Side } from '../../preload/values.js';

/** The findings of the vocabulary, each with the MeSH patterns that code it (`Cardiac Shadow/enlarged`). */
export const codedFindings: readonly { id: string; name: string; sided: boolean; mesh: string[] }[] =
  vocabulary;

interface Coded {
  mesh: readonly string[];
}

/** Whether somebody coded the study. */
export const isCoded = ({ mesh }: Coded) => mesh.length > 0 && !mesh.includes('No Indexing');

/** Whether it was coded as normal. */
export const isNormal = ({ mesh }: Coded) => mesh.includes('normal');

const parts = (term: string) => term.split('/').map((part) => part.trim().toLowerCase());

/** The coded terms of a study that stand for a finding: its MeSH term with all the qualifiers that the pattern asks for. */
export function termsOf({ mesh }: Coded, patterns: readonly string[]): string[] {
  return mesh.filter((coded) => {
    const [head, ...qualifiers] = parts(coded);
    return patterns.some((pattern) => {
      const [wanted, ...needed] = parts(pattern);
      return head === wanted && needed.every((qualifier) => qualifiers.includes(qualifier));
    });
  });
}

/** Ids of the findings that a study is coded with. */
export function findingsOf(study: Coded): Set<string> {
  return new Set(codedFindings.filter(({ mesh }) => termsOf(study, mesh).length > 0).map(({ id }) => id));
}

/** The side that coded terms name. */
export function sidesOf(coded: readonly string[]): Side | undefined {
  const words = coded.flatMap(parts);
  const both = words.includes('bilateral');
  const left = both || words.includes('left') || words.includes('lingula');
  const right = both || words.includes('right') || words.includes('middle lobe');
  return left && right ? 'bilateral' : left ? 'left' : right ? 'right' : undefined;
}
