/** Zero connections by default: the main job, and what of the knowledge needs no location, with every system call watched. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canWatch, trafficIn, watchedExecutable, watchVariable } from '../../.ci/network-watch.js';
import { fromRoot } from '../../.ci/root.js';
import { openRealApp } from './real-app.js';

/** Where the whole run is watched from outside, one watch cannot hold another. */
const can = canWatch() && !process.env[watchVariable];
if (!can) console.warn('Skipped: watching the network needs Linux and strace, and no watch around it.');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-network-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!can)('the watch sees a connection, a datagram and a listener', () => {
  const trace = join(folder, 'control.trace');
  const code = `
    require('net').connect(9, '127.0.0.1').on('error', () => {});
    require('dgram').createSocket('udp4').send('x', 9, '127.0.0.1', function () { this.close?.(); process.exit(); });
    require('net').createServer().listen(0, '0.0.0.0').unref();`;
  spawnSync(watchedExecutable(process.execPath, trace), ['-e', code]);
  const { connections, openListeners } = trafficIn(trace);
  expect(connections.length).toBeGreaterThanOrEqual(2);
  expect(openListeners.length).toBeGreaterThanOrEqual(1);
});

test.skipIf(!can)('opens, drafts, asks, signs and exports without one connection', async () => {
  const trace = join(folder, 'app.trace');
  const real = await openRealApp([fromRoot('test/sample/study')], { trace });
  try {
    await real.page.getByTestId('worklist-row').waitFor();
    const state = await real.page.evaluate(async () => {
      const { call } = window.wetread;
      const [row] = await call('study.list', {});
      const study = row?.study ?? '';
      const report = await call('report.draft', { study, task: 'draft' });
      await call('ask', { study, question: 'When is a pneumothorax under tension?' });
      await call('case.similar', { study, limit: 5 });
      await call('index.search', { query: 'pulmonary nodule follow-up', modality: 'CT' });
      const preliminary = await call('report.toPreliminary', { report: report.id });
      return preliminary.state;
    });
    expect(state).toBe('preliminary');
  } finally {
    await real.close();
  }
  const { calls, connections, openListeners } = trafficIn(trace);
  expect(calls).toBeGreaterThan(0);
  expect(connections).toEqual([]);
  expect(openListeners).toEqual([]);
});
