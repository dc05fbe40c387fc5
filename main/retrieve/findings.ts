import { z } from 'zod';
import vocabulary from '../../models/training/findings.json' with { type: 'json' };

const findings = z
  .array(z.object({ id: z.string(), name: z.string() }))
  .parse(vocabulary)
  .map(({ id, name }) => ({
    id,
    name,
    phrases: [id.replaceAll('_', ' '), ...name.split(/ or |, /)].map(stems).filter((s) => s.length > 0),
  }));

/** Ids of the finding vocabulary, in its own order. */
export const findingIds: ReadonlySet<string> = new Set(findings.map((finding) => finding.id));

/** Name of a finding as a reader would say it; an unknown id is read word by word. */
export function findingName(id: string): string {
  return findings.find((finding) => finding.id === id)?.name ?? id.replaceAll('_', ' ');
}

/**
 * The findings that a text names, by the words of their names (any order, endings ignored). It does not read negation:
 * "no pleural effusion" speaks of pleural effusion.
 */
export function findingsNamed(text: string): string[] {
  const words = new Set(stems(text));
  return findings
    .filter(({ phrases }) => phrases.some((phrase) => phrase.every((word) => words.has(word))))
    .map(({ id }) => id);
}

const stopWords = new Set(['of', 'a', 'the', 'other', 'and', 'old']);

/** Words in lower case without the endings that change between singular, plural and spelling. */
function stems(text: string): string[] {
  return (text.toLowerCase().match(/[a-z]+/g) ?? [])
    .filter((word) => !stopWords.has(word))
    .map((word) =>
      word
        .replace(/oedema/, 'edema')
        .replace(/(?:ses|sis)$/, 's')
        .replace(/(?<=[a-z]{3})(?:ies|y)$/, 'i')
        .replace(/(?<=[a-z]{3})s$/, ''),
    );
}
