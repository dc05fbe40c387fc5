import { describe, expect, it } from 'vitest';
import { Tasks } from '../../../main/tasks.js';
import type { Progress } from '../../../preload/values.js';

describe('Tasks', () => {
  it('tells of progress, and of the end even when the work fails', async () => {
    const told: Progress[] = [];
    const tasks = new Tasks((progress) => told.push(progress));
    await tasks.run('a', 'Working', async (_signal, report) => report(3, 3, 'Nearly there'));
    expect(told.at(0)).toEqual({ task: 'a', label: 'Working', done: 0, total: 0 });
    expect(told).toContainEqual({ task: 'a', label: 'Nearly there', done: 3, total: 3 });
    expect(told.at(-1)).toMatchObject({ task: 'a', done: 1, total: 1 });
    const before = told.length;
    await expect(tasks.run('b', 'Failing', async () => Promise.reject(new Error('no')))).rejects.toThrow(
      'no',
    );
    expect(told.length).toBeGreaterThan(before);
    expect(told.at(-1)).toMatchObject({ task: 'b', done: 1, total: 1 });
  });

  it('cancels the task of a name and no other', async () => {
    const tasks = new Tasks(() => {});
    const untilAborted = (signal: AbortSignal) =>
      new Promise<string>((resolve) => signal.addEventListener('abort', () => resolve('aborted')));
    let otherAborted = false;
    const one = tasks.run('one', 'One', untilAborted);
    const two = tasks.run('two', 'Two', async (signal) => {
      signal.addEventListener('abort', () => {
        otherAborted = true;
      });
      return 'done';
    });
    tasks.cancel('one');
    tasks.cancel('nobody');
    expect(await one).toBe('aborted');
    expect(await two).toBe('done');
    expect(otherAborted).toBe(false);
  });
});
