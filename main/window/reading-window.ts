import { join } from 'node:path';
import { BrowserWindow } from 'electron';
import { page } from './content.js';
import { lockContents } from './lockdown.js';

/** Opens the one window. It is shown when its first paint is there, so that a dark room stays dark. */
export function openReadingWindow(dist: string, { developer }: { developer: boolean }): BrowserWindow {
  const window = new BrowserWindow({
    title: 'Wetread',
    width: 1560,
    height: 960,
    minWidth: 1024,
    minHeight: 640,
    backgroundColor: '#0b0d10',
    show: false,
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(dist, 'preload', 'bridge.cjs'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      spellcheck: false,
      devTools: developer,
      navigateOnDragDrop: false,
    },
  });
  lockContents(window.webContents);
  window.once('ready-to-show', () => window.show());
  void window.loadURL(page);
  return window;
}
