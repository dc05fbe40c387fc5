/**
 * The app as its user feels it, on the sample study: `npx tsx test/bench/app.ts`. Launch to interactive, open to first image, draft in the
 * window, and the memory of all its processes with one chest study open (proportional set size, Linux).
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { buildApp } from '../../.ci/build.js';
import { driveApp } from '../../.ci/drive.js';
import { obtainElectron } from '../../.ci/electron.js';
import { hasDisplay, onDisplay, prepareLinux } from '../../.ci/linux.js';
import { percentile } from './percentile.js';

const launches = 7;
const drafts = 20;

const { executable } = await obtainElectron(console.log);
prepareLinux(executable, console.log);
await buildApp(console.log);
if (hasDisplay) await measure();
else {
  const [command, args] = onDisplay(process.execPath, ['--import', 'tsx', import.meta.filename]);
  process.exitCode = spawnSync(command, args, { stdio: 'inherit' }).status ?? 1;
}

async function measure(): Promise<void> {
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`);
  const folder = mkdtempSync(join(tmpdir(), 'wetread-bench-'));
  const interactive: number[] = [];
  const firstImage: number[] = [];
  const laterImage: number[] = [];
  try {
    // The first launch builds the indices and is not counted.
    for (let i = 0; i <= launches; i++) {
      const started = performance.now();
      const { app, page } = await driveApp(executable, folder);
      try {
        await page.getByTestId('open-sample').or(page.getByTestId('worklist-row')).first().waitFor();
        await page.getByTestId('view-indices').click();
        await page.getByTestId('view-reading').click();
        const ready = performance.now() - started;
        if (i === 0) {
          await page.getByTestId('open-sample').click();
          await page.locator('[data-testid="viewport-1"][data-image-ready="true"]').waitFor();
          await page.getByTestId('draft-button').click();
          await page.getByTestId('sentence').first().waitFor({ timeout: 180_000 });
          continue;
        }
        interactive.push(ready);
        // The window settles as it does while a radiologist reaches for the mouse.
        await page.waitForTimeout(2000);
        for (let round = 0; round < 4; round++) {
          const ms = await openSample(page);
          (round === 0 ? firstImage : laterImage).push(ms);
        }
        if (i < launches) continue;

        const inWindow: number[] = [];
        for (let round = 0; round < drafts; round++) {
          const begun = performance.now();
          await page.evaluate(async () => {
            const [row] = await window.wetread.call('study.list', {});
            if (!row) throw new Error('The worklist is empty.');
            await window.wetread.call('report.draft', { study: row.study, task: 'bench' });
          });
          if (round > 0) inWindow.push(performance.now() - begun);
        }
        print('draft of the two-view sample, from the window', inWindow, 'ms');
        const pids = family(app.process().pid ?? 0);
        const megabytes = pids.map(proportionalMb);
        const total = megabytes.reduce((sum, mb) => sum + mb, 0);
        console.log(
          `memory of all ${pids.length} processes, one study open and drafted: ${total.toFixed(0)} MB`,
        );
      } finally {
        await app.close();
      }
    }
    print('launch to interactive', interactive, 'ms');
    print('open to first image, the first study after launch', firstImage, 'ms');
    print('open to first image, every later study', laterImage, 'ms');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes the study off the worklist, opens it from its files again, and times from the click to the frame that shows the image. */
async function openSample(page: Page): Promise<number> {
  await page.evaluate(async () => {
    for (const { study } of await window.wetread.call('study.list', {}))
      await window.wetread.call('study.close', { study });
  });
  await page.getByTestId('open-sample').waitFor();
  return page.evaluate(async () => {
    const button = document.querySelector('[data-testid="open-sample"]');
    if (!(button instanceof HTMLElement)) throw new Error('The sample cannot be opened.');
    const begun = performance.now();
    button.click();
    while (!document.querySelector('[data-testid="viewport-0"][data-image-ready="true"]'))
      await new Promise(requestAnimationFrame);
    return performance.now() - begun;
  });
}

function print(name: string, values: number[], unit: string): void {
  const at = (p: number) => percentile(values, p).toFixed(0);
  console.log(`${name}: p50 ${at(0.5)}, p95 ${at(0.95)}, n ${values.length} (${unit})`);
}

/** A process and all its descendants. */
function family(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended between the listing and the reading.
    }
  }
  const members = [root];
  for (const member of members)
    members.push(...[...parents].filter(([, parent]) => parent === member).map(([pid]) => pid));
  return members;
}

/** Proportional set size: shared pages counted once over all that share them. */
function proportionalMb(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) / 1024;
}
