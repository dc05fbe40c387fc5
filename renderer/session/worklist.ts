import { useCallback, useEffect, useState } from 'react';
import type { Problem, WorklistRow } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { useNotices } from './notices.js';
import { plural } from './words.js';

export interface Worklist {
  rows: WorklistRow[];
  /** False until the list was read once. */
  known: boolean;
  /** Task of the opening that runs, for its progress and cancel. */
  opening: string | undefined;
  /** What could not be used of the last opening. */
  problems: Problem[];
  dismissProblems(): void;
  open(paths: string[]): Promise<string[]>;
  close(study: string): Promise<void>;
}

/** The studies that are open, kept as the engine says. */
export function useWorklist(forget: (task: string) => void): Worklist {
  const { say, fail } = useNotices();
  const [rows, setRows] = useState<WorklistRow[]>([]);
  const [known, setKnown] = useState(false);
  const [opening, setOpening] = useState<string>();
  const [problems, setProblems] = useState<Problem[]>([]);

  const refresh = useCallback(async () => {
    try {
      setRows(await bridge().call('study.list', {}));
      setKnown(true);
    } catch (thrown) {
      fail(thrown);
    }
  }, [fail]);

  useEffect(() => {
    void refresh();
    const offList = bridge().on('worklist', () => void refresh());
    const offEngine = bridge().on('engine', ({ state }) => {
      if (state === 'ready') void refresh();
    });
    return () => {
      offList();
      offEngine();
    };
  }, [refresh]);

  const open = useCallback(
    async (paths: string[]) => {
      if (paths.length === 0) return [];
      const task = `open-${crypto.randomUUID()}`;
      setOpening(task);
      try {
        const result = await bridge().call('study.open', { paths, task });
        setProblems(result.problems);
        say(
          result.studies.length === 0
            ? 'No study was found there.'
            : `Opened ${plural(result.studies.length, 'study', 'studies')}.`,
        );
        // Not waited for: the study itself can be asked for at once.
        void refresh();
        return result.studies;
      } catch (thrown) {
        fail(thrown);
        return [];
      } finally {
        setOpening(undefined);
        forget(task);
      }
    },
    [refresh, say, fail, forget],
  );

  const close = useCallback(
    async (study: string) => {
      try {
        await bridge().call('study.close', { study });
        await refresh();
        say('Taken off the worklist. Its files and reports stay.');
      } catch (thrown) {
        fail(thrown);
      }
    },
    [refresh, say, fail],
  );

  const dismissProblems = useCallback(() => setProblems([]), []);
  return { rows, known, opening, problems, dismissProblems, open, close };
}
