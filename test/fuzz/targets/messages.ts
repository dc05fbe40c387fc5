import { join } from 'node:path';
import type { BrowserWindow, IpcMain } from 'electron';
import type { EngineOptions } from '../../../main/engine.js';
import { FromEngine, ToEngine } from '../../../main/engine-messages.js';
import { WetreadError } from '../../../main/error.js';
import { Reader } from '../../../main/isolate/reader.js';
import { serveEngine } from '../../../main/serve-engine.js';
import { origin } from '../../../main/window/content.js';
import { EngineProcess } from '../../../main/window/engine-process.js';
import { GrantedPaths } from '../../../main/window/granted-paths.js';
import { appCalls, CallResult, calls, events } from '../../../preload/calls.js';
import { channels } from '../../../preload/channels.js';
import { scratchFolder } from '../scratch.js';
import { sampleOf } from '../seeds/messages.js';
import { mutateJson } from '../shape/json.js';
import { failWith, type Target, text } from './target.js';

/*
 * Messages between window, app, engine and readers. Inputs are JSON; what only the wire of a process can carry is written as
 * `{"$": "NaN"}` and the like.
 */

const carried: Readonly<Record<string, () => unknown>> = {
  NaN: () => Number.NaN,
  undefined: () => undefined,
  infinity: () => Number.NEGATIVE_INFINITY,
  bigint: () => 10n ** 30n,
  date: () => new Date(Number.NaN),
  map: () => new Map([['study', 'x']]),
  bytes: () => new Uint8Array(16),
  cycle: () => {
    const round: Record<string, unknown> = {};
    round.round = round;
    return round;
  },
};

function parse(input: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(input).toString('utf8'), (_, value: unknown) =>
      typeof value === 'object' && value !== null && '$' in value && Object.hasOwn(carried, String(value.$))
        ? carried[String(value.$)]?.()
        : value,
    );
  } catch {
    return undefined;
  }
}

const field = (message: unknown, key: string): unknown =>
  typeof message === 'object' && message !== null ? Reflect.get(message, key) : undefined;

const keys =
  '$ kind id name input study report sentence text task paths dataset documents query limit offset filters modality value error code message instance frame channel url answer user password reader resident why detail'.split(
    ' ',
  );
const words = [
  ...Object.keys(carried).map((name) => text(`{"$":"${name}"}`)),
  ...[...Object.keys(calls), ...Object.keys(appCalls), ...Object.keys(events)].map((name) =>
    text(`"${name}"`),
  ),
  ...['"__proto__"', '"constructor"', 'null', '-1', '1e400', '[]', '{}', '"/granted/../etc"', '"s3://x"'].map(
    text,
  ),
];
const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const messageTarget = (name: string, seeds: () => Uint8Array[], run: Target['run']): Target => ({
  ...{ name, maxBytes: 1 << 14, goesOn: true, seeds, run, dictionary: words },
  mutate: (input, random) => mutateJson(input, random, keys),
});

const granted = '/granted';

/** What the window may send: only our own page is answered, and nothing is read that the user has not opened. */
const toApp = messageTarget(
  'ipc-window',
  () => [
    ...Object.entries(calls).map(([name, { input, output }]) =>
      json({ channel: 'call', name, url: 'ours', input: sampleOf(input), answer: sampleOf(output) }),
    ),
    ...Object.entries(appCalls).map(([name, { input }]) =>
      json({ channel: 'app', name, url: 'ours', input: sampleOf(input) }),
    ),
    json({ channel: 'dropped', url: 'ours', name: '/granted/a' }),
    json({
      channel: 'call',
      name: 'study.open',
      url: 'ours',
      input: { paths: ['/granted/a', '/etc'], task: 't' },
    }),
    json({ channel: 'call', name: 'study.list', url: 'https://x.example/', input: {} }),
  ],
  async (input) => {
    // Only in the process under test, where something stands for electron.
    const { answerCalls } = await import('../../../main/window/calls.js');
    const message = parse(input);
    const listeners = new Map<string, (event: unknown, ...args: unknown[]) => unknown>();
    const listen = (channel: string, listener: (event: unknown, ...args: unknown[]) => unknown) =>
      listeners.set(channel, listener);
    const ours = { url: `${origin}/index.html` };
    const foreign = { url: String(field(message, 'url')) };
    const sender = field(message, 'url') === 'ours' ? ours : foreign;
    const asked: { name: string; input: unknown }[] = [];
    const paths = new GrantedPaths();
    paths.grantReading(granted);
    const engine = {
      call: async (name: string, value: unknown) => {
        asked.push({ name, input: value });
        return field(message, 'answer');
      },
    };
    answerCalls({ handle: listen, on: listen } as unknown as IpcMain, {
      window: () => ({ webContents: { mainFrame: ours } }) as unknown as BrowserWindow,
      engine: engine as unknown as EngineProcess,
      paths,
      info: { version: '', electron: '', user: '', sample: '' },
      note: () => undefined,
      locked: () => false,
    });
    const event = { senderFrame: sender };
    const name = field(message, 'name');
    if (field(message, 'channel') === 'dropped') {
      try {
        listeners.get(channels.dropped)?.(event, name);
      } catch (thrown) {
        if (!(thrown instanceof WetreadError) && !(thrown instanceof Error && thrown.name === 'ZodError'))
          throw thrown;
      }
      return;
    }
    const channel = field(message, 'channel') === 'app' ? channels.app : channels.call;
    const result = CallResult.parse(await listeners.get(channel)?.(event, name, field(message, 'input')));
    if (sender === foreign && (result.ok || asked.length > 0))
      throw new Error('A foreign page was answered.');
    for (const { name: call, input: value } of asked)
      if (call === 'study.open')
        for (const path of calls['study.open'].input.parse(value).paths)
          if (path !== granted && !path.startsWith(`${granted}/`))
            throw new Error('A path was read that nobody opened.');
    if (!result.ok) failWith(result.error);
  },
);

type Listener = (event: { data: unknown }) => void;

/** Loaded when it is needed, since it takes a second. */
async function openEngine(options: EngineOptions) {
  const { createEngine } = await import('../../../main/engine.js');
  return createEngine(options);
}

/** One engine for many messages; a new one where somebody locked it. */
class Served {
  listener: Listener | undefined;
  readonly answers = new Map<number, (answer: FromEngine) => void>();
  opened: Promise<void>;
  #dispose: () => void = () => undefined;

  constructor(folder: string) {
    this.opened = new Promise((resolve, reject) => {
      serveEngine(
        {
          postMessage: (message: FromEngine) => {
            const parsed = FromEngine.parse(message);
            if (parsed.kind === 'ready') resolve();
            else if (parsed.kind === 'failed') reject(new WetreadError('internal', parsed.error.message));
            else if ('id' in parsed) this.answers.get(parsed.id)?.(parsed);
          },
          on: (_: 'message', listener: Listener) => {
            this.listener = listener;
          },
        } as Parameters<typeof serveEngine>[0],
        openEngine,
        () => this.#dispose(),
      );
      this.listener?.({
        data: {
          kind: 'start',
          options: {
            dataFolder: folder,
            packsFolder: join(folder, 'none'),
            documentsFolder: join(folder, 'none'),
            user: 'nobody',
          },
        },
      });
    });
  }

  async ask(message: ToEngine & { id: number }): Promise<FromEngine> {
    await this.opened;
    return new Promise((resolve) => {
      this.answers.set(message.id, resolve);
      this.listener?.({ data: message });
    });
  }

  async dispose(): Promise<void> {
    await this.opened;
    await new Promise<void>((resolve) => {
      this.#dispose = resolve;
      this.listener?.({ data: { kind: 'dispose' } });
    });
  }
}

let served: Served | undefined;
let made = 0;
let refusals = 0;
const mostRefusals = 20;

/** Whether a message would have the engine look at files of this machine. */
const touchesFiles = (value: unknown): boolean =>
  typeof value === 'string'
    ? /^[./~]|[/\\]|^s3:|^db:|^$/.test(value)
    : typeof value === 'object' && value !== null && Object.values(value).some(touchesFiles);

/** What the app may send to the engine, up to the real engine without a pack: an answer with a sensible code, or none where nothing was asked. */
const toEngine = messageTarget(
  'ipc-engine',
  () => [
    ...Object.entries(calls).map(([name, { input }]) =>
      json({ kind: 'call', id: 1, name, input: sampleOf(input) }),
    ),
    json({ kind: 'frame', id: 1, study: 'x', instance: 'y', frame: 0 }),
    json({ kind: 'thumbnail', id: 1, study: 'x', instance: 'y' }),
    json({ kind: 'caseImage', id: 1, dataset: 'x', document: 'y', image: 0 }),
  ],
  async (input) => {
    const message = parse(input);
    const parsed = ToEngine.safeParse(message);
    if (!parsed.success || !('id' in parsed.data)) {
      // Dropped without an answer; it must only not break the listener.
      const kind = field(message, 'kind');
      if (kind !== 'start' && kind !== 'dispose') served?.listener?.({ data: message });
      return;
    }
    // Files that are named are the affair of other targets; here the machine's own would be read or written.
    if (parsed.data.kind === 'call' && touchesFiles(parsed.data.input)) return;
    served ??= new Served(join(scratchFolder(), `engine-${made++}`));
    const answer = await served.ask(parsed.data);
    if (answer.kind !== 'error') return;
    refusals = answer.error.code === 'locked' || answer.error.code === 'role-missing' ? refusals + 1 : 0;
    if (refusals > mostRefusals) {
      refusals = 0;
      const locked = served;
      served = undefined;
      await locked.dispose();
    }
    failWith(answer.error);
  },
);

/** What a broken engine may send to the app. */
const fromEngine = messageTarget(
  'ipc-app',
  () => [
    json([{ kind: 'ready' }, { kind: 'value', id: 0, value: [] }]),
    json([{ kind: 'error', id: 0, error: { code: 'not-found', message: 'x' } }]),
    json([{ kind: 'failed', error: { code: 'store-damaged', message: 'x' } }]),
    ...Object.entries(events).map(([name, schema]) =>
      json([{ kind: 'event', name, value: sampleOf(schema) }]),
    ),
    json([
      { kind: 'reader-start', reader: 1 },
      { kind: 'reader-kill', reader: 1 },
    ]),
  ],
  async (input) => {
    const messages = parse(input);
    let receive: (message: unknown) => void = () => undefined;
    let exit: (code: number) => void = () => undefined;
    const app = new EngineProcess({
      launch: () => ({
        postMessage: () => undefined,
        on: (
          event: 'message' | 'exit',
          listener: ((message: unknown) => void) & ((code: number) => void),
        ) => {
          if (event === 'message') receive = listener;
          else exit = listener;
        },
        kill: () => true,
      }),
      start: { dataFolder: '', packsFolder: '', documentsFolder: '', user: '' },
      onEvent: (name, value) => {
        events[name].parse(value);
      },
    });
    app.start();
    const call = app.call('study.list', {}).catch((thrown: unknown) => {
      if (!(thrown instanceof WetreadError)) throw thrown;
    });
    for (const message of Array.isArray(messages) ? messages : [messages]) receive(message);
    exit(1);
    exit(1);
    await call;
  },
);

/** What a reader that was taken over may send to who asked it. */
const fromReader = messageTarget(
  'ipc-reader',
  () => [
    json([{ kind: 'ready' }, { kind: 'value', id: 0, value: {}, resident: 1 }]),
    json([{ kind: 'ready' }, { kind: 'error', id: 0, code: 'damaged-file', message: 'x', resident: 1 }]),
    json([{ kind: 'ready' }, { kind: 'lost', why: 'memory', detail: 'x' }]),
    json([{ kind: 'ready' }, { kind: 'value', id: 7, value: {}, resident: 1 }]),
  ],
  async (input) => {
    const messages = parse(input);
    let receive: (message: unknown) => void = () => undefined;
    let exit: () => void = () => undefined;
    let ends = 0;
    const reader = new Reader(
      () => ({
        post: () => undefined,
        onMessage: (listener) => {
          receive = listener;
        },
        onExit: (listener) => {
          exit = listener;
        },
        kill: () => undefined,
        hold: () => undefined,
      }),
      {
        onReady: () => undefined,
        onEnd: () => {
          ends++;
        },
      },
    );
    receive({ kind: 'ready' });
    const running = reader.free ? reader.run({ task: 'scan', input: {}, timeoutMs: 1000 }) : undefined;
    for (const message of Array.isArray(messages) ? messages : [messages]) receive(message);
    exit();
    await running;
    if (ends !== 1) throw new Error('A reader ended more than once, or never.');
  },
);

export const messageTargets: readonly Target[] = [
  toApp,
  { ...toEngine, dispose: async () => served?.dispose() },
  fromEngine,
  fromReader,
];
