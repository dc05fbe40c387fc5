import type { Progress } from '../preload/values.js';

/** How far a task is; `isWaiting`: for another process. */
export type Report = (done: number, total: number, label?: string, isWaiting?: boolean) => void;

/** Progress as the steps tell it, told as that of a task. */
export const told =
  (report: Report) =>
  ({ done, total, label, isWaiting }: Omit<Progress, 'task'>) =>
    report(done, total, label, isWaiting);

/** Runs what takes long: named, with progress, and cancelled by name. */
export class Tasks {
  readonly #running = new Map<string, AbortController>();

  constructor(private readonly onProgress: (progress: Progress) => void) {}

  /** Runs `work` under the name `task`. Its progress goes out at most every 50 ms, the end always. */
  async run<T>(
    task: string,
    label: string,
    work: (signal: AbortSignal, report: Report) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    this.#running.set(task, controller);
    let last = 0;
    const report: Report = (done, total, step = label, isWaiting = false) => {
      const at = Date.now();
      if (at - last < 50 && done < total) return;
      last = at;
      this.onProgress({ task, label: step, done, total, ...(isWaiting && { isWaiting }) });
    };
    try {
      report(0, 0);
      return await work(controller.signal, report);
    } finally {
      this.#running.delete(task);
      this.onProgress({ task, label, done: 1, total: 1 });
    }
  }

  /** Cancels the task of this name, if it still runs. */
  cancel(task: string): void {
    this.#running.get(task)?.abort();
  }

  cancelAll(): void {
    for (const controller of this.#running.values()) controller.abort();
  }
}
