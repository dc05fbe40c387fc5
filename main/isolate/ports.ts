import { onParentGone } from './parent-gone.js';
import type { ReaderPort } from './serve.js';

/** Electron's MessagePortMain; what is used of it. */
interface MessagePortMain {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
}

interface ParentPort {
  once(event: 'message', listener: (event: { data: unknown; ports: MessagePortMain[] }) => void): unknown;
}

/** The port to whoever started this process: the channel of a child of Node, or the port that Electron's app hands over first. */
export function parentPort(): ReaderPort {
  const own: ParentPort | undefined = Reflect.get(process, 'parentPort');
  return own ? appPort(own) : nodePort();
}

function nodePort(): ReaderPort {
  const send: ((message: unknown) => boolean) | undefined = process.send?.bind(process);
  if (!send) throw new Error('This file runs only as a child process.');
  return {
    post: (message) => void send(message),
    onMessage: (listener) => void process.on('message', listener),
    onClose: onParentGone,
  };
}

function appPort(parent: ParentPort): ReaderPort {
  const port = new Promise<MessagePortMain>((resolve) =>
    parent.once('message', ({ ports: [first] }) => {
      if (first) resolve(first);
    }),
  );
  return {
    post: (message) => void port.then((open) => open.postMessage(message)),
    onMessage: (listener) =>
      void port.then((open) => {
        open.on('message', ({ data }) => listener(data));
        open.start();
      }),
    onClose: (listener) => {
      onParentGone(listener);
      void port.then((open) => open.on('close', listener));
    },
  };
}
