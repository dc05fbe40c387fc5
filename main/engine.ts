import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type CallName, calls, type EventName, type EventValue } from '../preload/calls.js';
import {
  AUTHORED,
  type IndexModality,
  type Instance,
  type Problem,
  type Report,
  type Study,
  type WorklistRow,
} from '../preload/values.js';
import { adapterInUse, chooseAdapter } from './adapter-choice.js';
import { AuthoredBuild } from './authored-build.js';
import { ChangedOutside } from './changed-outside.js';
import { siteSecret } from './deidentify/index.js';
import { deidentifyHandlers } from './deidentify-handlers.js';
import { regroundSentence } from './draft/index.js';
import { embedTexts, openPack, type Pack, type ReadImage } from './encode/index.js';
import { toWetreadError, WetreadError } from './error.js';
import { exportReport } from './export/index.js';
import { FrameCache } from './frame-cache.js';
import { frameToBytes } from './frame-wire.js';
import type { Handlers } from './handlers.js';
import { knowledgeHandlers } from './knowledge.js';
import { draftStudy, modelImage } from './pipeline.js';
import { indexedCases, type Library, openLibrary, routeModality } from './retrieve/index.js';
import * as review from './review/index.js';
import { openSession, sessionHandlers } from './session/index.js';
import {
  decodeFrame,
  dispose as disposeDecoders,
  loadStudies,
  resizeGrey,
  thumbnail,
  warm,
} from './study/index.js';
import { Tasks } from './tasks.js';
import { openTrust, type Places, signerIn, type Trust } from './trust/index.js';
import { trustHandlers } from './trust-handlers.js';
import { writeWhole } from './write-whole.js';

/** Where the engine finds and keeps things. */
export interface EngineOptions {
  /** Reports and indices; made where it is not there. */
  dataFolder: string;
  /** A folder a model pack. */
  packsFolder: string;
  /** The authored knowledge base, a folder a modality. */
  documentsFolder: string;
  /** Key of the report store, 64 hexadecimal digits; without one a key file in the data folder is used. */
  key?: string;
  /** The system's name of the user, for the audit trail where there are no local users. */
  user: string;
  /** The command line, which local users do not bar: it is in the hands of whoever holds the key of the store. */
  shell?: boolean;
  /** Removes all local users first: the way back where no administrator knows their password. */
  resetUsers?: boolean;
  onEvent?: <N extends EventName>(name: N, value: EventValue<N>) => void;
}

/** Enough of an image for the model, which sees 256 pixels a side; JPEG 2000 need not be decoded any finer. */
const modelSidePx = 512;

/**
 * The engine: the steps composed, behind the calls of the contract. The window and the command line are two doors to it. `call` and the
 * images are for the window and answer only to who is signed in (`locked`) and has the role (`role-missing`); `open`, `draft` and `report` are
 * for the command line.
 */
export interface Engine {
  /** Answers one call; input and output are parsed. Rejects with a WetreadError. */
  call(name: CallName, input: unknown): Promise<unknown>;
  /** One frame in the wire format of the `wetread://frame/` scheme. */
  frame(study: string, instance: string, frame: number): Promise<Uint8Array>;
  /** A JPEG of at most 192 pixels a side. */
  thumbnail(study: string, instance: string): Promise<Uint8Array>;
  /** Reads paths into the worklist, as `study.open`, and returns the studies themselves. */
  open(paths: string[], task: string): Promise<Awaited<ReturnType<typeof loadStudies>>>;
  /** Drafts a study and stores the report. `adapter` undefined: the one in use; null: none. */
  draft(
    study: Study,
    options: { task: string; adapter?: string | null; retrieval?: boolean },
  ): Promise<Report>;
  /** A thumbnail of an earlier case, a JPEG. */
  caseImage(dataset: string, document: string, image: number): Promise<Uint8Array>;
  /** A stored report with its study. */
  report(id: string): { report: Report; study: Study };
  /** Resolves when pack and indices are ready; rejects with what is wrong with the pack. */
  ready(): Promise<void>;
  dispose(): Promise<void>;
}

/**
 * Opens the store at once, the pack and the indices in the background, so that the window can list and show studies meanwhile.
 * Throws WetreadError `store-damaged` where the report store cannot be opened with the key, `disk-full` or `not-allowed` where not at all.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const emit: NonNullable<EngineOptions['onEvent']> = options.onEvent ?? (() => {});
  const tasks = new Tasks((progress) => emit('progress', progress));
  const frames = new FrameCache(decodeFrame);
  const now = () => new Date().toISOString();
  const newId = () => randomUUID();
  const storeFolder = join(options.dataFolder, 'reports');
  const { storeKey, store } = openReports(storeFolder, options.key, now);

  const session = openSession({
    users: store.users,
    systemUser: options.user,
    shell: options.shell ?? false,
    clock: Date.now,
    onChange: (state) => emit('session', state),
  });
  if (options.resetUsers) session.reset();
  session.state();

  warm();
  const onDatasets = () => emit('datasets', {});
  const trust = openTrust(options.dataFolder);
  const places: Places = {
    packFolders: [join(options.packsFolder, 'cxr')],
    documentsFolder: options.documentsFolder,
  };
  let packOpening: Promise<Pack>;
  let libraryOpening: Promise<Library>;
  let authored: AuthoredBuild;
  openModels();

  /** Again when the user trusts a pack that was refused. */
  function openModels(): void {
    packOpening = openPack(join(options.packsFolder, 'cxr'), { trust });
    libraryOpening = packOpening.then((pack) => openLibraryOf(pack, options, trust, onDatasets));
    // Each use awaits the promise and gets the error; nobody may be there yet when it comes.
    packOpening.catch(() => {});
    libraryOpening.catch(() => {});
    packOpening.then((pack) => pack.warm()).catch(() => {});
    buildKnowledge();
  }

  /** Again when the user trusts a knowledge base that was refused. */
  function buildKnowledge(): void {
    authored = new AuthoredBuild(libraryOpening, options.documentsFolder, tasks, trust);
    authored.whole.then(onDatasets, onDatasets);
  }

  /** Loads what was refused, where it is trusted now. */
  async function loadTrusted(): Promise<void> {
    const isRefused = (opening: Promise<unknown>) =>
      opening.then(
        () => false,
        (thrown) => toWetreadError(thrown).code === 'untrusted',
      );
    if (await isRefused(packOpening)) openModels();
    else if (await isRefused(authored.whole)) buildKnowledge();
  }

  // By command, while the window is open.
  const outside = options.shell
    ? undefined
    : new ChangedOutside([
        { stamp: async () => String(store.changedOutside()), onChange: onStore },
        { stamp: () => trust.stamp(), onChange: onTrust },
        { stamp: async () => (await libraryOpening).stamp(), onChange: onDatasets },
      ]);

  function onStore(): void {
    studies.clear();
    session.state();
    emit('worklist', {});
    emit('access', {});
  }

  function onTrust(): void {
    void loadTrusted().then(() => {
      onDatasets();
      emit('access', {});
    });
  }

  // Each frame of a scroll asks for its study, and a CT of a thousand slices takes long to read from the store.
  const studies = new Map<string, Study>();

  function studyOf(uid: string): Study {
    const study = studies.get(uid) ?? store.study(uid);
    if (!study)
      throw new WetreadError('not-found', 'This study is not on the worklist. Open its files again.');
    studies.set(uid, study);
    return study;
  }

  function instanceOf(study: string, uid: string): Instance {
    const found = studyOf(study)
      .series.flatMap((series) => series.instances)
      .find((instance) => instance.uid === uid);
    if (!found)
      throw new WetreadError('not-found', 'This image is not part of the study. Open its files again.');
    return found;
  }

  function reportOf(id: string): Report {
    const report = store.report(id);
    if (!report) throw new WetreadError('not-found', 'This report is not in the store.');
    return report;
  }

  /** Applies one transition to a stored report and journals it. */
  function change(
    id: string,
    action: review.AuditAction,
    transition: (report: Report, context: review.ReviewContext) => Report,
    sentence?: string,
  ): Report {
    const before = reportOf(id);
    const after = transition(before, { now, newId, reground: regroundSentence });
    if (after === before) return before;
    store.record(after, { who: session.who(), action, sentence });
    emit('worklist', {});
    return after;
  }

  /** Decodes what will be shown first while the window is still asking for the study. */
  function readAhead(study: Study): void {
    const first = study.series
      .flatMap(({ instances }) => instances.slice(0, 1))
      .filter((one) => one.hasPixels);
    for (const instance of first.slice(0, 2)) frames.get(instance, 0).catch(() => {});
  }

  async function open(paths: string[], task: string) {
    const loaded = await tasks.run(task, 'Reading files', (signal, report) =>
      loadStudies(paths, { signal, onProgress: ({ done, total }) => report(done, total) }),
    );
    for (const study of loaded.studies) {
      store.keepStudy(study);
      studies.set(study.uid, study);
    }
    emit('worklist', {});
    return loaded;
  }

  const readImage: ReadImage = async (instance, { signal }) =>
    modelImage(
      await (frames.known(instance, 0) ?? decodeFrame(instance, 0, { signal, minSidePx: modelSidePx })),
    );

  const knowledge = knowledgeHandlers({
    get library() {
      return libraryOpening;
    },
    built: (modality) => authored.of(modality),
    get pack() {
      return packOpening;
    },
    onChange: onDatasets,
    ...{ tasks, studyOf, readImage },
  });

  /** What a draft looks things up in. What cannot be used costs its citations, not the draft, which tells of it. */
  async function librariesFor(
    modality: IndexModality,
  ): Promise<{ library: Library | undefined; problems: Problem[] }> {
    try {
      const library = await authored.of(modality);
      return { library, problems: library.troubles };
    } catch (thrown) {
      const { code, message } = toWetreadError(thrown);
      const library = await libraryOpening.catch(() => undefined);
      const file = library?.index(AUTHORED).title ?? 'Datasets';
      return { library, problems: [{ file, code, message }] };
    }
  }

  async function draft(
    study: Study,
    { task, adapter, retrieval = true }: { task: string; adapter?: string | null; retrieval?: boolean },
  ): Promise<Report> {
    // Whoever asked for it, also when the window is locked or another has signed in meanwhile.
    const who = session.who();
    return tasks.run(task, 'Drafting', async (signal, report) => {
      const pack = await packOpening;
      const modality = routeModality(study) ?? 'XR';
      const { library, problems } = retrieval
        ? await unlessAborted(librariesFor(modality), signal)
        : { library: undefined, problems: [] };
      const made = await draftStudy(
        study,
        {
          ...{ pack, problems },
          index: library?.indices(),
          ...(library && { cases: indexedCases(library.indices(), modality) }),
          adapter: adapter === undefined ? await adapterInUse(options.dataFolder, pack) : adapter,
          readImage,
          resize: resizeGrey,
          newId,
        },
        { signal, onStep: (label, done) => report(done, 3, label) },
      );
      const stored = review.reportOf(made, { now, newId });
      store.record(stored, { who, action: 'draft' });
      emit('worklist', {});
      return stored;
    });
  }

  function worklist(): WorklistRow[] {
    const summaries = new Map(store.summaries().map((summary) => [summary.study, summary]));
    return store.studies().studies.map((study) => worklistRow(study, summaries.get(study.uid)));
  }

  const handlers: Handlers = {
    ...sessionHandlers(session, store.users, emit),
    'study.open': async ({ paths, task }) => {
      const { studies, problems } = await open(paths, task);
      if (studies[0]) readAhead(studies[0]);
      return { studies: studies.map((study) => study.uid), problems };
    },
    'study.list': () => worklist(),
    'study.get': ({ study }) => {
      const found = studyOf(study);
      readAhead(found);
      return found;
    },
    'study.close': ({ study }) => {
      store.closeStudy(study);
      studies.delete(study);
      emit('worklist', {});
      return {};
    },
    'task.cancel': ({ task }) => {
      tasks.cancel(task);
      return {};
    },
    'report.ofStudy': ({ study }) => store.reportOfStudy(study) ?? null,
    'report.draft': ({ study, task }) => draft(studyOf(study), { task }),
    'report.accept': ({ report, sentence }) =>
      change(report, 'accept', (value, context) => review.acceptSentence(value, sentence, context), sentence),
    'report.edit': ({ report, sentence, text }) =>
      change(
        report,
        'edit',
        (value, context) => review.editSentence(value, sentence, text, context),
        sentence,
      ),
    'report.reject': ({ report, sentence }) =>
      change(report, 'reject', (value, context) => review.rejectSentence(value, sentence, context), sentence),
    'report.restore': ({ report, sentence }) =>
      change(
        report,
        'restore',
        (value, context) => review.restoreSentence(value, sentence, context),
        sentence,
      ),
    'report.add': ({ report, section, after, text }) =>
      change(report, 'add', (value, context) => review.addSentence(value, { section, after, text }, context)),
    'report.confirm': ({ report, sentence, flag }) =>
      change(
        report,
        'confirm',
        (value, context) => review.confirmFlag(value, sentence, flag, context),
        sentence,
      ),
    'report.takeOffer': ({ report, offer }) =>
      change(report, 'take-offer', (value, context) => review.takeOffer(value, offer, context)),
    'report.dismissOffer': ({ report, offer }) =>
      change(report, 'dismiss-offer', (value, context) => review.dismissOffer(value, offer, context)),
    'report.toPreliminary': ({ report }) => change(report, 'to-preliminary', review.toPreliminary),
    'report.sign': ({ report, by }) =>
      change(report, 'sign', (value, context) => review.sign(value, session.signature(by), context)),
    'report.addendum': ({ report, by, text }) =>
      change(report, 'addendum', (value, context) =>
        review.addAddendum(value, session.signature(by), text, context),
      ),
    'report.export': async ({ report, format, file }) => {
      const value = reportOf(report);
      const who = session.who();
      const text = exportReport(value, studyOf(value.study), format);
      // No report is under a name of the user's that the trail does not know of, whenever the process is killed.
      await writeWhole(file, text, () => store.record(value, { who, action: 'export' }));
      return { file };
    },
    ...knowledge,
    ...deidentifyHandlers({
      ...{ tasks, studyOf, secret: siteSecret(storeKey) },
      ...{ users: store.users, who: session.who },
    }),
    'pack.list': async () => {
      const pack = await packOpening;
      const { id, version, title, licence, domain, adapters } = pack.manifest;
      return [
        {
          ...{ id, version, title, licence, domain: domain.description, bytes: pack.bytes, card: pack.card },
          adapters: adapters.map((adapter) => ({ id: adapter.id, title: adapter.title })),
          adapter: await adapterInUse(options.dataFolder, pack),
          trust: pack.trust,
        },
      ];
    },
    'adapter.use': async ({ adapter }) => {
      await chooseAdapter(options.dataFolder, await packOpening, adapter);
      return {};
    },
    ...trustHandlers({ trust, places, who: session.who, onChange: loadTrusted }),
  };

  return {
    async call(name, input) {
      try {
        session.requireCall(name);
        const parsed = calls[name].input.safeParse(input);
        if (!parsed.success)
          throw new WetreadError('bad-input', `The call ${name} got input that does not fit.`, {
            cause: parsed.error,
          });
        // One handler a name; the compiler cannot follow the pair through the union.
        const handler = handlers[name] as (value: unknown) => unknown;
        return calls[name].output.parse(await handler(parsed.data));
      } catch (thrown) {
        throw toWetreadError(thrown);
      }
    },
    frame: async (study, instance, frame) => {
      session.requireUnlocked();
      return frameToBytes(await frames.get(instanceOf(study, instance), frame));
    },
    caseImage: async (dataset, document, image) => {
      session.requireUnlocked();
      return (await libraryOpening).thumbnail(dataset, document, image);
    },
    thumbnail: async (study, instance) => {
      session.requireUnlocked();
      return thumbnail(await frames.get(instanceOf(study, instance), 0), 192);
    },
    open,
    draft,
    report: (id) => {
      const report = reportOf(id);
      return { report, study: studyOf(report.study) };
    },
    ready: async () => {
      await packOpening;
      await authored.whole.catch(() => {});
    },
    async dispose() {
      outside?.dispose();
      tasks.cancelAll();
      await authored.whole.catch(() => {});
      await libraryOpening.then((library) => library.dispose()).catch(() => {});
      await packOpening.then((pack) => pack.dispose()).catch(() => {});
      await disposeDecoders();
      store.dispose();
    },
  };
}

function openReports(folder: string, key: string | undefined, now: () => string) {
  try {
    const storeKey = key ?? review.readOrMakeKeyFile(folder);
    return { storeKey, store: review.openStore(folder, storeKey, { now }) };
  } catch (thrown) {
    throw toWetreadError(thrown);
  }
}

function openLibraryOf(
  pack: Pack,
  { dataFolder, documentsFolder }: EngineOptions,
  trust: Trust,
  onChange: () => void,
): Promise<Library> {
  return openLibrary({
    folder: join(dataFolder, 'indices'),
    embed: (texts, { signal }) => embedTexts(pack, texts, { signal, states: false }),
    onChange,
    documentsFolder,
    requireTrusted: trust.requireKnowledge,
    sign: signerIn(dataFolder),
    embedder: pack.manifest.files['text-encoder.onnx']?.sha256 ?? pack.manifest.version,
  });
}

/** What `work` yields, or an AbortError as soon as the signal fires; the work itself goes on. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}

function worklistRow(study: Study, summary: review.ReportSummary | undefined): WorklistRow {
  const { uid, patient, date, time, description, accession, series, problems } = study;
  return {
    ...{ study: uid, patient, date, time, description, accession },
    modalities: [...new Set(series.map((one) => one.modality))],
    bodyPart: series.find((one) => one.bodyPart)?.bodyPart,
    images: series.reduce((sum, one) => sum + one.instances.length, 0),
    problems: problems.length,
    report: summary && { id: summary.id, state: summary.state, openFlags: summary.openFlags },
  };
}
