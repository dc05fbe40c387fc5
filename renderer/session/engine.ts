import { useEffect, useState } from 'react';
import type { EventValue } from '../../preload/calls.js';
import type { Progress } from '../../preload/values.js';
import { bridge } from '../bridge.js';

export type EngineState = EventValue<'engine'> & {
  /** How often the engine came back after it was lost. */
  restarts: number;
};

/** The engine's state; it may have become ready before the window listened, so a first answered call counts as ready. */
export function useEngine(): EngineState {
  const [state, setState] = useState<EngineState>({ state: 'starting', restarts: 0 });
  useEffect(() => {
    let heard = false;
    const off = bridge().on('engine', (value) => {
      heard = true;
      setState((old) => {
        const back = old.state === 'lost' && value.state === 'ready';
        // Between lost and ready it may be starting: that it was lost is kept until it is back.
        if (old.state === 'lost' && value.state === 'starting') return old;
        return { ...value, restarts: old.restarts + (back ? 1 : 0) };
      });
    });
    bridge()
      .call('study.list', {})
      .then(
        () => {
          if (!heard) setState({ state: 'ready', restarts: 0 });
        },
        () => {},
      );
    return off;
  }, []);
  return state;
}

/** The tasks that run, by name, with how far each is. A task leaves when it is done or when `forget` is called. */
export function useTasks(): { tasks: Progress[]; forget(task: string): void } {
  const [tasks, setTasks] = useState<Progress[]>([]);
  useEffect(
    () =>
      bridge().on('progress', (progress) =>
        setTasks((old) => {
          const others = old.filter((t) => t.task !== progress.task);
          const done = progress.total > 0 && progress.done >= progress.total;
          return done ? others : [...others, progress];
        }),
      ),
    [],
  );
  const [forget] = useState(() => (task: string) => setTasks((old) => old.filter((t) => t.task !== task)));
  return { tasks, forget };
}
