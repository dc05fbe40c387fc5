import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fromRoot } from '../../../.ci/root.js';
import { archiveTargets } from './archives.js';
import { codecTargets } from './codecs.js';
import { documentTargets } from './documents.js';
import { messageTargets } from './messages.js';
import { parser } from './parser.js';
import type { Target } from './target.js';

/** Every door through which foreign bytes come in; the parser first. */
export const targets: readonly Target[] = [
  parser,
  ...codecTargets,
  ...archiveTargets,
  ...documentTargets,
  ...messageTargets,
];

export function findTarget(name: string): Target {
  const found = targets.find((one) => one.name === name);
  if (!found) throw new Error(`There is no target ${name}: ${targets.map((one) => one.name).join(', ')}.`);
  return found;
}

/** Files that are kept of a target: `corpus`, what reached something new; `crashers`, what once broke it. */
export function filesOf(kind: 'corpus' | 'crashers', target: string): string[] {
  const folder = fromRoot('test/fuzz', kind, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.bin'))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** What a run begins with: written by the target itself, and the corpus. */
export async function seedsOf(target: Target): Promise<Uint8Array[]> {
  return [...(await target.seeds()), ...filesOf('corpus', target.name).map((file) => readFileSync(file))];
}
