/**
 * The engine killed at random moments of the main job: `npx tsx test/bench/engine-kills.ts [--kills 100] [--seed 1]`. After each kill the
 * engine has to be back without help, all that was acknowledged has to be there, and what was not has to be there wholly or not at all.
 * Ends with 1 where anything is lost. See test/integration/faults/kills.ts for what is checked.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Random } from '../fuzz/random.js';
import { type Killing, prepare, runJob } from '../integration/faults/kills.js';
import { steps } from '../integration/faults/main-job.js';
import { percentile } from './percentile.js';

const { values } = parseArgs({
  options: { kills: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' } },
});
const wanted = Number(values.kills);
const seed = Number(values.seed);
const folder = mkdtempSync(join(tmpdir(), 'wetread-kills-'));
try {
  console.log(`${wanted} kills, seed ${seed}`);
  const template = join(folder, 'template');
  await prepare(template);
  // Twice: the first also waits for the programs to be compiled.
  await undisturbed(template);
  const usual = await undisturbed(template);
  const whole = [...usual.values()].reduce((sum, ms) => sum + ms, 0);
  console.log(`undisturbed: ${[...usual].map(([step, ms]) => `${step} ${Math.round(ms)}`).join(', ')} ms`);

  const killings: Killing[] = [];
  const losses: string[] = [];
  for (let job = 0; killings.length < wanted; job++) {
    const random = new Random(seed, job);
    const left = () => wanted - killings.length;
    // In some jobs kills come at any time, also while the engine comes back; in the others within steps, so that short ones are hit too.
    const anyTime = random.chance(0.4);
    const work = join(folder, `job-${job}`);
    mkdirSync(work);
    const result = await runJob(work, template, {
      delay: (step) => {
        if (left() <= 0) return undefined;
        if (anyTime)
          return step === 'start' || (step === 'again' && random.chance(0.8))
            ? random.below(whole)
            : undefined;
        const most = usual.get(step);
        return most !== undefined && random.chance(0.7) ? random.below(1000 * most) / 1000 : undefined;
      },
      onKill: (killing) => killings.push(killing),
    });
    losses.push(...result.losses.map((loss) => `job ${job}: ${loss}`));
    console.log(`job ${job}: ${result.kills} kills${result.losses.map((loss) => `; LOST ${loss}`).join('')}`);
    rmSync(work, { recursive: true, force: true });
  }

  console.log('\n| killed in | kills | not done | done | back after, median ms |\n|---|---|---|---|---|');
  for (const { name: step } of steps) {
    const here = killings.filter((killing) => killing.step === step);
    if (here.length === 0) continue;
    const done = here.filter((killing) => killing.outcome === 'done').length;
    const back = percentile(
      here.map(({ backMs }) => backMs),
      0.5,
    );
    console.log(`| ${step} | ${here.length} | ${here.length - done} | ${done} | ${Math.round(back)} |`);
  }
  const recovered = killings.filter(({ outcome }) => outcome !== 'lost').length;
  console.log(`\n${killings.length} kills, ${recovered} recoveries, ${losses.length} losses`);
  for (const loss of losses) console.log(loss);
  process.exitCode = losses.length > 0 || recovered < killings.length ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** How long each step takes when nobody disturbs it, in milliseconds. */
async function undisturbed(template: string): Promise<Map<string, number>> {
  const usual = new Map<string, number>();
  const work = join(folder, 'undisturbed');
  mkdirSync(work);
  const { losses } = await runJob(work, template, {
    delay: () => undefined,
    onKill: () => {},
    onStep: (step, ms) => usual.set(step, ms),
  });
  if (losses.length > 0) throw new Error(`Lost without a kill: ${losses.join('; ')}`);
  rmSync(work, { recursive: true, force: true });
  return usual;
}
