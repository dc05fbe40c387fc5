/** What the window may not do. Wetread's window needs no network, no permission and no second page, so it gets none. */
import type { App, Session, WebContents } from 'electron';
import { scheme } from './content.js';

const allowedSchemes = [`${scheme}:`, 'devtools:', 'blob:', 'data:'];

/** Before `ready`: every page in the sandbox, whatever its window asks for, and Chromium's own services talk to nobody. */
export function lockApp(app: App): void {
  // Root on Linux can have no sandbox, and Electron then starts none of its processes.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-sync',
    'dns-prefetch-disable',
    'no-pings',
  ])
    app.commandLine.appendSwitch(name);
  // Whatever is left finds no host.
  app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** Denies every permission and every request that is not the window's own. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  // Disabled, it would still fetch the dictionary of its first language from Google.
  session.setSpellCheckerLanguages([]);
  session.setSpellCheckerEnabled(false);
  session.webRequest.onBeforeRequest((request, decide) =>
    decide({ cancel: !allowedSchemes.some((allowed) => request.url.startsWith(allowed)) }),
  );
  // No automatic proxy discovery: it asks the network.
  void session.setProxy({ mode: 'direct' });
  session.on('will-download', (event) => event.preventDefault());
}

/** Keeps a page where it is: no navigation, no new window, no webview. */
export function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
