/** The app killed without a warning in the middle of a draft leaves none of its processes behind. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromRoot } from '../../.ci/root.js';
import { descendants } from '../integration/faults/real-engine.js';
import { isAlive } from '../integration/isolate/processes.js';
import { openRealApp } from './real-app.js';

test.skipIf(process.platform !== 'linux')(
  'engine, readers and window end with an app that is killed',
  {
    timeout: 120_000,
  },
  async () => {
    const { app, page, folder } = await openRealApp([fromRoot('test/sample/study')]);
    await page.getByTestId('draft-button').click();
    const main = app.process();
    const started = descendants(main.pid ?? 0);
    // Engine, a reader, and Chromium's own.
    expect(started.length).toBeGreaterThanOrEqual(4);
    const gone = new Promise((resolve) => main.once('exit', resolve));
    main.kill('SIGKILL');
    await gone;
    await expect.poll(() => started.filter(isAlive), { timeout: 60_000 }).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  },
);
