/**
 * The real sentences that the synthetic corpus is drawn around, with their vectors: those of the knowledge base and, where the
 * data folder is at hand, of its reports and captions. Some are held out and asked as queries.
 */
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

const Sentence = z.object({ text: z.string(), bodyRegion: z.string(), findings: z.array(z.string()) });
type Sentence = z.infer<typeof Sentence>;

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

/** Reads and embeds the seeds. They stay in `folder` and are used from there as long as they are there, so that the corpus stays the same. */
export async function readSeeds(
  { knowledge, data }: { knowledge: string; data: string },
  embed: Embed,
  folder: string,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<Seeds> {
  const textFile = join(folder, 'seeds.json');
  const vectorFile = join(folder, 'seeds.f32');
  const width = semanticWidth + jointWidth;
  let sentences: Sentence[];
  let vectors: Float32Array;
  if (existsSync(textFile)) {
    sentences = z.array(Sentence).parse(JSON.parse(await readFile(textFile, 'utf8')));
    const bytes = await readFile(vectorFile);
    vectors = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  } else {
    sentences = await readSentences(knowledge, data, signal);
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
    await writeFile(vectorFile, vectors);
    await writeFile(textFile, JSON.stringify(sentences));
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
  const found: Sentence[] = documents.flatMap(({ bodyRegion, snippets }) =>
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
