/** The app killed without a warning in the middle of a draft leaves none of its processes behind. */
import { rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fromRoot } from '../../.ci/root.js';
import { descendants } from '../integration/faults/real-engine.js';
import { isAlive } from '../integration/isolate/processes.js';
import { openRealApp } from './real-app.js';

test.skipIf(process.platform !== 'linux')(
  'engine, readers and window end with an app that is killed',
  async () => {
    const { app, page, folder } = await openRealApp([fromRoot('test/sample/study')]);
    await page.getByTestId('draft-button').click();
    // Its own number: what was launched may be a watch around it.
    const main = await app.evaluate(() => process.pid);
    // Engine, a reader, and Chromium's own.
    await expect.poll(() => descendants(main).length).toBeGreaterThanOrEqual(4);
    const started = descendants(main);
    process.kill(main, 'SIGKILL');
    await expect.poll(() => [main, ...started].filter(isAlive)).toEqual([]);
    rmSync(folder, { recursive: true, force: true, maxRetries: 20 });
  },
);
