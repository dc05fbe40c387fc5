/** What is trusted, and the log, on a disk that is full: told in a sentence, and the old files stay. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTrust } from '../../../main/trust/index.js';
import { openLog } from '../../../main/window/log.js';
import { noSmallDisk, SmallDisk } from '../faults/small-disk.js';

const root = join(import.meta.dirname, '../../..');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wetread-full-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = (n: number) => Buffer.alloc(32, n + 1).toString('base64url');

/** Eight publishers: more than a kilobyte. */
async function trustMany(home: string): Promise<string> {
  const trust = openTrust(home);
  for (let n = 0; n < 8; n++) await trust.addPublisher({ name: `Lab ${n}`, key: key(n) }, 'ada');
  return readFileSync(join(home, 'trust.json'), 'utf8');
}

test.skipIf(process.platform === 'win32')(
  'by command, where files may not grow any more: a sentence, and the list as it was',

  async () => {
    const home = join(folder, 'home');
    const before = await trustMany(home);
    const { code, err } = await new Promise<{ code: unknown; err: string }>((resolve) =>
      execFile(
        'bash',
        // Without the trap the system would end the process instead of refusing the write.
        ['-c', 'trap \'\' XFSZ; ulimit -f 1; exec "$@"', 'bash', process.execPath].concat(
          ['--import', 'tsx', 'main/cli.ts'],
          ['trust', 'publisher', 'One more', key(99)],
        ),
        { cwd: root, env: { ...process.env, WETREAD_HOME: home } },
        (error, _out, said) => resolve({ code: error?.code, err: said }),
      ),
    );
    expect(err).toMatch(/The disk is full\. .*nothing was lost\. \(disk-full\)/);
    expect(code).toBe(1);
    expect(readFileSync(join(home, 'trust.json'), 'utf8')).toBe(before);
    expect(existsSync(join(home, 'trust.json.new'))).toBe(false);
  },
);

test.skipIf(noSmallDisk)(
  `on a disk that fills, list and log stay, and go on when there is room${noSmallDisk ? ` (skipped: ${noSmallDisk})` : ''}`,
  async () => {
    const disk = new SmallDisk(join(folder, 'disk'), 1);
    try {
      const home = join(disk.folder, 'home');
      const before = await trustMany(home);
      const log = openLog(join(disk.folder, 'logs'));
      const logged = () => readFileSync(join(disk.folder, 'logs', 'wetread.log'), 'utf8');
      log.note('before');
      disk.fill();
      const trust = openTrust(home);
      await expect(trust.addPublisher({ name: 'One more', key: key(99) }, 'ada')).rejects.toMatchObject({
        code: 'disk-full',
      });
      expect(readFileSync(join(home, 'trust.json'), 'utf8')).toBe(before);
      // The last page of the file has some room left.
      for (let n = 0; n < 200; n++) log.note(`while full ${'x'.repeat(80)}`);
      expect(logged()).toContain(' before\n');

      disk.free();
      await trust.addPublisher({ name: 'One more', key: key(99) }, 'ada');
      log.note('after');
      expect(logged()).toMatch(/\n\S+Z \d+ lines are missing here: the disk was full\n\S+Z after\n$/);
    } finally {
      disk.unmount();
    }
  },
);
