/** Runs the main job on an engine that is killed meanwhile, and looks after each kill whether anything was lost. */
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createEngine } from '../../../main/engine.js';
import { openTrust } from '../../../main/trust/index.js';
import { isAlive, until } from '../isolate/processes.js';
import { checkJob, checkTrail, isKilled, newJob, steps, writeDocuments } from './main-job.js';
import { RealEngine, root } from './real-engine.js';

/** A kill and what became of it. `backMs`: until the engine had answered what the job asked of it. */
export interface Killing {
  step: string;
  outcome: 'done' | 'undone' | 'lost';
  backMs: number;
}

export interface Killer {
  /** Asked as a step begins ('start': the job; 'again': after a recovery): milliseconds until the engine is killed, undefined for not. */
  delay(step: string): number | undefined;
  onKill(killing: Killing): void;
  /** How long a step took that was not killed. */
  onStep?(step: string, ms: number): void;
}

/** Makes a data folder whose indices are built, to start jobs from. */
export async function prepare(dataFolder: string, documentsFolder = join(root, 'indices')): Promise<void> {
  const packsFolder = join(root, 'models');
  await trustKnowledge(dataFolder, documentsFolder);
  const engine = await createEngine({ dataFolder, packsFolder, documentsFolder, user: 'reader' });
  await engine.ready();
  await engine.dispose();
}

/** Trusts documents of ours, as a user does who has made them. */
export async function trustKnowledge(dataFolder: string, documentsFolder: string): Promise<void> {
  const trust = openTrust(dataFolder);
  const places = { packFolders: [], documentsFolder };
  for (const { digest } of (await trust.list(places)).waiting) await trust.accept(digest, places, 'reader');
}

/** Does the main job in `work`, beginning with a copy of what `prepare` made. Never throws: what goes wrong is a loss. */
export async function runJob(
  work: string,
  template: string,
  killer: Killer,
  documentsFolder?: string,
): Promise<{ kills: number; losses: string[] }> {
  const [dataFolder, folder] = [join(work, 'data'), join(work, 'files')];
  // One for all jobs: what killed ones leave would pile up there.
  const temporary = `${template}-temporary`;
  cpSync(template, dataFolder, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  writeDocuments(join(folder, 'import'));
  const engine = new RealEngine({
    dataFolder,
    temporary,
    ...(documentsFolder !== undefined && { documentsFolder }),
  });
  const job = newJob(engine, dataFolder, folder);
  let [kills, killed, unanswered] = [0, false, 0];
  let orphans: number[] = [];
  let timer: NodeJS.Timeout | undefined;
  const arm = (step: string) => {
    const delay = killer.delay(step);
    if (delay === undefined || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      // Down already, after too many losses in a minute: it waits to be called.
      if (!engine.runs) return;
      killed = true;
      kills += 1;
      unanswered += 1;
      orphans = [...orphans, ...engine.kill()];
    }, delay);
  };

  try {
    engine.process.start();
    arm('start');
    for (const { name, run, look } of steps) {
      arm(name);
      for (let state = 'undone'; state === 'undone'; ) {
        const begun = performance.now();
        try {
          await run(job);
          state = 'done';
          if (!killed) killer.onStep?.(name, performance.now() - begun);
        } catch (thrown) {
          if (!isKilled(thrown)) throw thrown;
        }
        if (!killed) continue;
        arm('again');
        // Killed again while it is looked at: it is looked at once more.
        while (killed) {
          killed = false;
          const from = performance.now();
          try {
            const acknowledged = state === 'done';
            if (!acknowledged) state = await look(job);
            await checkTrail(job);
            for (; unanswered > 0; unanswered--)
              killer.onKill({
                step: name,
                outcome: state === 'done' ? 'done' : 'undone',
                backMs: performance.now() - from,
              });
          } catch (thrown) {
            if (isKilled(thrown)) killed = true;
            else {
              killer.onKill({ step: name, outcome: 'lost', backMs: performance.now() - from });
              throw thrown;
            }
          }
        }
      }
    }
    clearTimeout(timer);
    timer = undefined;
    await checkJob(job);
    await until(() => !orphans.some(isAlive));
    const left = [...leftovers(dataFolder), ...leftovers(folder), ...pileOf(temporary)];
    if (left.length > 0) throw new Error(`left over: ${left.join(', ')}`);
    return { kills, losses: [] };
  } catch (thrown) {
    // What the engine printed on it comes behind the answer.
    await wait(300);
    const notes = engine.notes.filter((note) => !note.includes('lost with exit code')).join(' ');
    return { kills, losses: [`${thrown instanceof Error ? thrown.message : String(thrown)} ${notes}`] };
  } finally {
    clearTimeout(timer);
    await engine.dispose();
  }
}

/** Files that are only there while something is written. */
function leftovers(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && /\.(part|new|tmp)$|^store\.key\.|^pending\.json$/.test(one.name))
    .map((one) => relative(folder, join(one.parentPath, one.name)));
}

/** Temporary files beyond those of the engine that runs now: the readers' program, and what tsx has compiled. */
function pileOf(temporary: string): string[] {
  const names = readdirSync(temporary).filter((name) => !name.startsWith('tsx-'));
  const [, ...more] = names.filter((name) => name.startsWith('wetread-reader-'));
  return [...more, ...names.filter((name) => !name.startsWith('wetread-reader-'))];
}
