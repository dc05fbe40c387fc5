/** Answers the window's calls: those of the app itself here, the others by the engine. Both ways are parsed. */
import {
  type BrowserWindow,
  dialog,
  type IpcMain,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
} from 'electron';
import { z } from 'zod';
import {
  type AppCallInput,
  type AppCallName,
  type AppCallOutput,
  appCalls,
  type CallName,
  type CallResult,
  calls,
} from '../../preload/calls.js';
import { channels } from '../../preload/channels.js';
import { toWetreadError, WetreadError } from '../error.js';
import { origin } from './content.js';
import type { EngineProcess } from './engine-process.js';
import type { GrantedPaths } from './granted-paths.js';

export interface CallContext {
  window: () => BrowserWindow | undefined;
  engine: EngineProcess;
  paths: GrantedPaths;
  info: AppCallOutput<'app.info'>;
  note: (line: string) => void;
  /** Whether somebody has to sign in first. */
  locked: () => boolean;
}

type Result = z.infer<typeof CallResult>;

/** Registers the handlers. A message from anything but the main frame of our own page is refused. */
export function answerCalls(ipcMain: IpcMain, context: CallContext): void {
  ipcMain.handle(channels.call, (event, name: unknown, input: unknown) =>
    answered(context, name, async () => {
      assertOurs(event, context.window());
      const call = nameIn(calls, name);
      const value = calls[call].input.parse(input);
      grant(context.paths, call, value);
      const answer = calls[call].output.parse(await context.engine.call(call, value));
      // Their paths the user opened before the app was closed; the engine remembers no others.
      if (call === 'import.interrupted')
        for (const { paths } of calls[call].output.parse(answer))
          for (const path of paths) context.paths.grantReading(path);
      return answer;
    }),
  );
  ipcMain.handle(channels.app, (event, name: unknown, input: unknown) =>
    answered(context, name, async () => {
      const window = assertOurs(event, context.window());
      const call = nameIn(appCalls, name);
      const value = appCalls[call].input.parse(input);
      return appCalls[call].output.parse(await answerApp(call, value, window, context));
    }),
  );
  ipcMain.on(channels.dropped, (event, path: unknown) => {
    assertOurs(event, context.window());
    context.paths.grantReading(z.string().parse(path));
  });
}

function grant(paths: GrantedPaths, call: CallName, value: unknown): void {
  if (call === 'study.open' || call === 'import.preview' || call === 'import.run')
    for (const path of calls[call].input.parse(value).paths) paths.assertReadable(path);
  if (call === 'dataset.publish') {
    const { location } = calls[call].input.parse(value);
    if (!location.startsWith('s3://')) paths.assertReadable(location);
  }
  if (call === 'dataset.add') {
    const { location } = calls[call].input.parse(value);
    if (location !== undefined && !/^(s3|db):\/\//.test(location)) paths.assertReadable(location);
  }
  if (call === 'study.deidentify') paths.assertReadable(calls[call].input.parse(value).folder);
  if (call === 'report.export') paths.takeWritable(calls[call].input.parse(value).file);
}

async function answerApp(
  call: AppCallName,
  value: AppCallInput<AppCallName>,
  window: BrowserWindow,
  context: CallContext,
): Promise<AppCallOutput<AppCallName>> {
  // A dialog shows names of files, and these often name patients.
  if (call !== 'app.info' && context.locked())
    throw new WetreadError('locked', 'Wetread is locked. Sign in first.');
  switch (call) {
    case 'app.choosePaths':
      return choosePaths(appCalls[call].input.parse(value).kind, window, context.paths);
    case 'app.chooseTarget':
      return chooseTarget(appCalls[call].input.parse(value).name, window, context.paths);
    case 'app.info':
      return context.info;
  }
}

/** Shows the open dialog and lets what was chosen be read; empty when dismissed. */
export async function choosePaths(
  kind: 'files' | 'folder',
  window: BrowserWindow,
  paths: GrantedPaths,
): Promise<string[]> {
  const { filePaths } = await dialog.showOpenDialog(window, {
    title: kind === 'files' ? 'Open DICOM files, ZIPs or a DICOMDIR' : 'Open a folder of studies',
    properties: kind === 'files' ? ['openFile', 'multiSelections'] : ['openDirectory', 'multiSelections'],
  });
  for (const path of filePaths) paths.grantReading(path);
  return filePaths;
}

async function chooseTarget(
  name: string,
  window: BrowserWindow,
  paths: GrantedPaths,
): Promise<string | null> {
  const { filePath } = await dialog.showSaveDialog(window, { title: 'Export the report', defaultPath: name });
  if (!filePath) return null;
  paths.grantWriting(filePath);
  return filePath;
}

async function answered(context: CallContext, name: unknown, work: () => Promise<unknown>): Promise<Result> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    const { code, message } = toWetreadError(thrown instanceof z.ZodError ? misfit(thrown) : thrown);
    context.note(`call ${typeof name === 'string' && name in calls ? name : 'of the app'} refused: ${code}`);
    return { ok: false, error: { code, message } };
  }
}

const misfit = (cause: unknown) =>
  new WetreadError('bad-input', 'What was asked for does not fit. Check the text and try again.', { cause });

function nameIn<T extends object>(table: T, name: unknown): keyof T {
  if (typeof name === 'string' && Object.hasOwn(table, name)) return name as keyof T;
  throw new WetreadError('bad-input', 'There is no such call.');
}

function assertOurs(
  event: IpcMainEvent | IpcMainInvokeEvent,
  window: BrowserWindow | undefined,
): BrowserWindow {
  const frame = event.senderFrame;
  if (window && frame && frame === window.webContents.mainFrame && frame.url.startsWith(`${origin}/`))
    return window;
  throw new WetreadError('not-allowed', 'Only the window of Wetread may ask this.');
}
