/**
 * The only way out of the window. It runs sandboxed and isolated: the page gets these four functions and nothing of
 * Electron. A refused call rejects with a plain `{code, message}`, since a thrown Error would lose its code on the way.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from './calls.js';
import { channels } from './channels.js';

async function invoke(channel: string, name: string, input: unknown): Promise<unknown> {
  const result: { ok: true; value: unknown } | { ok: false; error: { code: string; message: string } } =
    await ipcRenderer.invoke(channel, name, input);
  if (result.ok) return result.value;
  throw { code: result.error.code, message: result.error.message };
}

const bridge: Bridge = {
  call: (name, input) => invoke(channels.call, name, input) as never,
  app: (name, input) => invoke(channels.app, name, input) as never,
  on(name, listener) {
    const hear = (_event: unknown, heard: unknown, value: unknown) => {
      // The app has parsed the value with the schema of its name.
      if (heard === name) listener(value as never);
    };
    ipcRenderer.on(channels.event, hear);
    return () => ipcRenderer.off(channels.event, hear);
  },
  pathOf(file) {
    const path = webUtils.getPathForFile(file);
    // Only a file that the user really handed over has a path; that it was handed over is what lets it be read.
    if (path) ipcRenderer.send(channels.dropped, path);
    return path;
  },
};

contextBridge.exposeInMainWorld('wetread', bridge);
