/** Electron's entry: one window, its scheme, its lockdown, and the bridge to the engine's process. */

import { join } from 'node:path';
import {
  app,
  type BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  utilityProcess,
} from 'electron';
import { calls, type EventName, type EventValue, events } from '../preload/calls.js';
import { channels } from '../preload/channels.js';
import { accountName } from './account.js';
import { toWetreadError } from './error.js';
import { readerFlags } from './isolate/index.js';
import { type Arguments, readArguments } from './window/arguments.js';
import { answerCalls, choosePaths } from './window/calls.js';
import { respond, scheme } from './window/content.js';
import { EngineProcess } from './window/engine-process.js';
import { GrantedPaths } from './window/granted-paths.js';
import { IdleLock } from './window/idle-lock.js';
import { lockApp, lockSession } from './window/lockdown.js';
import { openLog, redact } from './window/log.js';
import { buildMenu, offerInMenu } from './window/menu.js';
import { ReaderProcesses } from './window/reader-processes.js';
import { openReadingWindow } from './window/reading-window.js';
import { wantsReset } from './window/reset-users.js';
import { storeKey } from './window/store-key.js';

const developer = !app.isPackaged;
/** Where models, indices and the sample lie: beside the program when packaged, in the project otherwise. */
const resources = app.isPackaged ? process.resourcesPath : app.getAppPath();
const dist = join(app.getAppPath(), 'dist');
const sample = app.isPackaged ? join(resources, 'sample') : join(resources, 'test', 'sample', 'study');

protocol.registerSchemesAsPrivileged([
  {
    scheme,
    privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true },
  },
]);
lockApp(app);

if (app.requestSingleInstanceLock()) {
  // Not awaited at top level: Electron is ready only after this module has run.
  void app.whenReady().then(run).catch(refuse);
} else {
  app.quit();
}

function run(): void {
  const log = openLog(join(app.getPath('userData'), 'logs'));
  const dataFolder = join(app.getPath('userData'), 'data');
  const paths = new GrantedPaths();
  paths.grantReading(sample);
  let window: BrowserWindow | undefined;

  const send = <N extends EventName>(name: N, value: EventValue<N>) => {
    if (window && !window.isDestroyed()) window.webContents.send(channels.event, name, value);
  };
  const start = {
    dataFolder,
    packsFolder: join(resources, 'models'),
    documentsFolder: join(resources, 'indices'),
    key: storeKey(safeStorage, dataFolder),
    user: accountName(),
    resetUsers: wantsReset(process.argv, dialog),
  };
  const lock = () => void engine.call('session.lock', {}).catch(() => log.note('not locked'));
  const idle = new IdleLock({ power: powerMonitor, lock });
  /** What was to be opened while nobody was signed in. */
  const waiting: Arguments[] = [];
  const engine = new EngineProcess({
    launch: () => launchEngine(log.note),
    start,
    readers: new ReaderProcesses({
      launch: launchReader,
      channel: () => new MessageChannelMain(),
      onNote: log.note,
    }),
    onEvent(name, value) {
      send(name, value);
      if (name !== 'session') return;
      const state = events.session.parse(value);
      // Once: an engine that comes back later finds new users.
      start.resetUsers = false;
      idle.follow(state);
      offerInMenu(menu, state);
      if (!idle.locked) for (const one of waiting.splice(0)) void open(one);
    },
    onNote: log.note,
  });

  lockSession(session.defaultSession);
  protocol.handle(scheme, (request) => respond(request.url, join(dist, 'renderer'), engine));
  answerCalls(ipcMain, {
    window: () => window,
    engine,
    paths,
    info: {
      version: app.getVersion(),
      electron: process.versions.electron,
      user: accountName(),
      sample,
    },
    note: log.note,
    locked: () => idle.locked,
  });

  const tell = (message: string) => {
    // A message may name a file, and files name patients.
    if (window && !idle.locked)
      void dialog.showMessageBox(window, { type: 'error', title: 'Wetread', message });
  };
  const open = async ({ paths: wanted, draft }: Arguments) => {
    if (wanted.length === 0) return;
    for (const path of wanted) paths.grantReading(path);
    try {
      const opened = calls['study.open'].output.parse(
        await engine.call('study.open', { paths: wanted, task: 'open' }),
      );
      const [problem] = opened.problems;
      if (opened.studies.length === 0 && problem) tell(problem.message);
      if (draft)
        for (const study of opened.studies) await engine.call('report.draft', { study, task: 'draft' });
    } catch (thrown) {
      const { code, message } = toWetreadError(thrown);
      if (code === 'locked') {
        waiting.push({ paths: wanted, draft });
        return;
      }
      log.note(`open refused: ${code}`);
      if (code !== 'cancelled') tell(message);
    }
  };
  const choose = async (kind: 'files' | 'folder') => {
    if (window) await open({ paths: await choosePaths(kind, window, paths), draft: false });
  };

  const menu = buildMenu(
    { openFiles: () => void choose('files'), openFolder: () => void choose('folder'), lock },
    { developer },
  );
  Menu.setApplicationMenu(menu);
  window = openReadingWindow(dist, { developer });
  engine.start();
  window.webContents.on('did-finish-load', () => send('engine', engine.state));
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.note(`window gone: ${reason}`);
    if (reason !== 'clean-exit') window?.webContents.reload();
  });
  window.on('closed', () => {
    window = undefined;
  });

  app.on('second-instance', (_event, argv, folder) => {
    if (window?.isMinimized()) window.restore();
    window?.focus();
    void open(readArguments(argv, folder, app.isPackaged));
  });
  app.on('open-file', (event, path) => {
    event.preventDefault();
    void open({ paths: [path], draft: false });
  });
  app.on('window-all-closed', () => app.quit());
  app.once('will-quit', (event) => {
    event.preventDefault();
    idle.dispose();
    void engine.dispose().then(() => app.quit());
  });
  void open(readArguments(process.argv, process.cwd(), app.isPackaged));
}

function launchEngine(note: (line: string) => void) {
  const child = utilityProcess.fork(join(dist, 'main', 'engine-server.js'), [], {
    serviceName: 'Wetread engine',
    stdio: 'pipe',
    // glibc keeps an arena a thread: after large imports most of the process would be freed memory that it holds on to.
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter(Boolean)) {
        note(`engine says: ${line}`);
        if (developer) console.error(`engine: ${redact(line)}`);
      }
    });
  return child;
}

/** It sees nothing of this process's environment; an empty one would be taken for "the same". */
function launchReader() {
  return utilityProcess.fork(join(dist, 'main', 'reader.js'), [], {
    serviceName: 'Wetread reader',
    stdio: 'ignore',
    execArgv: [`--js-flags=${readerFlags.join(' ')}`],
    env: { MALLOC_ARENA_MAX: '2' },
  });
}

/** The app cannot run at all: says why and ends. */
function refuse(thrown: unknown): void {
  if (developer) console.error(thrown);
  dialog.showErrorBox('Wetread cannot start', toWetreadError(thrown).message);
  app.exit(1);
}
