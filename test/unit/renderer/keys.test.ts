import { expect, it } from 'vitest';
import type { StackView } from '../../../renderer/viewport/stack-view.js';
import { viewportKey } from '../../../renderer/viewport/viewport-keys.js';

/** Presses a key on a view of ten slices that notes what it is asked to do. */
function press(
  key: string,
  held: Partial<Record<'shiftKey' | 'altKey' | 'ctrlKey', boolean>> = {},
): string[] {
  const asked: string[] = [];
  const view = new Proxy({ length: 10 } as StackView, {
    get: (target, name) =>
      name === 'length'
        ? target.length
        : (...args: number[]) => void asked.push(`${String(name)} ${args.join(' ')}`.trim()),
  });
  const event = { key, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, ...held };
  void viewportKey(event)?.(view);
  return asked;
}

it('moves through the slices', () => {
  expect(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End'].flatMap((key) => press(key))).toEqual([
    'scroll 1',
    'scroll -1',
    'scroll 10',
    'scroll -10',
    'goTo 0',
    'goTo 9',
  ]);
});

it('changes the window with Shift and the place with Alt', () => {
  expect(press('ArrowRight', { shiftKey: true })).toEqual(['adjustWindow 0.1 0']);
  expect(press('ArrowRight', { altKey: true })).toEqual(['pan 40 0']);
});

it('leaves other keys to the window', () => {
  expect(press('w')).toEqual([]);
  expect(press('ArrowDown', { ctrlKey: true })).toEqual([]);
});
