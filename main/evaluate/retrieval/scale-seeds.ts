/**
 * The real sentences that the synthetic corpus is drawn around, with their vectors: those of the knowledge base and, where the
 * data folder is at hand, of its reports and captions. Some are held out and asked as queries.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { findingsNamed } from '../../findings/index.js';
import { type Embed, readDocuments } from '../../retrieve/index.js';

export interface Seed {
  text: string;
  bodyRegion: string;
  findings: string[];
  /** [384], unit length. */
  semantic: Float32Array;
  /** [256], unit length. */
  joint: Float32Array;
}

export interface Seeds {
  /** Around which documents are drawn. */
  drawn: Seed[];
  /** Never drawn around: queries. */
  asked: Seed[];
}

type Sentence = Pick<Seed, 'text' | 'bodyRegion' | 'findings'>;

const semanticWidth = 384;
const jointWidth = 256;
const mostSentences = 9000;
/** Every so many sentences one is held out. */
const heldOutEvery = 12;
const batch = 256;

const Study = z.object({
  split: z.string(),
  findings: z.string().nullish(),
  impression: z.string().nullish(),
});
const Caption = z.object({ caption: z.string() });

/** Reads and embeds the seeds; their vectors are kept in `folder` and used again while the sentences are the same. */
export async function readSeeds(
  { knowledge, data }: { knowledge: string; data: string },
  embed: Embed,
  folder: string,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<Seeds> {
  const sentences = await readSentences(knowledge, data, signal);
  const hash = createHash('sha256').update(sentences.map(({ text }) => text).join('\n'));
  const file = join(folder, `seeds-${hash.digest('hex').slice(0, 16)}.f32`);
  const width = semanticWidth + jointWidth;
  let vectors: Float32Array;
  if (existsSync(file)) {
    const bytes = await readFile(file);
    vectors = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  } else {
    vectors = new Float32Array(sentences.length * width);
    for (let start = 0; start < sentences.length; start += batch) {
      onProgress?.(start, sentences.length);
      const texts = sentences.slice(start, start + batch).map(({ text }) => text);
      for (const [at, one] of (await embed(texts, { signal })).entries()) {
        vectors.set(one.semantic, (start + at) * width);
        vectors.set(one.joint, (start + at) * width + semanticWidth);
      }
    }
    await mkdir(folder, { recursive: true });
    await writeFile(file, vectors);
  }
  const seeds = sentences.map((sentence, at) => ({
    ...sentence,
    semantic: vectors.slice(at * width, at * width + semanticWidth),
    joint: vectors.slice(at * width + semanticWidth, (at + 1) * width),
  }));
  return {
    drawn: seeds.filter((_, at) => at % heldOutEvery !== 0),
    asked: seeds.filter((_, at) => at % heldOutEvery === 0),
  };
}

async function readSentences(
  knowledge: string,
  data: string,
  signal: AbortSignal | undefined,
): Promise<Sentence[]> {
  const { documents } = await readDocuments(knowledge, { signal });
  const found = documents.flatMap(({ bodyRegion, snippets }) =>
    snippets.map(({ text, findings }) => ({ text, bodyRegion, findings })),
  );
  const studies = join(data, 'iu_xray/studies.jsonl');
  if (existsSync(studies))
    for (const line of (await readFile(studies, 'utf8')).trim().split('\n')) {
      const study = Study.parse(JSON.parse(line));
      if (study.split !== 'val')
        found.push(...sentencesOf(`${study.findings ?? ''} ${study.impression ?? ''}`, 'chest'));
    }
  const captions = join(data, 'text/roco_ccby_captions.jsonl');
  if (existsSync(captions))
    for (const line of (await readFile(captions, 'utf8')).trim().split('\n'))
      found.push(...sentencesOf(Caption.parse(JSON.parse(line)).caption, 'whole-body').slice(0, 1));
  const distinct = new Map(found.map((sentence) => [sentence.text.toLowerCase(), sentence]));
  const all = [...distinct.values()];
  // Evenly, so that every source keeps its share.
  const step = Math.max(1, all.length / mostSentences);
  return Array.from({ length: Math.floor(all.length / step) }, (_, at) => all[Math.floor(at * step)]).filter(
    (sentence) => sentence !== undefined,
  );
}

const sentencesOf = (text: string, bodyRegion: string): Sentence[] =>
  text
    .split(/(?<=[.!?])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length >= 20 && sentence.length <= 300 && !sentence.includes('XXXX'))
    .map((sentence) => ({ text: sentence, bodyRegion, findings: findingsNamed(sentence) }));
