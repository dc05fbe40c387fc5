import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');

it('reads findings and comparisons a line at a time, each answered before the next is asked', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'main/cli.ts', 'parse'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (text: string): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify({ text })}\n`);
    return JSON.parse((await answers.next()).value ?? 'null');
  };

  expect(await ask('Small left pleural effusion, no pneumothorax')).toEqual({
    findings: [
      { finding: 'pleural_effusion', state: 'present', side: 'left' },
      { finding: 'pneumothorax', state: 'absent' },
    ],
    comparison: null,
  });
  expect(await ask('Cardiomegaly is unchanged')).toEqual({
    findings: [{ finding: 'cardiomegaly', state: 'present' }],
    comparison: 'unchanged',
  });
  expect(await ask('Prior sternotomy')).toMatchObject({ comparison: null });

  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.stdin.end();
  expect(await ended).toBe(0);
});
