/**
 * The contract between window, app and engine: every call with the schema of its input and output, and every event.
 * Both ends parse; what does not fit is refused.
 */
import { z } from 'zod';
import {
  AccessEntry,
  Answer,
  CaseHit,
  Dataset,
  DatasetDocument,
  DatasetVersion,
  DeidentifyOption,
  Evidence,
  FlagCode,
  ImportPreview,
  ImportRequest,
  ImportResult,
  IndexModality,
  PackTrust,
  Problem,
  Progress,
  Report,
  Role,
  SearchFilters,
  Section,
  SessionState,
  Study,
  TrustList,
  User,
  UserName,
  WorklistRow,
} from './values.js';

const call = <I extends z.ZodType, O extends z.ZodType>(input: I, output: O) => ({ input, output });

/** SHA-256 in hexadecimal. */
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const none = z.object({}).strict();
const report = z.object({ report: z.string() }).strict();
const sentence = z.object({ report: z.string(), sentence: z.string() }).strict();
const text = z.string().min(1).max(2000);
const dataset = z.object({ dataset: z.string() }).strict();
const fullName = z.string().trim().min(1).max(120);
const roles = z.array(Role).min(1).max(Role.options.length);
/** Only bounded here, so that what is too short or too common is told by the engine in a sentence. */
const password = z.string().min(1).max(1000);

export const calls = {
  /** Whether somebody has to sign in, and who has. Answered before anything else. */
  'session.state': call(none, SessionState),
  /** Refused with `not-allowed` for a wrong name or password, and for a while after several of them. */
  'session.signIn': call(z.object({ name: z.string().max(200), password }).strict(), SessionState),
  /** Refuses everything until somebody signs in; a draft in progress goes on. `wrong-state` without local users. */
  'session.lock': call(none, SessionState),
  /** The signed-in user's own password. */
  'session.setPassword': call(z.object({ current: password, password }).strict(), none),
  /** Idle minutes after which the app locks. */
  'session.setLock': call(z.object({ minutes: z.number().int().min(1).max(60) }).strict(), SessionState),

  /** Also those who were removed. */
  'user.list': call(none, z.array(User)),
  /** The first user becomes an administrator besides, is signed in, and from then on the app locks. */
  'user.add': call(z.object({ name: UserName, fullName, roles, password }).strict(), User),
  /** `active` brings a removed user back. `wrong-state` where no administrator would be left. */
  'user.change': call(
    z
      .object({
        user: UserName,
        fullName: fullName.optional(),
        roles: roles.optional(),
        active: z.literal(true).optional(),
        password: password.optional(),
      })
      .strict(),
    User,
  ),
  /** Lets a user no longer sign in; what they did stays. The last one of all makes the app one without users again. */
  'user.remove': call(z.object({ user: UserName }).strict(), User),
  /** Sign-ins, locks and changes of users, newest first. */
  'user.log': call(z.object({ limit: z.number().int().min(1).max(500) }).strict(), z.array(AccessEntry)),

  /** Reads files, folders, ZIPs and DICOMDIRs into the worklist. `task` names it for progress and `task.cancel`. */
  'study.open': call(
    z.object({ paths: z.array(z.string()).min(1), task: z.string() }).strict(),
    z.object({ studies: z.array(z.string()), problems: z.array(Problem) }),
  ),
  'study.list': call(none, z.array(WorklistRow)),
  'study.get': call(z.object({ study: z.string() }).strict(), Study),
  /** Takes the study off the worklist; files and reports stay. */
  'study.close': call(z.object({ study: z.string() }).strict(), none),
  /** Images of the study that likely have text in their pixels, names among it perhaps: the object says so, or lines of letters were found. */
  'study.findText': call(
    z.object({ study: z.string(), task: z.string() }).strict(),
    z.array(
      z.object({
        instance: z.string(),
        series: z.string(),
        number: z.number().int().nullable(),
        lines: z.number().int(),
      }),
    ),
  ),
  /**
   * Writes a de-identified copy of the study's objects (PS3.15 Annex E) into `folder`, which the user chose. `boxText` blackens text that is
   * found in pixels; `likely` counts the copies in which it was found and left.
   */
  'study.deidentify': call(
    z
      .object({
        study: z.string(),
        folder: z.string(),
        options: z.array(DeidentifyOption),
        boxText: z.boolean(),
        task: z.string(),
      })
      .strict(),
    z.object({
      copies: z.number().int(),
      boxed: z.number().int(),
      likely: z.number().int(),
      problems: z.array(Problem),
    }),
  ),
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
  /** Refused with code `flag-open` while a flag of a sentence that is not rejected is unresolved. With local users `by` is the signed-in one's name, whatever was sent. */
  'report.sign': call(report.extend({ by: z.string().min(1).max(120) }), Report),
  'report.addendum': call(report.extend({ by: z.string().min(1).max(120), text }), Report),
  /** Writes the report to `file`, which the app has had the user choose. */
  'report.export': call(
    report.extend({ format: z.enum(['text', 'fhir']), file: z.string() }),
    z.object({ file: z.string() }),
  ),

  /** The authored knowledge base first, then the department's own and shared datasets. */
  'dataset.list': call(none, z.array(Dataset)),
  /**
   * A new dataset to be filled here; with a location (folder, `s3://…`, `db://…`) one that others fill and that is only read. The key that
   * signed it is trusted from then on; with `allowUnsigned` it may also be one that nobody signed.
   */
  'dataset.add': call(
    z
      .object({
        title: z.string().trim().min(1).max(80),
        location: z.string().max(1000).optional(),
        allowUnsigned: z.boolean().optional(),
      })
      .strict(),
    Dataset,
  ),
  /** Trusts what this key signs, or `unsigned` what nobody signs, as the versions of a shared dataset, and no other. */
  'dataset.trust': call(dataset.extend({ publisher: z.string().max(100) }).strict(), Dataset),
  /** Deletes an own dataset with all its versions; a shared one is only forgotten, with its copy. */
  'dataset.remove': call(dataset, none),
  /** Brings the copy of a shared dataset up to date; builds a damaged or outdated one again where it can be. */
  'dataset.refresh': call(dataset.extend({ task: z.string() }), Dataset),
  /** Copies an own dataset to a folder or `s3://…` where others can read it; what is there already is only brought up to date. */
  'dataset.publish': call(
    dataset.extend({ location: z.string().max(1000), task: z.string() }),
    z.object({ key: z.string(), fingerprint: z.string() }).strict(),
  ),
  /** Newest first. */
  'dataset.versions': call(dataset, z.array(DatasetVersion)),
  'dataset.rollback': call(dataset.extend({ version: z.number().int().positive() }), Dataset),
  /** Documents of a dataset, newest first; with `query` those whose words match it, best first. */
  'dataset.documents': call(
    dataset
      .extend({
        query: text.optional(),
        offset: z.number().int().nonnegative(),
        limit: z.number().int().min(1).max(100),
      })
      .strict(),
    z.object({ total: z.number().int(), documents: z.array(DatasetDocument) }),
  ),
  'dataset.document': call(
    dataset.extend({ document: z.string() }),
    DatasetDocument.extend({ sections: z.array(z.object({ kind: z.string(), text: z.string() })) }),
  ),
  'dataset.deleteDocuments': call(
    dataset.extend({ documents: z.array(z.string()).min(1).max(1000) }),
    Dataset,
  ),

  /** What an import would read and remove; stores nothing. */
  'import.preview': call(
    ImportRequest.omit({ dataset: true, vectors: true, licence: true }).extend({ task: z.string() }),
    ImportPreview,
  ),
  /** Reads files into an own dataset. What is there already is left, what changed is replaced; stopped, it goes on where it was when run again. */
  'import.run': call(ImportRequest.extend({ task: z.string() }), ImportResult),
  /** Imports that were begun and neither finished nor cancelled. */
  'import.interrupted': call(none, z.array(ImportRequest)),
  /** Drops the memory of an interrupted import; what it had read stays. */
  'import.forget': call(dataset, none),

  'index.search': call(
    z.object({ query: text, modality: IndexModality, filters: SearchFilters.optional() }).strict(),
    Evidence,
  ),
  /** Earlier studies that look like this one, the most alike first; `reason` says why there are none. */
  'case.similar': call(
    z.object({ study: z.string(), limit: z.number().int().min(1).max(50) }).strict(),
    z.object({ cases: z.array(CaseHit), reason: z.string().optional() }),
  ),
  /** A question on the open study, answered from the indices or not at all. */
  ask: call(z.object({ study: z.string(), question: text }).strict(), Answer),

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
        trust: PackTrust,
      }),
    ),
  ),
  'adapter.use': call(z.object({ pack: z.string(), adapter: z.string().nullable() }).strict(), none),

  'trust.list': call(none, TrustList),
  /** Trusts what waits with this digest, and loads it. `not-found` where nothing does. */
  'trust.accept': call(z.object({ digest }).strict(), TrustList),
  /** Trusts all packs signed with this Ed25519 key (32 bytes in base64url), and loads one that waits. */
  'trust.addPublisher': call(
    z.object({ name: z.string().trim().min(1).max(80), key: z.string().max(100) }).strict(),
    TrustList,
  ),
  /** Takes trust back, by digest or key; what is open stays open until Wetread starts next. */
  'trust.remove': call(z.object({ which: z.string().max(100) }).strict(), TrustList),
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
  /** A dataset was filled, rolled back, added, removed, or its location went away or came back. */
  datasets: none,
  /** Users, or what is trusted, may have been changed by command: read them again. */
  access: none,
  /** Somebody signed in or out, or what they may do changed. */
  session: SessionState,
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
 * JSON padded with spaces to a multiple of 8 (prefix included), then the values; `wetread://thumbnail/<study uid>/<instance uid>` and `wetread://case/<dataset>/<document>/<image from 0>` with a JPEG.
 * UIDs are percent-encoded.
 */
export interface Bridge {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  app<N extends AppCallName>(name: N, input: AppCallInput<N>): Promise<AppCallOutput<N>>;
  on<N extends EventName>(name: N, listener: (value: EventValue<N>) => void): () => void;
  /** Path of a file that was dropped on the window. */
  pathOf(file: File): string;
}
