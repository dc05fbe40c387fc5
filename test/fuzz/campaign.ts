/* One target fuzzed to the end: its process is started, watched, and started again when it hangs, dies or grows. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, Order, Told } from './messages.js';

export interface CampaignOptions {
  /** The bundle of `child.ts`. */
  child: string;
  /** How many counters it has. */
  places: number;
  folder: string;
  seed: number;
  executions: number;
  /** Ends earlier, between two processes or where it is told. */
  untilMs: number;
  /** Ends earlier when somebody says so. */
  signal: AbortSignal;
  memoryMb: number;
  /** A process is given up when it says nothing for so long. */
  hangMs: number;
  /** After so many executions the process is replaced. */
  perProcess: number;
  /** Executes these files instead of made inputs. */
  files?: readonly string[];
  /** What an earlier run with this seed and folder did: it is gone on with. */
  earlier?: Outcome;
}

export interface Crasher extends Fault {
  execution: number;
  input: Uint8Array;
}

export interface Outcome {
  target: string;
  seed: number;
  executions: number;
  seconds: number;
  /** Places in the instrumented code that the seeds reached, and that were reached in the end. */
  seedHit: number;
  hit: number;
  kept: number;
  processes: number;
  /** Of the slowest execution: by the clock, above a second the processor's. */
  slowestMs: number;
  peakMb: number;
  /** The most that a process held more at its end than when it was warm. */
  growthMb: number;
  crashers: Crasher[];
  /** Of the files that were executed, those that reached something that none before them had, and how much. */
  fresh: { file: string; gain: number }[];
  /** Took more than a second of processor time, and came back. */
  slow: { execution: number; cpuMs: number; input: Uint8Array }[];
}

/** How often a process may be killed by its inputs before the campaign is given up. */
const mostDeaths = 40;
/** How often in a row it is given more time because it hardly ran: what waits for ever does not run either. */
const mostWaits = 6;
const startMs = 60_000;

export async function runCampaign(target: string, options: CampaignOptions): Promise<Outcome> {
  mkdirSync(options.folder, { recursive: true });
  const started = performance.now();
  const outcome: Outcome = {
    ...{ target, seed: options.seed, executions: 0, seconds: 0, seedHit: 0, hit: 0, kept: 0 },
    processes: 0,
    ...{ slowestMs: 0, peakMb: 0, growthMb: 0, crashers: [], slow: [], fresh: [] },
    ...options.earlier,
  };
  const earlierSeconds = outcome.seconds;
  const add = (crasher: Crasher) => {
    if (!outcome.crashers.some(({ signature }) => signature === crasher.signature))
      outcome.crashers.push(crasher);
  };
  let careful = false;
  let deaths = 0;
  const over = () => options.signal.aborted || Date.now() > options.untilMs;
  while (outcome.executions < options.executions && !over()) {
    const from = outcome.executions;
    const order: Order = {
      ...{ target, seed: options.seed, from, folder: options.folder, memoryMb: options.memoryMb, careful },
      places: options.places,
      to: Math.min(options.executions, from + (careful ? 20_000 : options.perProcess)),
      ...(options.files && { files: options.files }),
    };
    outcome.processes++;
    const lived = await live(order, options, outcome, add);
    if (lived.end === undefined) {
      careful = false;
      continue;
    }
    // Without notes nobody knows which input it was: the same executions once more, each written down before.
    if (!careful) {
      careful = true;
      continue;
    }
    careful = false;
    const current = join(options.folder, 'current');
    add({
      kind: lived.end,
      signature: `${lived.end} ${lived.how}`,
      execution: outcome.executions,
      input: existsSync(current) ? readFileSync(current) : new Uint8Array(),
    });
    if (!lived.ready || ++deaths > mostDeaths) break;
    outcome.executions++;
  }
  outcome.seconds = earlierSeconds + (performance.now() - started) / 1000;
  return outcome;
}

interface Lived {
  ready: boolean;
  /** How it ended, where it did not end by itself. */
  end?: 'hang' | 'death' | undefined;
  how: string;
}

/** One process from its start to its end. */
function live(
  order: Order,
  options: CampaignOptions,
  outcome: Outcome,
  add: (crasher: Crasher) => void,
): Promise<Lived> {
  return new Promise((resolve) => {
    const child: ChildProcess = fork(options.child, [], {
      execArgv: ['--max-old-space-size=1024', '--stack-size=3900'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let ready = false;
    let ended = false;
    let hung = false;
    let waits = 0;
    let warmMb = 0;
    let watch: NodeJS.Timeout;
    const look = (ms: number) => {
      clearTimeout(watch);
      const before = processorMs(child.pid);
      watch = setTimeout(() => {
        // On a busy machine it may only have waited for others.
        if (processorMs(child.pid) - before < ms / 2 && waits++ < mostWaits) return look(ms);
        hung = true;
        child.kill('SIGKILL');
      }, ms);
    };
    look(startMs);
    child.on('message', (message: Told) => {
      waits = 0;
      look(ready ? options.hangMs : startMs);
      switch (message.kind) {
        case 'ready':
          ready = true;
          if (order.from === 0) outcome.seedHit = message.hit;
          look(options.hangMs);
          break;
        case 'progress':
          outcome.executions = Math.max(outcome.executions, message.done);
          outcome.hit = Math.max(outcome.hit, message.hit);
          outcome.kept = Math.max(outcome.kept, message.kept);
          outcome.peakMb = Math.max(outcome.peakMb, message.peakMb);
          outcome.slowestMs = Math.max(outcome.slowestMs, Math.ceil(message.slowestMs));
          if (warmMb === 0 && message.done > order.from + (order.to - order.from) / 5) warmMb = message.rssMb;
          if (warmMb > 0) outcome.growthMb = Math.max(outcome.growthMb, message.rssMb - warmMb);
          if (options.signal.aborted || Date.now() > options.untilMs) {
            ended = true;
            child.kill('SIGTERM');
          }
          break;
        case 'fault':
          add({
            ...message.fault,
            execution: message.execution,
            input: Buffer.from(message.input, 'base64'),
          });
          break;
        case 'fresh':
          outcome.fresh.push({ file: message.file, gain: message.gain });
          break;
        case 'slow':
          if (outcome.slow.length < 100)
            outcome.slow.push({ ...message, input: Buffer.from(message.input, 'base64') });
          break;
        case 'end':
          outcome.executions = Math.max(outcome.executions, message.done);
          ended = true;
          break;
      }
    });
    child.on('exit', (code, signal) => {
      clearTimeout(watch);
      resolve({
        ready,
        end: ended ? undefined : hung ? 'hang' : 'death',
        how: hung ? `over ${options.hangMs} ms` : `with ${signal ?? `code ${code}`}`,
      });
    });
    child.send(order);
  });
}

/** Time that a process has had of the processors, where Linux tells it; elsewhere that of the clock. */
function processorMs(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return performance.now();
  }
}
