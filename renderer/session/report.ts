import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallInput } from '../../preload/calls.js';
import type { Report } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { useNotices } from './notices.js';

/** The calls that answer with the report as it now is. */
export type ReportCall =
  | 'report.accept'
  | 'report.edit'
  | 'report.reject'
  | 'report.restore'
  | 'report.add'
  | 'report.confirm'
  | 'report.takeOffer'
  | 'report.dismissOffer'
  | 'report.toPreliminary'
  | 'report.sign'
  | 'report.addendum';

export interface ReportSession {
  report: Report | null;
  /** Whether it has been asked yet if there is one. */
  isKnown: boolean;
  /** Task of the drafting that runs. */
  drafting: string | undefined;
  draft(): Promise<void>;
  /** Changes the report; false when it was refused (the refusal has been told, unless `quiet` takes it). */
  change<N extends ReportCall>(
    name: N,
    input: Omit<CallInput<N>, 'report'>,
    quiet?: (thrown: unknown) => void,
  ): Promise<boolean>;
}

/** The newest report of a study and everything that can be done to it. Changes go one after another, in the order given. */
export function useReport(study: string | undefined, forget: (task: string) => void): ReportSession {
  const { say, fail } = useNotices();
  const [held, setHeld] = useState<{ study: string; report: Report | null }>();
  const [drafting, setDrafting] = useState<{ study: string; task: string }>();
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const current = useRef(study);
  current.current = study;

  useEffect(() => {
    if (study === undefined) return setHeld(undefined);
    let live = true;
    const read = () =>
      bridge()
        .call('report.ofStudy', { study })
        .then(
          (report) => live && setHeld({ study, report }),
          (thrown: unknown) => live && fail(thrown),
        );
    void read();
    // A report may have been drafted by another door (the command line, a restart): read it again with the worklist.
    const off = bridge().on('worklist', () => void queue.current.then(read));
    return () => {
      live = false;
      off();
    };
  }, [study, fail]);

  const draft = useCallback(async () => {
    if (study === undefined) return;
    const task = `draft-${crypto.randomUUID()}`;
    setDrafting({ study, task });
    try {
      const report = await bridge().call('report.draft', { study, task });
      if (current.current === study) setHeld({ study, report });
      say(`Draft ready in ${(report.timings.totalMs / 1000).toFixed(1)} s.`);
    } catch (thrown) {
      fail(thrown);
    } finally {
      setDrafting(undefined);
      forget(task);
    }
  }, [study, say, fail, forget]);

  const report = held && held.study === study ? held.report : null;
  const id = report?.id;
  const change = useCallback<ReportSession['change']>(
    async (name, input, quiet) => {
      if (id === undefined || study === undefined) return false;
      const work = async () => {
        try {
          const changed = await bridge().call(name, { ...input, report: id } as CallInput<typeof name>);
          if (current.current === study) setHeld({ study, report: changed });
          return true;
        } catch (thrown) {
          (quiet ?? fail)(thrown);
          return false;
        }
      };
      const next = queue.current.then(work);
      queue.current = next;
      return next;
    },
    [id, study, fail],
  );

  const isKnown = held !== undefined && held.study === study;
  return { report, isKnown, drafting: drafting?.study === study ? drafting?.task : undefined, draft, change };
}
