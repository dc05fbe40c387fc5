import { useCallback, useEffect, useRef, useState } from 'react';
import type {
  ImportMapping,
  ImportPreview,
  ImportRequest,
  ImportResult,
  IndexModality,
} from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';
import { useNotices } from './notices.js';

/** What the user wants to import, as it stands before it runs. */
export interface ImportPlan {
  /** Id of the dataset to fill; null: a new one by the name `title`. */
  dataset: string | null;
  title: string;
  paths: string[];
  /** For what does not say its modality itself. */
  modality?: IndexModality;
  /** As changed by the user; without it the engine guesses. */
  mapping?: ImportMapping;
  licence: string;
  vectors: boolean;
}

/** What the engine read of the plan's files; `value` stays from before while it reads again. */
export interface PreviewState {
  state: 'reading' | 'ready' | 'failed';
  task?: string;
  value?: ImportPreview;
  message?: string;
}

/** How the last import ended. */
export type Outcome =
  | { kind: 'done'; result: ImportResult; seconds: number }
  | { kind: 'stopped' | 'failed'; message: string };

export interface Imports {
  plan: ImportPlan | undefined;
  preview: PreviewState | undefined;
  /** The import that runs. */
  running: { task: string; dataset: string; cancelling: boolean } | undefined;
  outcome: Outcome | undefined;
  interrupted: ImportRequest[];
  /** Plans an import of these paths, or adds them to the one that is planned. */
  begin(paths: string[], dataset?: string): void;
  change(part: Partial<ImportPlan>): void;
  start(): Promise<void>;
  cancel(): void;
  /** Drops the plan, or the result once it has been read. */
  close(): void;
  resume(request: ImportRequest): Promise<void>;
  forget(dataset: string): Promise<void>;
}

/** A plan that changes again within this time is not previewed yet: the user is still choosing. */
const settleMs = 250;

/** The import as the user plans, previews, runs and ends it; it goes on while another view is shown. */
export function useImports(forgetTask: (task: string) => void): Imports {
  const { say, fail } = useNotices();
  const [plan, setPlan] = useState<ImportPlan>();
  const [preview, setPreview] = useState<PreviewState>();
  const [running, setRunning] = useState<Imports['running']>();
  const [outcome, setOutcome] = useState<Outcome>();
  const [interrupted, setInterrupted] = useState<ImportRequest[]>([]);
  const busy = useRef(false);

  const readInterrupted = useCallback(
    () => bridge().call('import.interrupted', {}).then(setInterrupted, fail),
    [fail],
  );
  useEffect(() => {
    void readInterrupted();
    return bridge().on('engine', ({ state }) => {
      if (state === 'ready') void readInterrupted();
    });
  }, [readInterrupted]);

  const ended = outcome?.kind === 'done';
  const begin = useCallback(
    (paths: string[], dataset?: string) => {
      if (paths.length === 0) return;
      if (busy.current) return say('An import is running. Wait for its end, or cancel it, before the next.');
      setOutcome(undefined);
      setPlan((old) => {
        // Files are added to what is being planned, but neither to what is done nor to a plan for another dataset.
        const goesOn = old && !ended && (dataset === undefined || dataset === old.dataset);
        if (goesOn) return { ...old, paths: [...new Set([...old.paths, ...paths])] };
        return { dataset: dataset ?? null, title: '', licence: '', vectors: true, paths };
      });
    },
    [say, ended],
  );
  const change = useCallback(
    (part: Partial<ImportPlan>) => setPlan((old) => (old ? { ...old, ...part } : old)),
    [],
  );
  const close = useCallback(() => {
    setPlan(undefined);
    setPreview(undefined);
    setOutcome(undefined);
  }, []);

  const { paths, modality, mapping } = plan ?? {};
  useEffect(() => {
    if (!paths || busy.current || ended) return;
    if (paths.length === 0) return setPreview(undefined);
    // Without any text there is nothing to preview; the last one stays.
    if (mapping?.sections.length === 0) return;
    const task = `preview-${crypto.randomUUID()}`;
    let live = true;
    let asked = false;
    const timer = setTimeout(async () => {
      asked = true;
      setPreview((old) => ({ state: 'reading', task, value: old?.value }));
      try {
        const value = await bridge().call('import.preview', { paths, modality, mapping, task });
        if (live) setPreview({ state: 'ready', value });
      } catch (thrown) {
        if (live) setPreview({ state: 'failed', message: toCallError(thrown).message });
      } finally {
        asked = false;
        forgetTask(task);
      }
    }, settleMs);
    return () => {
      live = false;
      clearTimeout(timer);
      if (asked) void bridge().call('task.cancel', { task });
    };
  }, [paths, modality, mapping, ended, forgetTask]);

  const run = useCallback(
    async (request: ImportRequest) => {
      const task = `import-${crypto.randomUUID()}`;
      const started = performance.now();
      setRunning({ task, dataset: request.dataset, cancelling: false });
      setOutcome(undefined);
      try {
        const result = await bridge().call('import.run', { ...request, task });
        setOutcome({ kind: 'done', result, seconds: (performance.now() - started) / 1000 });
        say('The import is done.');
      } catch (thrown) {
        const { code, message } = toCallError(thrown);
        setOutcome({ kind: code === 'cancelled' ? 'stopped' : 'failed', message });
      } finally {
        setRunning(undefined);
        forgetTask(task);
        void readInterrupted();
      }
    },
    [say, forgetTask, readInterrupted],
  );

  /** One import at a time. */
  const alone = useCallback(async (work: () => Promise<void>) => {
    if (busy.current) return;
    busy.current = true;
    try {
      await work();
    } finally {
      busy.current = false;
    }
  }, []);

  const start = useCallback(
    () =>
      alone(async () => {
        if (!plan) return;
        const { title, licence, ...rest } = plan;
        try {
          const dataset = plan.dataset ?? (await bridge().call('dataset.add', { title: title.trim() })).id;
          setPlan({ ...plan, dataset });
          await run({ ...rest, dataset, ...(licence.trim() && { licence: licence.trim() }) });
        } catch (thrown) {
          fail(thrown);
        }
      }),
    [alone, plan, run, fail],
  );

  const resume = useCallback(
    (request: ImportRequest) =>
      alone(async () => {
        const { licence = '', ...rest } = request;
        setPlan({ ...rest, title: '', licence });
        setInterrupted((old) => old.filter((r) => r.dataset !== request.dataset));
        await run(request);
      }),
    [alone, run],
  );

  const forget = useCallback(
    async (dataset: string) => {
      try {
        await bridge().call('import.forget', { dataset });
        await readInterrupted();
        say('Forgotten. What it had read stays.');
      } catch (thrown) {
        fail(thrown);
      }
    },
    [readInterrupted, say, fail],
  );

  const cancel = useCallback(() => {
    if (!running) return;
    setRunning({ ...running, cancelling: true });
    void bridge().call('task.cancel', { task: running.task });
  }, [running]);

  return {
    plan,
    preview,
    running,
    outcome,
    interrupted,
    begin,
    change,
    start,
    cancel,
    close,
    resume,
    forget,
  };
}
