/** The readers of an engine that cannot start processes itself: a utility process asks the app for them. */
import { type FromEngine, ToEngine } from './engine-messages.js';
import type { Child, Launch } from './isolate/index.js';

/** Electron's MessagePortMain; what is used of it. */
interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  start(): void;
}

/** Electron's `process.parentPort`, or anything of its shape. */
export interface AppPort {
  postMessage(message: FromEngine): void;
  on(event: 'message', listener: (event: { data: unknown; ports: Port[] }) => void): unknown;
}

interface Asked {
  port?: Port;
  onMessage?: (message: unknown) => void;
  onExit?: () => void;
}

/** How to start a reader by way of the app: it starts and ends the process, and hands over a port to it that is its own. */
export function launchByApp(app: AppPort): Launch {
  const asked = new Map<number, Asked>();
  let next = 0;
  app.on('message', ({ data, ports: [port] }) => {
    const { data: message } = ToEngine.safeParse(data);
    if (message?.kind === 'reader-exit') {
      asked.get(message.reader)?.onExit?.();
      asked.delete(message.reader);
    } else if (message?.kind === 'reader' && port) {
      const reader = asked.get(message.reader);
      if (!reader) return;
      reader.port = port;
      port.on('message', (event) => reader.onMessage?.(event.data));
      port.start();
    }
  });
  return (): Child => {
    const id = next++;
    const reader: Asked = {};
    asked.set(id, reader);
    app.postMessage({ kind: 'reader-start', reader: id });
    return {
      post: (message) => reader.port?.postMessage(message),
      onMessage: (listener) => {
        reader.onMessage = listener;
      },
      onExit: (listener) => {
        reader.onExit = listener;
      },
      kill: () => app.postMessage({ kind: 'reader-kill', reader: id }),
      hold: () => undefined,
    };
  };
}
