import { type KeyboardEvent, useRef } from 'react';

export interface Tab<T extends string> {
  id: T;
  title: string;
  /** The key that opens it from anywhere in the view. */
  shortcut?: string;
}

interface Props<T extends string> {
  /** What the tabs are tabs of; also the beginning of the ids of tabs and panels. */
  label: string;
  name: string;
  tabs: readonly Tab<T>[];
  chosen: T;
  onChoose(id: T): void;
}

/** Attributes of the panel that belongs to a tab. */
export const panelOf = (name: string, tab: string) =>
  ({ role: 'tabpanel', id: `${name}-panel`, 'aria-labelledby': `${name}-tab-${tab}` }) as const;

/** A list of tabs: Left and Right, Home and End move, as the ARIA practices want it. */
export function Tabs<T extends string>({ label, name, tabs, chosen, onChoose }: Props<T>) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === chosen);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const index = (to + tabs.length) % tabs.length;
    const next = tabs[index];
    if (!next) return;
    onChoose(next.id);
    const button = list.current?.children[index];
    if (button instanceof HTMLElement) button.focus();
  };
  return (
    <div ref={list} className="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={`${name}-tab-${tab.id}`}
          aria-selected={tab.id === chosen}
          aria-controls={`${name}-panel`}
          aria-keyshortcuts={tab.shortcut}
          tabIndex={tab.id === chosen ? 0 : -1}
          title={tab.shortcut && `${tab.title} (${tab.shortcut})`}
          data-testid={`${name}-tab-${tab.id}`}
          onClick={() => onChoose(tab.id)}
        >
          {tab.title}
        </button>
      ))}
    </div>
  );
}
