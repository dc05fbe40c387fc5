import { useEffect, useRef, useState } from 'react';
import { bridge } from '../bridge.js';

/** Takes files and folders that are dropped anywhere on the window; `words` say what dropping does. */
export function DropTarget({ words, onDrop }: { words: string; onDrop(paths: string[]): void }) {
  const [over, setOver] = useState(false);
  const drop = useRef(onDrop);
  drop.current = onDrop;
  useEffect(() => {
    const stop = new AbortController();
    const { signal } = stop;
    const files = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    window.addEventListener(
      'dragover',
      (event) => {
        if (!files(event)) return;
        event.preventDefault();
        setOver(true);
      },
      { signal },
    );
    window.addEventListener('dragleave', (event) => event.relatedTarget === null && setOver(false), {
      signal,
    });
    window.addEventListener(
      'drop',
      (event) => {
        event.preventDefault();
        setOver(false);
        const paths = [...(event.dataTransfer?.files ?? [])]
          .map((file) => bridge().pathOf(file))
          .filter(Boolean);
        if (paths.length > 0) drop.current(paths);
      },
      { signal },
    );
    return () => stop.abort();
  }, []);
  return over ? (
    <div className="drop-target" aria-hidden="true">
      <p>{words}</p>
    </div>
  ) : null;
}
