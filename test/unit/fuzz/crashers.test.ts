import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fromRoot } from '../../../.ci/root.js';
import { withCounters } from '../../fuzz/instrument.js';
import { minimise } from '../../fuzz/minimise.js';
import { inputAt, Pool } from '../../fuzz/pool.js';
import { Random } from '../../fuzz/random.js';
import { findTarget } from '../../fuzz/targets/index.js';

const Summary = z.object({
  places: z.number(),
  targets: z.array(
    z.object({
      target: z.string(),
      executions: z.number(),
      hit: z.number(),
      kept: z.number(),
      slow: z.array(z.unknown()),
      crashers: z.array(z.object({ kind: z.string(), signature: z.string(), file: z.string() })),
    }),
  ),
});

const folder = mkdtempSync(join(tmpdir(), 'wetread-fuzz-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `test/fuzz/run.ts` as the command that it is. */
async function fuzz(name: string, ...args: string[]): Promise<z.infer<typeof Summary>> {
  await ended(start(name, ...args));
  return summaryOf(name);
}

function start(name: string, ...args: string[]): ChildProcess {
  const tsx = pathToFileURL(fromRoot('node_modules/tsx/dist/esm/index.mjs')).href;
  const run = ['--import', tsx, fromRoot('test/fuzz/run.ts'), ...args, '--out', join(folder, name)];
  return spawn(process.execPath, run, { stdio: 'inherit' });
}

const ended = (child: ChildProcess) => new Promise((resolve) => child.on('exit', resolve));
const summaryOf = (name: string) =>
  Summary.parse(JSON.parse(readFileSync(join(folder, name, 'summary.json'), 'utf8')));

const faults = ({ targets }: z.infer<typeof Summary>) =>
  targets.flatMap(({ target, crashers }) =>
    crashers.map(({ kind, signature }) => `${target}: ${kind}: ${signature}`),
  );

const kept = (kind: string): number =>
  existsSync(fromRoot('test/fuzz', kind))
    ? readdirSync(fromRoot('test/fuzz', kind), { recursive: true }).filter((name) =>
        String(name).endsWith('.bin'),
      ).length
    : 0;

describe('fuzzing', () => {
  it('finds nothing any more in what once broke a reader, nor in the corpus', async () => {
    const summary = await fuzz('replay', '--replay');
    expect(faults(summary)).toEqual([]);
    expect(summary.targets.filter(({ slow }) => slow.length > 0)).toEqual([]);
    const executed = summary.targets.reduce((sum, { executions }) => sum + executions, 0);
    expect(executed).toBe(kept('crashers') + kept('corpus'));
    expect(kept('crashers')).toBeGreaterThan(0);
  }, 600_000);

  it('finds nothing in a short run of each target, and is guided by what it reaches', async () => {
    const summary = await fuzz('short', '--executions', '150', '--seed', '7');
    expect(faults(summary)).toEqual([]);
    for (const { target, executions, hit } of summary.targets) {
      expect(executions, target).toBe(150);
      expect(hit, target).toBeGreaterThan(10);
    }
    const parser = summary.targets.find(({ target }) => target === 'parser');
    expect(parser?.kept).toBeGreaterThan(50);
  }, 600_000);
});

describe('a run that is told to end', () => {
  it('says what it did, and is gone on with', async () => {
    const child = start('stopped', '--target', 'rle', '--executions', '1000000000');
    const end = ended(child);
    const pool = join(folder, 'stopped', 'rle', 'pool');
    await expect.poll(() => existsSync(pool), { timeout: 200_000 }).toBe(true);
    child.kill('SIGTERM');
    await end;
    const done = summaryOf('stopped').targets[0]?.executions ?? Number.NaN;
    expect(done).toBeLessThan(1_000_000_000);
    const more = String(done + 100);
    const { targets } = await fuzz('stopped', '--resume', '--target', 'rle', '--executions', more);
    expect(targets[0]?.executions).toBe(done + 100);
    expect(faults({ places: 0, targets })).toEqual([]);
  }, 400_000);
});

describe('Random', () => {
  it('makes the same of a seed and an execution, and other things of others', () => {
    const words = (seed: number, execution: number) => {
      const random = new Random(seed, execution);
      return Array.from({ length: 8 }, () => random.word()).join();
    };
    expect(words(1, 5)).toBe(words(1, 5));
    expect(new Set([words(1, 5), words(1, 6), words(2, 5)]).size).toBe(3);
  });
});

describe('inputAt', () => {
  it('makes an input again from the seed, its number and what was kept before it', async () => {
    const target = await findTarget('dicomdir');
    const pool = Pool.open(join(folder, 'pool'), await target.seeds());
    const inputs = (from: Pool) =>
      Array.from({ length: 40 }, (_, at) => Buffer.from(inputAt(target, from, 3, at)));
    const first = inputs(pool);
    pool.add(100, Uint8Array.of(1, 2, 3));
    // Read back from its folder, with something found later in it.
    expect(inputs(Pool.open(join(folder, 'pool'), []))).toEqual(first);
    expect(new Set(first.map(String)).size).toBeGreaterThan(30);
    expect(Buffer.from(inputAt(target, pool, 4, 0))).not.toEqual(first[0]);
  });
});

describe('withCounters', () => {
  it('counts branches and leaves what the code does as it is', () => {
    const source = `'use strict';
      const é = (a) => a ?? 'none';
      function pick(n, ...rest) { if (n > 2) return 'many'; else if (n) { return é(rest[0]); } switch (n) { case 0: return n === 0 ? 'zero' : 'odd'; default: for (const x of rest) return x; } }
      return [pick(3), pick(1), pick(1, 'x'), pick(0), pick(NaN, 7)].join();`;
    const wrapped = `export function f() {${source}}`;
    const { code, next } = withCounters(wrapped, 5);
    const counters = new Uint8Array(64);
    const run = (text: string) =>
      new Function('fuzzCounters', `${text.replace('export ', '')}; return f();`)(counters);
    expect(run(code)).toBe(run(wrapped));
    expect(next).toBeGreaterThan(12);
    expect(counters.slice(0, 5).some(Boolean)).toBe(false);
    expect(counters.slice(5, next).filter(Boolean).length).toBeGreaterThan(8);
  });
});

describe('minimise', () => {
  it('leaves out what does not matter', async () => {
    const input = Uint8Array.from({ length: 200 }, (_, i) => i);
    const needed = async (bytes: Uint8Array) => bytes.includes(17) && bytes.includes(150);
    expect([...(await minimise(input, needed))]).toEqual([17, 150]);
  });
});
