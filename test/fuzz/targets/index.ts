import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fromRoot } from '../../../.ci/root.js';
import type { Target } from './target.js';

type Group = [names: string, load: () => Promise<readonly Target[]>];

/** Every door through which foreign bytes come in; the parser first. What a door needs is loaded when it is opened. */
const groups: readonly Group[] = [
  ['parser', async () => [(await import('./parser.js')).parser]],
  [
    'rle deflate jpeg-baseline jpeg-progressive jpeg-12-bit jpeg-lossless jpeg-ls jpeg-2000 htj2k',
    async () => (await import('./codecs.js')).codecTargets,
  ],
  ['deidentify', async () => [(await import('./deidentify.js')).rewriter]],
  ['zip dicomdir structured-report', async () => (await import('./archives.js')).archiveTargets],
  [
    'fhir fhir-lines csv json json-lines markdown text docx pdf',
    async () => (await import('./documents.js')).documentTargets,
  ],
  ['ipc-window ipc-engine ipc-app ipc-reader', async () => (await import('./messages.js')).messageTargets],
];

export const targetNames: readonly string[] = groups.flatMap(([names]) => names.split(' '));

export async function findTarget(name: string): Promise<Target> {
  const group = groups.find(([names]) => names.split(' ').includes(name));
  const found = (await group?.[1]())?.find((one) => one.name === name);
  if (!found) throw new Error(`There is no target ${name}: ${targetNames.join(', ')}.`);
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
