/* The process under test: executes inputs one after the other and tells its parent, which watches the clock and takes note when it dies. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Coverage } from './coverage.js';
import { faultOf } from './judge.js';
import type { Fault, Order, Told } from './messages.js';
import { minimise } from './minimise.js';
import { inputAt, Pool } from './pool.js';
import { findTarget, seedsOf } from './targets/index.js';
import { keepCompiled } from './wasm.js';

const slowMs = 1000;
/** An execution that took so long is asked for its memory. */
const lookMs = 4;
/** How long the event loop may stand still between two executions. */
const turnMs = 100;

const tell = (message: Told) => process.send?.(message);
const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
const peakMb = () => Math.round(process.resourceUsage().maxRSS / 1024);

async function work(order: Order): Promise<void> {
  const target = await findTarget(order.target);
  const coverage = new Coverage(order.places);
  keepCompiled(coverage);
  const known = new Set<string>();
  let execution = order.from;
  let slowestMs = 0;
  let input: Uint8Array = new Uint8Array();

  const report = (fault: Fault, at = execution, bytes = input) => {
    if (known.has(fault.signature)) return;
    known.add(fault.signature);
    tell({ kind: 'fault', execution: at, fault, input: Buffer.from(bytes).toString('base64') });
  };
  const escaped = (thrown: unknown) =>
    report({ kind: 'escaped', signature: faultOf(thrown) ?? `escaped: ${String(thrown)}` });
  process.on('uncaughtException', escaped);
  process.on('unhandledRejection', target.inReader ? () => undefined : escaped);

  const attempt = async (): Promise<void> => {
    try {
      const pending = target.run(input);
      if (pending) await pending;
      if (target.goesOn) await turn();
    } catch (thrown) {
      const signature = faultOf(thrown);
      if (signature !== undefined && !known.has(signature))
        report(
          { kind: 'thrown', signature },
          execution,
          await minimise(input, (bytes) => throwsSame(bytes, signature)),
        );
    }
  };

  const throwsSame = async (bytes: Uint8Array, signature: string): Promise<boolean> => {
    try {
      await target.run(bytes);
      return false;
    } catch (thrown) {
      return faultOf(thrown) === signature;
    }
  };

  /** Whether the memory is still below the cap. */
  const execute = async (): Promise<boolean> => {
    if (order.careful) writeFileSync(join(order.folder, 'current'), input);
    const before = performance.now();
    await attempt();
    const tookMs = performance.now() - before;
    slowestMs = Math.max(slowestMs, tookMs > slowMs ? await again() : tookMs);
    // What fills hundreds of megabytes takes its time; to ask the system each time would take longer than most executions.
    if (tookMs < lookMs || peakMb() <= order.memoryMb) return true;
    report({ kind: 'memory', signature: `more than ${order.memoryMb} MB` });
    return false;
  };

  /** On a busy machine an execution may only have waited for others: once more, by the processor's time, in ms. */
  const again = async (): Promise<number> => {
    const start = process.cpuUsage();
    await attempt();
    const { user, system } = process.cpuUsage(start);
    const cpuMs = Math.round((user + system) / 1000);
    if (cpuMs > slowMs)
      tell({ kind: 'slow', execution, cpuMs, input: Buffer.from(input).toString('base64') });
    return cpuMs;
  };

  const files = order.files;
  if (files) {
    tell({ kind: 'ready', hit: 0 });
    for (; execution < Math.min(order.to, files.length); execution++) {
      const file = files[execution] ?? '';
      input = readFileSync(file);
      coverage.clear();
      await execute();
      const gain = coverage.take();
      if (gain > 0) tell({ kind: 'fresh', file, gain });
      await turn();
      tell({
        kind: 'progress',
        ...{ done: execution + 1, hit: coverage.hit, kept: 0, rssMb: 0, peakMb: peakMb(), slowestMs },
      });
    }
    await target.dispose?.();
    return void tell({ kind: 'end', done: execution });
  }

  const pool = Pool.open(join(order.folder, 'pool'), await seedsOf(target));
  // What was kept covers all that was ever reached.
  for (const { bytes } of pool.kept) {
    input = bytes;
    coverage.clear();
    await execute();
    coverage.take();
  }
  // What is loaded with the first of them is none of theirs.
  slowestMs = 0;
  await turn();
  tell({ kind: 'ready', hit: coverage.hit });
  const progress = () =>
    tell({
      kind: 'progress',
      done: execution,
      hit: coverage.hit,
      kept: pool.kept.length,
      rssMb: megabytes(process.memoryUsage.rss()),
      peakMb: peakMb(),
      slowestMs,
    });
  let turned = performance.now();
  for (; execution < order.to; execution++) {
    input = inputAt(target, pool, order.seed, execution);
    coverage.clear();
    const within = await execute();
    if (coverage.take() > 0) pool.add(execution, input);
    if (!within) {
      execution++;
      break;
    }
    if (performance.now() - turned > turnMs) {
      progress();
      await turn();
      turned = performance.now();
    }
  }
  await turn();
  progress();
  await target.dispose?.();
  tell({ kind: 'end', done: execution });
}

process.once('message', (order: Order) => {
  void work(order).then(() => process.disconnect());
});
