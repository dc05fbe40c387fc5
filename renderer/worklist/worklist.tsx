import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Progress } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { ProgressLine } from '../chrome/progress-line.js';
import { plural } from '../session/words.js';
import type { Worklist } from '../session/worklist.js';
import { WorklistRowItem } from './worklist-row.js';

interface Props {
  worklist: Worklist;
  selected: string | undefined;
  progress: Progress | undefined;
  onSelect(study: string): void;
}

/** The open studies. Up and Down move, Enter opens, Delete takes a study off the list. */
export function WorklistColumn({ worklist, selected, progress, onSelect }: Props) {
  const { rows, opening, problems } = worklist;
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const at = Math.min(active, rows.length - 1);

  useEffect(() => {
    const index = rows.findIndex((row) => row.study === selected);
    if (index >= 0) setActive(index);
  }, [rows, selected]);

  const move = (index: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, index));
    setActive(to);
    list.current?.children[to]?.scrollIntoView({ block: 'nearest' });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[at];
    switch (event.key) {
      case 'ArrowDown':
        move(at + 1);
        break;
      case 'ArrowUp':
        move(at - 1);
        break;
      case 'Home':
        move(0);
        break;
      case 'End':
        move(rows.length - 1);
        break;
      case 'Enter':
      case ' ':
        if (row) onSelect(row.study);
        break;
      case 'Delete':
        if (row) void worklist.close(row.study);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  return (
    <nav className="worklist" aria-label="Worklist">
      <header>
        <h2>Worklist</h2>
        <span className="quiet">{plural(rows.length, 'study', 'studies')}</span>
      </header>
      {opening !== undefined && (
        <ProgressLine
          progress={progress ?? { task: opening, label: 'Reading files', done: 0, total: 0 }}
          onCancel={() => void bridge().call('task.cancel', { task: opening })}
        />
      )}
      {problems.length > 0 && (
        <details className="problems" data-testid="problems">
          <summary>{plural(problems.length, 'file', 'files')} could not be used</summary>
          <ul>
            {problems.slice(0, 200).map((p) => (
              <li key={`${p.file}${p.code}`}>
                <strong>{p.file.split(/[\\/]/).at(-1)}</strong> {p.message}
              </li>
            ))}
          </ul>
          <button type="button" className="small" onClick={worklist.dismissProblems}>
            Dismiss
          </button>
        </details>
      )}
      <div
        ref={list}
        role="listbox"
        aria-label="Studies"
        aria-activedescendant={rows[at] ? `study-${at}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        {rows.map((row, index) => (
          <WorklistRowItem
            key={row.study}
            row={row}
            id={`study-${index}`}
            selected={row.study === selected}
            active={index === at}
            onOpen={() => onSelect(row.study)}
          />
        ))}
      </div>
      {rows.length > 0 && (
        <footer>
          <button
            type="button"
            className="quiet-button"
            disabled={selected === undefined}
            onClick={() => selected !== undefined && void worklist.close(selected)}
          >
            Take off the list
          </button>
        </footer>
      )}
    </nav>
  );
}
