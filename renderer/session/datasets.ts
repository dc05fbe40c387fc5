import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { Dataset } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { useNotices } from './notices.js';

export interface Datasets {
  list: Dataset[];
  /** False until the list was read once. */
  known: boolean;
  read(): Promise<void>;
}

/** The datasets as the engine has them, read again whenever it says that one changed. */
export function useDatasetList(): Datasets {
  const { fail } = useNotices();
  const [list, setList] = useState<Dataset[]>([]);
  const [known, setKnown] = useState(false);
  const turn = useRef(0);
  const read = useCallback(async () => {
    const mine = ++turn.current;
    try {
      const datasets = await bridge().call('dataset.list', {});
      // Answers may overtake each other: an older one is not shown after a newer one.
      if (mine !== turn.current) return;
      setList(datasets);
      setKnown(true);
    } catch (thrown) {
      fail(thrown);
    }
  }, [fail]);
  useEffect(() => {
    void read();
    const offs = [
      bridge().on('datasets', () => void read()),
      // What was being built is ready when its task ends.
      bridge().on('progress', ({ done, total }) => {
        if (total > 0 && done >= total) void read();
      }),
      bridge().on('engine', ({ state }) => state === 'ready' && void read()),
    ];
    return () => {
      for (const off of offs) off();
    };
  }, [read]);
  return useMemo(() => ({ list, known, read }), [list, known, read]);
}

export const DatasetsContext = createContext<Datasets>({ list: [], known: false, read: async () => {} });
export const useDatasets = () => useContext(DatasetsContext);

/** Tells what a dataset is called by its id. */
export function useDatasetTitle(): (id: string) => string {
  const { list } = useDatasets();
  return (id) => list.find((d) => d.id === id)?.title ?? id;
}
