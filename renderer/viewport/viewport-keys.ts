import type { StackView } from './stack-view.js';

/** Keys of a viewport without a modifier, those with Shift, those with Alt, each with what it does. */
const plain: Record<string, (view: StackView) => Promise<void> | void> = {
  '+': (view) => view.zoom(1.25),
  '=': (view) => view.zoom(1.25),
  '-': (view) => view.zoom(0.8),
  Delete: (view) => view.clearLengths(),
  Backspace: (view) => view.clearLengths(),
  ArrowDown: (view) => view.scroll(1),
  ArrowRight: (view) => view.scroll(1),
  ArrowUp: (view) => view.scroll(-1),
  ArrowLeft: (view) => view.scroll(-1),
  PageDown: (view) => view.scroll(10),
  PageUp: (view) => view.scroll(-10),
  Home: (view) => view.goTo(0),
  End: (view) => view.goTo(view.length - 1),
};
const shifted: typeof plain = {
  '+': (view) => view.zoom(1.25),
  ArrowUp: (view) => view.adjustWindow(0, 0.05),
  ArrowDown: (view) => view.adjustWindow(0, -0.05),
  ArrowRight: (view) => view.adjustWindow(0.1, 0),
  ArrowLeft: (view) => view.adjustWindow(-0.1, 0),
};
const alternate: typeof plain = {
  ArrowUp: (view) => view.pan(0, -40),
  ArrowDown: (view) => view.pan(0, 40),
  ArrowLeft: (view) => view.pan(-40, 0),
  ArrowRight: (view) => view.pan(40, 0),
};

/** What a key does in a viewport; undefined where it does nothing. */
export function viewportKey(event: {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}): ((view: StackView) => Promise<void> | void) | undefined {
  if (event.ctrlKey || event.metaKey) return undefined;
  return (event.altKey ? alternate : event.shiftKey ? shifted : plain)[event.key];
}
