import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { SessionState } from '../../preload/values.js';

export interface MenuActions {
  openFiles(): void;
  openFolder(): void;
  lock(): void;
}

/** The application's menu. What concerns a report or a viewport is done in the window, by its own keys. */
export function buildMenu(actions: MenuActions, { developer }: { developer: boolean }): Menu {
  const mac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        {
          id: 'open-files',
          label: 'Open &Files…',
          accelerator: 'CmdOrCtrl+O',
          click: () => actions.openFiles(),
        },
        {
          id: 'open-folder',
          label: 'Open F&older…',
          accelerator: 'CmdOrCtrl+Shift+O',
          click: () => actions.openFolder(),
        },
        { type: 'separator' },
        {
          id: 'lock',
          label: '&Lock',
          accelerator: 'CmdOrCtrl+L',
          enabled: false,
          click: () => actions.lock(),
        },
        { type: 'separator' },
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(developer ? [{ role: 'reload' } as const, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    { role: 'windowMenu' },
  ];
  return Menu.buildFromTemplate(template);
}

/** Offers what the session allows: nothing is opened while it is locked, and only who signed in can lock. */
export function offerInMenu(menu: Menu, { state }: SessionState): void {
  for (const id of ['open-files', 'open-folder', 'lock']) {
    const item = menu.getMenuItemById(id);
    if (item) item.enabled = id === 'lock' ? state === 'signed-in' : state !== 'locked';
  }
}
