/**
 * What the drafts would be with an image model that makes no mistake: the coded findings, and no others, in the plain sentences of the phrase
 * table. The distance from here to the real drafts is the image model's. `npx tsx test/bench/perfect-findings.ts [--split val]`
 */
import { parseArgs } from 'node:util';
import { complete } from '../../main/draft/complete.js';
import { clinicalCounts, f1 } from '../../main/evaluate/clinical.js';
import { codedFindings } from '../../main/evaluate/coding.js';
import { referenceOf } from '../../main/evaluate/reference.js';
import { readCodedStudies } from './coding.js';

const { values: options } = parseArgs({ options: { split: { type: 'string', default: 'val' } } });
const counts = readCodedStudies(options.split).flatMap((study) => {
  const reference = referenceOf(study);
  const { coding } = reference;
  if (!coding) return [];
  const findings = codedFindings.map(({ id, name, sided }) => {
    const there = coding.findings.has(id);
    const probability = there ? 1 : 0;
    return {
      ...{ id, name, sided, probability, likely: there, possible: there },
      thresholds: { likely: 0.5, possible: 0.5 },
    };
  });
  const sentences = complete([], findings).map(({ text }) => text);
  return [clinicalCounts(sentences, new Set(), { ...reference, coding })];
});
const sum = (of: typeof counts, key: 'tp' | 'fp' | 'fn' | 'sentences' | 'invented') =>
  of.reduce((total, one) => total + one[key], 0);
const score = (of: typeof counts) =>
  f1({ tp: sum(of, 'tp'), fp: sum(of, 'fp'), fn: sum(of, 'fn') }).toFixed(3);
console.log(`${counts.length} coded ${options.split} studies, their coded findings in plain sentences`);
console.log(
  `  finding F1: ${score(counts)} on all, ${score(counts.filter(({ normal }) => !normal))} on abnormal`,
);
console.log(
  `  hallucinated sentences: ${((100 * sum(counts, 'invented')) / sum(counts, 'sentences')).toFixed(1)} %`,
);
