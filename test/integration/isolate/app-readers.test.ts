import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { type AppPort, launchByApp } from '../../../main/app-readers.js';
import type { FromEngine } from '../../../main/engine-messages.js';
import { type ReaderChild, ReaderProcesses } from '../../../main/window/reader-processes.js';

/** A port as Electron has them, in one process. */
class Port extends EventEmitter {
  peer: Port | undefined;
  readonly start = () => undefined;
  postMessage(data: unknown): void {
    this.peer?.emit('message', { data });
  }
}
class Reader extends EventEmitter {
  readonly pid = undefined;
  port: Port | undefined;
  postMessage(_message: unknown, [port]: unknown[]): void {
    if (port instanceof Port) this.port = port;
  }
}

/** Engine and app with what goes between them about readers, as `EngineProcess` passes it on. */
function connect() {
  const launched: Reader[] = [];
  const notes: string[] = [];
  const processes = new ReaderProcesses({
    launch: () => {
      const reader = new Reader();
      launched.push(reader);
      return reader as unknown as ReaderChild;
    },
    channel: () => {
      const [port1, port2] = [new Port(), new Port()];
      port1.peer = port2;
      port2.peer = port1;
      return { port1, port2 } as never;
    },
    onNote: (note) => notes.push(note),
  });
  const toEngine = new EventEmitter();
  const app: AppPort = {
    on: (event, listener) => toEngine.on(event, listener),
    postMessage(message: FromEngine) {
      if (message.kind === 'reader-kill') processes.kill(message.reader);
      if (message.kind !== 'reader-start') return;
      const { reader } = message;
      const exit = () => toEngine.emit('message', { data: { kind: 'reader-exit', reader }, ports: [] });
      const port = processes.start(reader, exit);
      queueMicrotask(() =>
        port ? toEngine.emit('message', { data: { kind: 'reader', reader }, ports: [port] }) : exit(),
      );
    },
  };
  return { launch: launchByApp(app), launched, notes, processes };
}
const settle = () => new Promise((resolve) => setTimeout(resolve));

test('the engine talks to a reader that the app started, and hears of its end', async () => {
  const { launch, launched, notes } = connect();
  const child = launch();
  const heard: unknown[] = [];
  child.onMessage((message) => heard.push(message));
  child.onExit(() => heard.push('exit'));
  await settle();
  const asked: unknown[] = [];
  launched[0]?.port?.on('message', ({ data }: { data: unknown }) => asked.push(data));
  child.post({ id: 1, task: 'scan', input: {} });
  launched[0]?.port?.postMessage({ kind: 'ready' });
  launched[0]?.emit('exit', 9);
  expect(asked).toEqual([{ id: 1, task: 'scan', input: {} }]);
  expect(heard).toEqual([{ kind: 'ready' }, 'exit']);
  expect(notes).toEqual(['reader: ended with code 9']);
});

test('an engine that asks for ever more readers gets no more', async () => {
  const { launch, launched } = connect();
  const ends: number[] = [];
  for (let n = 0; n < 20; n++) launch().onExit(() => ends.push(n));
  await settle();
  expect(launched).toHaveLength(8);
  expect(ends).toHaveLength(12);
});
