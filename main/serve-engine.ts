/** The engine's side of the wire between app and engine. It knows nothing of Electron: the port is whatever can post and receive. */
import type { EventName, EventValue } from '../preload/calls.js';
import type { Engine, EngineOptions } from './engine.js';
import { type FromEngine, ToEngine } from './engine-messages.js';
import { toWetreadError, WetreadError } from './error.js';

/** Electron's `process.parentPort`, or anything of its shape. */
export interface EnginePort {
  postMessage(message: FromEngine): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
}

/**
 * Serves one engine over a port: `start` opens it, calls that come before it is open wait, `dispose` closes it and then
 * calls `onDisposed`. Messages that do not fit are dropped, as they name no call to answer.
 */
export function serveEngine(
  port: EnginePort,
  open: (options: EngineOptions) => Promise<Engine>,
  onDisposed: () => void,
): void {
  let opening: Promise<Engine> | undefined;

  const start = async (options: Omit<EngineOptions, 'onEvent'>) => {
    opening = open({
      ...options,
      onEvent: <N extends EventName>(name: N, value: EventValue<N>) =>
        port.postMessage({ kind: 'event', name, value }),
    });
    try {
      await opening;
      port.postMessage({ kind: 'ready' });
    } catch (thrown) {
      port.postMessage({ kind: 'failed', error: callError(thrown) });
    }
  };

  const answer = async (id: number, work: (engine: Engine) => Promise<unknown>) => {
    try {
      if (!opening) throw new WetreadError('engine-lost', 'The engine has not been started.');
      port.postMessage({ kind: 'value', id, value: await work(await opening) });
    } catch (thrown) {
      port.postMessage({ kind: 'error', id, error: callError(thrown) });
    }
  };

  port.on('message', (event) => {
    const parsed = ToEngine.safeParse(event.data);
    if (!parsed.success) return;
    const message = parsed.data;
    switch (message.kind) {
      case 'start':
        void start(message.options);
        return;
      case 'call':
        void answer(message.id, (engine) => engine.call(message.name, message.input));
        return;
      case 'frame':
        void answer(message.id, (engine) => engine.frame(message.study, message.instance, message.frame));
        return;
      case 'thumbnail':
        void answer(message.id, (engine) => engine.thumbnail(message.study, message.instance));
        return;
      case 'caseImage':
        void answer(message.id, (engine) =>
          engine.caseImage(message.dataset, message.document, message.image),
        );
        return;
      case 'reader':
      case 'reader-exit':
        // For whoever launched the reader: see app-readers.ts.
        return;
      case 'dispose':
        void Promise.resolve(opening)
          .then((engine) => engine?.dispose())
          .catch(() => {})
          .then(onDisposed);
        return;
    }
  });
}

/** The error as it crosses; what is behind an internal one goes to standard error, where the app redacts and logs it. */
function callError(thrown: unknown): { code: string; message: string } {
  const { code, message, cause } = toWetreadError(thrown);
  if (code === 'internal') console.error(cause);
  return { code, message };
}
