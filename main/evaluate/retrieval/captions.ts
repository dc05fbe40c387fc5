/** What else may lie in an index: figure captions and sample reports of all modalities, as distractors. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { IndexModality } from '../../../preload/values.js';
import { WetreadError } from '../../error.js';
import { routeBodyRegion, routeModality, type SourceDocument } from '../../retrieve/index.js';
import { caseDocument } from './case-document.js';

const Caption = z.object({ id: z.string(), caption: z.string() });
const Sample = z.object({ sample: z.string(), text: z.string() });

/** The modality that a text names, by the rules that route a study by its description. */
const modalityOf = (text: string): IndexModality | undefined =>
  routeModality({
    description: text,
    series: [{ uid: '', modality: 'OT', instances: [] }],
  });

/**
 * Distractors of a folder that holds `roco_ccby_captions.jsonl` and `mtsamples_radiology.jsonl`, those that name one of `modalities`.
 * @throws WetreadError `not-found`
 */
export async function readDistractors(
  folder: string,
  modalities: readonly IndexModality[],
): Promise<SourceDocument[]> {
  const captions = (await linesOf(join(folder, 'roco_ccby_captions.jsonl'))).map((line) => {
    const { id, caption } = Caption.parse(line);
    return {
      id: id.toLowerCase().replaceAll('_', '-'),
      title: caption.slice(0, 60),
      kind: 'caption',
      text: caption,
    };
  });
  const samples = (await linesOf(join(folder, 'mtsamples_radiology.jsonl'))).map((line, i) => {
    const { sample, text } = Sample.parse(line);
    return { id: `mtsamples-${i}`, title: sample.replace(/^\d+-/, '').trim(), kind: 'findings', text };
  });
  return [...captions, ...samples].flatMap(({ id, title, kind, text }) => {
    const modality = modalityOf(`${title} ${text}`);
    if (modality === undefined || !modalities.includes(modality)) return [];
    const bodyRegion = routeBodyRegion(text) ?? 'whole-body';
    const document = caseDocument({ id, title, modality, bodyRegion, sections: [{ kind, text }] }, []);
    return document.snippets.length > 0 ? [document] : [];
  });
}

async function linesOf(file: string): Promise<unknown[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new WetreadError('not-found', `There is no ${file}.`, { cause });
  });
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line));
}
