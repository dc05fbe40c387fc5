import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { EngineProcess } from '../../../main/window/engine-process.js';
import type { EventName } from '../../../preload/calls.js';

const entry = join(import.meta.dirname, 'stub-engine.ts');
const start = { dataFolder: 'data', packsFolder: 'packs', documentsFolder: 'documents' };
const running: EngineProcess[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((engine) => engine.dispose()));
});

/** The engine's process as a Node child, which posts and ends as Electron's utility process does. */
function openEngine(user = 'reader') {
  const children: ChildProcess[] = [];
  const events: [EventName, unknown][] = [];
  const notes: string[] = [];
  const engine = new EngineProcess({
    launch: () => {
      const child = fork(entry, { execArgv: ['--import', 'tsx'], serialization: 'advanced' });
      children.push(child);
      return {
        postMessage: (message) => child.send(message),
        on: (event: 'message' | 'exit', listener: (value: never) => void) =>
          child.on(event, (value: unknown) => listener(value as never)),
        kill: () => child.kill('SIGKILL'),
      };
    },
    start: { ...start, user },
    onEvent: (name, value) => events.push([name, value]),
    onNote: (note) => notes.push(note),
  });
  running.push(engine);
  return { engine, children, events, notes };
}

test('calls made before the engine is open are answered, images come as bytes, events come through', async () => {
  const { engine, events } = openEngine();
  engine.start();
  expect(await engine.call('study.list', {})).toBe('reader');
  expect(await engine.frame('1.2', '1.3', 9)).toEqual(new Uint8Array([9]));
  expect(await engine.thumbnail('1.2', '1.3')).toEqual(new Uint8Array([0xff, 0xd8]));
  expect(await engine.caseImage('ward', 'case-1', 4)).toEqual(new Uint8Array([4]));
  expect(events).toEqual([
    ['engine', { state: 'starting' }],
    ['worklist', {}],
    ['engine', { state: 'ready' }],
  ]);
});

test('an error crosses with its code and its sentence', async () => {
  const { engine } = openEngine();
  await expect(engine.call('report.sign', { report: '1', by: 'A' })).rejects.toMatchObject({
    code: 'flag-open',
    message: 'A flag is open.',
  });
});

test('a lost engine refuses what was pending, says so, and comes back', async () => {
  const { engine, children, events, notes } = openEngine();
  await engine.call('study.list', {});
  const pending = engine.call('task.cancel', { task: 'x' });
  const fatal = engine.call('study.close', { study: '1' });
  await expect(pending).rejects.toMatchObject({ code: 'engine-lost' });
  await expect(fatal).rejects.toMatchObject({ code: 'engine-lost' });
  expect(await engine.call('study.list', {})).toBe('reader');
  expect(children).toHaveLength(2);
  expect(events.map(([name, value]) => (name === 'engine' ? Object(value).state : name))).toEqual([
    ...['starting', 'worklist', 'ready', 'lost'],
    ...['starting', 'worklist', 'ready'],
  ]);
  expect(notes).toEqual(['engine: lost with exit code 7, 2 calls pending']);
});

test('an engine that dies again and again stays down until it is called', async () => {
  const { engine, children } = openEngine();
  for (let loss = 0; loss < 4; loss++)
    await expect(engine.call('study.close', { study: '1' })).rejects.toMatchObject({ code: 'engine-lost' });
  expect(children).toHaveLength(4);
  expect(engine.state.state).toBe('lost');
  expect(await engine.call('study.list', {})).toBe('reader');
  expect(children).toHaveLength(5);
});

test('an engine that cannot be opened tells why, to the window and to every call', async () => {
  const { engine } = openEngine('nobody');
  await expect(engine.call('study.list', {})).rejects.toMatchObject({ code: 'store-damaged' });
  await expect.poll(() => engine.state).toEqual({ state: 'lost', message: 'The store cannot be opened.' });
});

test('disposing lets the process end by itself', async () => {
  const { engine, children } = openEngine();
  await engine.call('study.list', {});
  await engine.dispose();
  expect(children[0]?.exitCode).toBe(0);
});
