/**
 * The contract between window, app and engine: every call with the schema of its input and output, and every event.
 * Both ends parse; what does not fit is refused.
 */
import { z } from 'zod';
import {
  Evidence,
  FlagCode,
  IndexModality,
  Problem,
  Progress,
  Report,
  Section,
  Study,
  WorklistRow,
} from './values.js';

const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

const none = z.object({}).strict();
const report = z.object({ report: z.string() }).strict();
const sentence = z.object({ report: z.string(), sentence: z.string() }).strict();
const text = z.string().min(1).max(2000);

export const calls = {
  /** Reads files, folders, ZIPs and DICOMDIRs into the worklist. `task` names it for progress and `task.cancel`. */
  'study.open': call(
    z.object({ paths: z.array(z.string()).min(1), task: z.string() }).strict(),
    z.object({ studies: z.array(z.string()), problems: z.array(Problem) }),
  ),
  'study.list': call(none, z.array(WorklistRow)),
  'study.get': call(z.object({ study: z.string() }).strict(), Study),
  /** Takes the study off the worklist; files and reports stay. */
  'study.close': call(z.object({ study: z.string() }).strict(), none),
  'task.cancel': call(z.object({ task: z.string() }).strict(), none),

  /** The newest report of a study, or null. */
  'report.ofStudy': call(z.object({ study: z.string() }).strict(), Report.nullable()),
  /** Encodes, retrieves and drafts; stores and returns a report in state draft. */
  'report.draft': call(z.object({ study: z.string(), task: z.string() }).strict(), Report),
  'report.accept': call(sentence, Report),
  'report.edit': call(sentence.extend({ text }), Report),
  'report.reject': call(sentence, Report),
  /** Back to as it was drafted. */
  'report.restore': call(sentence, Report),
  /** Adds a sentence of the radiologist's own after `after` (null: at the head of the section). */
  'report.add': call(report.extend({ section: Section, after: z.string().nullable(), text }), Report),
  /** Confirms a sentence in spite of one of its flags. */
  'report.confirm': call(sentence.extend({ flag: FlagCode }), Report),
  /** Takes an offered finding into the report. */
  'report.takeOffer': call(report.extend({ offer: z.string() }), Report),
  'report.dismissOffer': call(report.extend({ offer: z.string() }), Report),
  'report.toPreliminary': call(report, Report),
  /** Refused with code `flag-open` while a flag of a sentence that is not rejected is unresolved. */
  'report.sign': call(report.extend({ by: z.string().min(1).max(120) }), Report),
  'report.addendum': call(report.extend({ by: z.string().min(1).max(120), text }), Report),
  /** Writes the report to `file`, which the app has had the user choose. */
  'report.export': call(
    report.extend({ format: z.enum(['text', 'fhir']), file: z.string() }),
    z.object({ file: z.string() }),
  ),

  'index.list': call(
    none,
    z.array(
      z.object({
        modality: IndexModality,
        documents: z.number().int(),
        snippets: z.number().int(),
        bytes: z.number().int(),
        builtAt: z.string().optional(),
      }),
    ),
  ),
  'index.search': call(z.object({ query: text, modality: IndexModality }).strict(), Evidence),
  'pack.list': call(
    none,
    z.array(
      z.object({
        id: z.string(),
        version: z.string(),
        title: z.string(),
        licence: z.string(),
        domain: z.string(),
        bytes: z.number().int(),
        adapters: z.array(z.object({ id: z.string(), title: z.string() })),
        adapter: z.string().nullable(),
        card: z.string(),
      }),
    ),
  ),
  'adapter.use': call(z.object({ pack: z.string(), adapter: z.string().nullable() }).strict(), none),
} as const;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;

/** Calls that the app itself answers (dialogs, versions), not the engine. */
export const appCalls = {
  /** Shows the system's open dialog; empty when dismissed. */
  'app.choosePaths': call(z.object({ kind: z.enum(['files', 'folder']) }).strict(), z.array(z.string())),
  /** Shows the save dialog with a proposed name; null when dismissed. */
  'app.chooseTarget': call(z.object({ name: z.string() }).strict(), z.string().nullable()),
  'app.info': call(
    none,
    z.object({ version: z.string(), electron: z.string(), user: z.string(), sample: z.string() }),
  ),
} as const;

export type AppCallName = keyof typeof appCalls;
export type AppCallInput<N extends AppCallName> = z.input<(typeof appCalls)[N]['input']>;
export type AppCallOutput<N extends AppCallName> = z.output<(typeof appCalls)[N]['output']>;

export const events = {
  progress: Progress,
  /** The worklist changed: read it again. */
  worklist: none,
  /** The engine is ready, was lost, or came back. */
  engine: z.object({ state: z.enum(['starting', 'ready', 'lost']), message: z.string().optional() }),
} as const;

export type EventName = keyof typeof events;
export type EventValue<N extends EventName> = z.output<(typeof events)[N]>;

/** An error as it crosses a boundary: user text comes from the code, never from a stack. */
export const CallError = z.object({ code: z.string(), message: z.string() });
export type CallError = z.infer<typeof CallError>;

export const CallResult = z.union([
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: CallError }),
]);

/**
 * What the preload puts on `window.wetread`. Frames come over the `wetread:` scheme instead:
 * `wetread://frame/<study uid>/<instance uid>/<frame from 0>` answers with a little-endian u32 header length, a FrameHeader as
 * JSON padded with spaces to a multiple of 8 (prefix included), then the values; `wetread://thumbnail/<study uid>/<instance uid>` with a JPEG.
 * UIDs are percent-encoded.
 */
export interface Bridge {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  app<N extends AppCallName>(name: N, input: AppCallInput<N>): Promise<AppCallOutput<N>>;
  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void;
  /** Path of a file that was dropped on the window. */
  pathOf(file: File): string;
}
