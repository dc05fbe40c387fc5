/**
 * Fuzzes the readers of foreign bytes:
 *
 *   npx tsx test/fuzz/run.ts [--minutes N | --seconds N] [--executions N] [--target parser,jpeg-ls] [--seed S] [--memory MB] [--out FOLDER]
 *   npx tsx test/fuzz/run.ts --replay                       the corpus and all that once broke something
 *   npx tsx test/fuzz/run.ts --distil --out FOLDER          makes the corpus anew of what an earlier run found
 *   npx tsx test/fuzz/run.ts --target T --out FOLDER --input N   the input of execution N of an earlier run, on standard output
 *
 *   npx tsx test/fuzz/run.ts --resume --out FOLDER …        goes on with an earlier run that broke nothing, as far as its summary says
 *
 * With `--goal` a million executions on the parser and 100,000 on each other target, as the figures ask for.
 * With `--minutes` the time is shared out among the targets; with `--executions` each gets so many. Without either: five minutes.
 * Told to end (SIGINT, SIGTERM), it still says what it did.
 * Writes `<out>/summary.json` and, for each target, its pool and what broke it; ends with code 1 where anything did.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { fromRoot } from '../../.ci/root.js';
import { type Outcome, runCampaign } from './campaign.js';
import { buildChild } from './instrument.js';
import { inputAt, Pool } from './pool.js';
import { filesOf, findTarget, targetNames } from './targets/index.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    seconds: { type: 'string' },
    executions: { type: 'string' },
    target: { type: 'string' },
    seed: { type: 'string', default: '1' },
    memory: { type: 'string', default: '1024' },
    out: { type: 'string', default: fromRoot('.cache/fuzz') },
    replay: { type: 'boolean', default: false },
    goal: { type: 'boolean', default: false },
    distil: { type: 'boolean', default: false },
    resume: { type: 'boolean', default: false },
    input: { type: 'string' },
  },
});
const Summary = z.object({
  targets: z.array(
    z.object({
      ...{ target: z.string(), seed: z.number(), executions: z.number(), seconds: z.number() },
      ...{ seedHit: z.number(), hit: z.number(), kept: z.number(), processes: z.number() },
      ...{ slowestMs: z.number(), peakMb: z.number(), growthMb: z.number() },
      crashers: z.array(z.unknown()).length(0),
      slow: z.array(z.unknown()).length(0),
    }),
  ),
});
const names = values.target?.split(',') ?? targetNames;
for (const name of names) if (!targetNames.includes(name)) throw new Error(`There is no target ${name}.`);
const out = resolve(values.out);
const seed = Number(values.seed);
const hangMs = 5000;
const perProcess = 200_000;

async function fuzz(): Promise<void> {
  // Beside the root, so that the bundle finds packages and the project's own files as its sources do.
  const bundle = fromRoot('.cache', `fuzz-child-${process.pid}`);
  const places = await buildChild(bundle);
  const child = join(bundle, 'child.mjs');
  const told = values.seconds ? Number(values.seconds) / 60 : values.minutes && Number(values.minutes);
  const counted = values.executions || values.replay || values.goal || values.distil;
  const minutes = told || (counted ? Number.POSITIVE_INFINITY : 5);
  const executionsOf = (target: string) =>
    values.goal
      ? target === 'parser'
        ? 1_000_000
        : 100_000
      : Number(values.executions ?? Number.MAX_SAFE_INTEGER);
  const known = earlierRun();
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  const outcomes: Outcome[] = [];
  const end = Date.now() + minutes * 60_000;
  const one = async (at: number, target: string): Promise<void> => {
    const files = values.replay
      ? [...filesOf('crashers', target), ...filesOf('corpus', target)]
      : values.distil
        ? poolFiles(target)
        : undefined;
    if (files?.length === 0 || stop.signal.aborted) return;
    const earlier = known.find((one) => one.target === target);
    // What an earlier run found would make other inputs of the same seed.
    if (!values.distil && !earlier) rmSync(join(out, target), { recursive: true, force: true });
    const left = end - Date.now();
    const outcome = await runCampaign(target, {
      ...{ child, places, seed, hangMs, perProcess, memoryMb: Number(values.memory) },
      folder: join(out, target),
      signal: stop.signal,
      executions: files ? files.length : executionsOf(target),
      untilMs: Number.isFinite(left) ? Date.now() + left / (names.length - at) : Number.POSITIVE_INFINITY,
      ...(files && { files }),
      ...(earlier && { earlier }),
    });
    if (values.distil) keepCorpus(outcome);
    else keep(outcome);
    outcomes.push(outcome);
    console.log(lineOf(outcome));
    // After each, so that a run that is ended early has said what it did.
    writeFileSync(
      join(out, 'summary.json'),
      `${JSON.stringify({ places, targets: outcomes.map(plain) }, null, 2)}\n`,
    );
  };
  const waiting = [...names.entries()];
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await one(...next);
  };
  // What is replayed takes less time than the start of its process.
  await Promise.all(values.replay ? [lane(), lane()] : [lane()]);
  rmSync(bundle, { recursive: true, force: true });
  const failed = outcomes.filter(({ crashers }) => crashers.length > 0);
  const total = outcomes.reduce((sum, one) => sum + one.executions, 0);
  console.log(
    `${total} executions on ${outcomes.length} targets, ${failed.length === 0 ? 'nothing broke' : `${failed.map(({ target }) => target).join(', ')} broke`}; ${join(out, 'summary.json')}`,
  );
  process.exitCode = failed.length > 0 ? 1 : 0;
}

/** What the summary in the folder says of an earlier run with this seed. */
function earlierRun(): Outcome[] {
  const file = join(out, 'summary.json');
  if (!values.resume || !existsSync(file)) return [];
  const { targets } = Summary.parse(JSON.parse(readFileSync(file, 'utf8')));
  return targets
    .filter((one) => one.seed === seed)
    .map((one) => ({ ...one, crashers: [], slow: [], fresh: [] }));
}

const nameOf = (bytes: Uint8Array) => `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.bin`;

const mostKept = { files: 24, bytes: 8192 };

/** The seeds that the target wrote, then what a run found and the corpus that it began with, short ones first. */
function poolFiles(target: string): string[] {
  const folder = join(out, target, 'pool');
  if (!existsSync(folder)) return [];
  const corpus = new Set(filesOf('corpus', target).map((file) => basename(file)));
  return readdirSync(folder)
    .map((name) => {
      const file = join(folder, name);
      const seed = name.endsWith('_0') && !corpus.has(nameOf(readFileSync(file)));
      if (seed) written.add(file);
      return { file, size: seed ? 0 : statSync(file).size };
    })
    .sort((a, b) => a.size - b.size)
    .map(({ file }) => file);
}
/** Seeds among the files of pools. */
const written = new Set<string>();

/** Makes the corpus of a target anew, of the short inputs of a run that add the most to what is reached. */
function keepCorpus({ target, fresh }: Outcome): void {
  const folder = fromRoot('test/fuzz/corpus', target);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const found = fresh
    .filter(({ file }) => !written.has(file) && statSync(file).size <= mostKept.bytes)
    .sort((a, b) => b.gain - a.gain);
  for (const { file } of found.slice(0, mostKept.files)) {
    const bytes = readFileSync(file);
    writeFileSync(join(folder, nameOf(bytes)), bytes);
  }
}

/** Writes what broke the target, and what was slow, as files. */
function keep({ target, crashers, slow }: Outcome): void {
  for (const [kind, inputs] of [
    ['crashers', crashers],
    ['slow', slow],
  ] as const) {
    if (inputs.length === 0) continue;
    const folder = join(out, target, kind);
    mkdirSync(folder, { recursive: true });
    for (const { input } of inputs) writeFileSync(join(folder, nameOf(input)), input);
  }
}

function lineOf(one: Outcome): string {
  const rate = Math.round(one.executions / one.seconds);
  const broke = one.crashers
    .map(({ kind, signature, execution }) => `\n  ${kind} at ${execution}: ${signature}`)
    .join('');
  return `${one.target}: ${one.executions} executions, ${rate}/s, ${one.seedHit} → ${one.hit} places, ${one.kept} kept, peak ${one.peakMb} MB, growth ${one.growthMb} MB, slowest ${one.slowestMs} ms, ${one.slow.length} slow, ${one.crashers.length} faults${broke}`;
}

const plain = ({ crashers, slow, fresh: _, ...rest }: Outcome) => ({
  ...rest,
  perSecond: Math.round(rest.executions / rest.seconds),
  crashers: crashers.map(({ input, ...fault }) => ({
    ...fault,
    bytes: input.length,
    file: nameOf(input),
  })),
  slow: slow.map(({ input, execution, cpuMs }) => ({ execution, cpuMs, file: nameOf(input) })),
});

if (values.input !== undefined) {
  const target = await findTarget(names[0] ?? '');
  const pool = Pool.open(join(out, target.name, 'pool'), []);
  process.stdout.write(inputAt(target, pool, seed, Number(values.input)));
} else await fuzz();
