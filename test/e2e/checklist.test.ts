/** Electron's security checklist (electronjs.org/docs/latest/tutorial/security), its twenty items by number, on the real window. 19 is in package.test.ts. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { supportEnds } from '../../.ci/electron-support.js';
import { noSandboxBecause } from '../../.ci/linux.js';
import { fromRoot } from '../../.ci/root.js';
import { openRealApp, type RealApp } from './real-app.js';

let real: RealApp;
let preferences: Record<string, unknown>;
beforeAll(async () => {
  real = await openRealApp([fromRoot('test/sample/study')]);
  await real.page.getByTestId('worklist-row').waitFor();
  // Not in Electron's types: what the window was really made with.
  preferences = await real.app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> };
    return contents.getLastWebPreferences();
  });
});
afterAll(() => real?.close());

test('1 only secure content is loaded, and nothing from a network', async () => {
  // The last to come: the page, its script and its style are there before it.
  await real.page.locator('img[src]').first().waitFor({ state: 'attached' });
  const addresses = await real.page.evaluate(() =>
    [location.href].concat(
      [...document.querySelectorAll('script[src], link[href], img[src]')].map(
        (element) => Reflect.get(element, 'src') ?? Reflect.get(element, 'href'),
      ),
    ),
  );
  expect(addresses.length).toBeGreaterThan(3);
  expect(addresses.filter((address) => !/^(wetread|blob:wetread|data):/.test(address))).toEqual([]);
  // What gets past the page is stopped by the session.
  const answers = await real.app.evaluate(({ net }) =>
    Promise.all(
      ['http://127.0.0.1:9/', 'https://127.0.0.1:9/', 'ws://127.0.0.1:9/', 'ftp://127.0.0.1:9/'].map(
        (address) =>
          net.fetch(address).then(
            () => 'reached',
            (thrown: Error) => thrown.message,
          ),
      ),
    ),
  );
  for (const answer of answers)
    expect(answer).toMatch(/ERR_BLOCKED_BY_CLIENT|ERR_UNKNOWN_URL_SCHEME|unsupported|invalid/i);
});

test('2 the page and its workers have nothing of Node', async () => {
  const seen = await real.page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'global', '__dirname'].filter((name) => name in globalThis),
  );
  expect(seen).toEqual([]);
  for (const name of ['nodeIntegration', 'nodeIntegrationInWorker', 'nodeIntegrationInSubFrames'])
    expect(preferences[name] ?? false).toBe(false);
});

test('3 the preload lives in a world of its own, and the page cannot replace what it gave', async () => {
  expect(preferences.contextIsolation).toBe(true);
  const outcome = await real.page.evaluate(() => {
    let replaced = 'refused';
    try {
      Object.assign(window.wetread, { call: () => 'forged' });
      replaced = 'replaced';
    } catch {
      // As it should be.
    }
    // Functions of the preload's world would lead to its globals by their constructor.
    const worlds = Object.values(window.wetread).map((given) => given.constructor === Function);
    return { replaced, ownWorld: worlds.every(Boolean) };
  });
  expect(outcome).toEqual({ replaced: 'refused', ownWorld: true });
});

test('4 the window is sandboxed', () => expect(preferences.sandbox).toBe(true));

if (noSandboxBecause !== undefined)
  console.warn(
    `Skipped, as Chromium has no sandbox here (${noSandboxBecause}): every other window is sandboxed.`,
  );
test.skipIf(noSandboxBecause !== undefined)('4 so is every other window that there could be', async () => {
  // Its preload tells what its process is; the preferences only repeat what was asked for.
  const preload = join(real.folder, 'tell-sandboxed.cjs');
  writeFileSync(preload, 'globalThis.sandboxed = process.sandboxed;');
  const other = await real.app.evaluate(async ({ BrowserWindow }, script) => {
    const webPreferences = { sandbox: false, contextIsolation: false, preload: script };
    const window = new BrowserWindow({ show: false, webPreferences });
    await window.loadURL('about:blank');
    const sandboxed: unknown = await window.webContents.executeJavaScript('globalThis.sandboxed');
    window.destroy();
    return sandboxed;
  }, preload);
  expect(other).toBe(true);
});

test('5 every permission is denied', async () => {
  const states = await real.page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone', 'midi', 'clipboard-read'];
    const queried = await Promise.all(
      names.map((name) =>
        navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state),
      ),
    );
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
      () => 'granted',
      () => 'denied',
    );
    const usb = await (Reflect.get(navigator, 'usb') as { getDevices(): Promise<unknown[]> }).getDevices();
    return [
      ...queried,
      media,
      await Notification.requestPermission(),
      usb.length === 0 ? 'denied' : 'granted',
    ];
  });
  expect(new Set(states)).toEqual(new Set(['denied']));
});

test('6 web security is on: no file and no other origin can be read', async () => {
  expect(preferences.webSecurity).toBe(true);
  const read = await real.page.evaluate(() =>
    Promise.all(
      ['file:///etc/hostname', 'wetread://elsewhere/index.html', 'wetread://app/../package.json'].map(
        (address) =>
          fetch(address).then(
            (response) => (response.ok ? 'read' : 'refused'),
            () => 'refused',
          ),
      ),
    ),
  );
  expect(read).toEqual(['refused', 'refused', 'refused']);
});

test('7 the content security policy denies by default and lets no text become code', async () => {
  const { policy, tried } = await real.page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.ran = true';
    document.head.append(script);
    // In a task of the page's own: what the inspector evaluates may evaluate.
    const evaluated = await new Promise<string>((resolve) => {
      setTimeout(() => {
        try {
          // biome-ignore lint/security/noGlobalEval: that it is refused is the test
          resolve(globalThis.eval('1 + 1') === 2 ? 'ran' : 'refused');
        } catch {
          resolve('refused');
        }
      });
    });
    const { headers } = await fetch(location.href);
    return {
      policy: headers.get('content-security-policy') ?? '',
      tried: { inline: 'ran' in window ? 'ran' : 'refused', evaluated },
    };
  });
  expect(tried).toEqual({ inline: 'refused', evaluated: 'refused' });
  expect(policy).toMatch(/^default-src 'none';/);
  expect(policy).not.toMatch(/'unsafe-inline'|'unsafe-eval'|https?:|\*/);
});

test('8 no insecure content runs', () =>
  expect(preferences.allowRunningInsecureContent ?? false).toBe(false));
test('9 no experimental features', () => expect(preferences.experimentalFeatures ?? false).toBe(false));
test('10 no Blink features are switched on', () => expect(preferences.enableBlinkFeatures ?? '').toBe(''));

test('11 there is no webview, with popups or without', async () => {
  expect(preferences.webviewTag).toBe(false);
  const made = await real.page.evaluate(() => {
    const view = document.createElement('webview');
    view.setAttribute('allowpopups', '');
    view.setAttribute('src', 'wetread://app/index.html');
    document.body.append(view);
    const alive = 'getWebContentsId' in view;
    view.remove();
    return alive;
  });
  expect(made).toBe(false);
});

test('12 a webview that were attached all the same would be refused', async () => {
  const prevented = await real.app.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((contents) => {
      let stopped = false;
      const event = { preventDefault: () => (stopped = true) };
      contents.emit('will-attach-webview', event, {}, {});
      return stopped;
    }),
  );
  expect(prevented).toEqual([true]);
});

test('14 no second window', async () => {
  const { page, app } = real;
  const opened = await page.evaluate(() =>
    ['wetread://app/index.html', 'https://example.com', 'about:blank'].map(
      (address) => window.open(address) !== null,
    ),
  );
  expect(opened).toEqual([false, false, false]);
  expect(app.windows()).toHaveLength(1);
});

test('15 nothing is handed to other programs', async () => {
  const { page, app } = real;
  await app.evaluate(({ shell }) => {
    const asked: string[] = [];
    Object.assign(globalThis, { asked });
    shell.openExternal = async (address) => void asked.push(address);
    shell.openPath = async (path) => String(asked.push(path));
  });
  await page.evaluate(() => {
    for (const href of ['https://example.com', 'mailto:a@example.com', 'file:///etc/hostname']) {
      const link = document.createElement('a');
      Object.assign(link, { href, target: '_blank' });
      document.body.append(link);
      link.click();
      link.remove();
    }
  });
  await page.waitForTimeout(300);
  expect(await app.evaluate(() => Reflect.get(globalThis, 'asked'))).toEqual([]);
});

test('16 Electron is pinned to one version, which its makers still mend', () => {
  const { devDependencies } = z
    .object({ devDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(fromRoot('package.json'), 'utf8')));
  const version = devDependencies.electron ?? '';
  expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  // On the day this release was made; `npm run package` asks again on the day it packs.
  expect(supportEnds(version).getTime()).toBeGreaterThan(Date.parse('2026-11-22'));
});

test('17 only the main frame of the one window is answered', async () => {
  const preload = join(fromRoot('dist'), 'preload', 'bridge.cjs');
  const codes = await real.app.evaluate(async ({ BrowserWindow }, bridge) => {
    const stranger = new BrowserWindow({ show: false, webPreferences: { preload: bridge } });
    await stranger.loadURL('wetread://app/index.html');
    const answer: unknown = await stranger.webContents.executeJavaScript(
      "Promise.all([window.wetread.call('study.list', {}), window.wetread.app('app.info', {})].map((call) => call.then(() => 'answered', ({ code }) => code)))",
    );
    stranger.destroy();
    return answer;
  }, preload);
  expect(codes).toEqual(['not-allowed', 'not-allowed']);
});

test('17 what does not fit the contract is refused before anybody acts on it', async () => {
  const codes = await real.page.evaluate(() => {
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => 'done',
        (thrown: { code: string }) => thrown.code,
      );
    const { call, app } = window.wetread;
    return Promise.all([
      code(call('study.get', {} as never)),
      code(call('study.get', { study: 'x', more: 1 } as never)),
      code(call('nothing.there' as never, {} as never)),
      code(call('constructor' as never, {} as never)),
      code(call('__proto__' as never, {} as never)),
      code(app('app.choosePaths', { kind: 'everything' } as never)),
    ]);
  });
  expect(codes).toEqual(Array.from({ length: 6 }, () => 'bad-input'));
});

test('18 the page comes over a protocol of its own, which serves the built window and nothing beside it', async () => {
  const statuses = await real.page.evaluate(() =>
    Promise.all(
      [
        'index.html',
        '../main/app.js',
        '%2e%2e/main/app.js',
        '..%2fmain%2fapp.js',
        '..%5cmain%5capp.js',
        'index.html%00.js',
        '',
      ].map((path) => fetch(`wetread://app/${path}`).then(({ status }) => status)),
    ),
  );
  expect(statuses).toEqual([200, 404, 404, 404, 404, 404, 404]);
  expect(real.page.url()).toMatch(/^wetread:/);
});

test('20 the page gets a handful of functions and nothing of Electron', async () => {
  const seen = await real.page.evaluate(async () => {
    const heard = await new Promise<number>((resolve) => {
      const listener = (...values: unknown[]) => resolve(values.length);
      window.wetread.on('worklist', listener);
      void window.wetread
        .call('study.list', {})
        .then(([row]) => window.wetread.call('study.close', { study: row?.study ?? '' }));
    });
    return {
      bridge: Object.entries(window.wetread)
        .map(([name, value]) => `${name}: ${typeof value}`)
        .sort(),
      electron: ['ipcRenderer', 'electron', 'webUtils'].filter((name) => name in window),
      heard,
    };
  });
  expect(seen).toEqual({
    bridge: ['app: function', 'call: function', 'on: function', 'pathOf: function'],
    electron: [],
    // The value alone: an event would carry its sender.
    heard: 1,
  });
});

// Last: Playwright's locators wait for a navigation that was begun, even one that was refused.
test('13 the page stays where it is', async () => {
  const { page } = real;
  for (const address of [
    'https://example.com',
    'file:///etc/hostname',
    'wetread://elsewhere/',
    'data:text/html,x',
  ]) {
    await page.evaluate(async (target) => {
      location.href = target;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }, address);
    expect(page.url()).toBe('wetread://app/index.html');
  }
  expect(await page.evaluate(() => document.title)).toBe('Wetread');
});
