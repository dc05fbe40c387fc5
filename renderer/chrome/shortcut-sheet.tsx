import { Dialog } from './dialog.js';
import { DialogFoot } from './dialog-foot.js';

const groups: [string, [string, string][]][] = [
  [
    'Images',
    [
      ['W Z P L', 'Window, zoom, pan, length on the left button'],
      ['Right, middle drag', 'Zoom, pan with any tool'],
      ['I R', 'Invert, reset'],
      ['1 2', 'One viewport, two viewports'],
      ['H', 'Where the model looked, on or off'],
      ['Wheel, ↑ ↓', 'Next slice'],
      ['Page Up, Page Down', 'Ten slices'],
      ['Home End', 'First, last slice'],
      ['Shift ← → ↑ ↓', 'Window width and level'],
      ['+ −, Alt arrows', 'Zoom, pan'],
      ['L, then Enter', 'Measure by keyboard: arrows move, Enter sets an end'],
      ['Delete', 'Remove the measurements of this slice'],
    ],
  ],
  [
    'Report',
    [
      ['D', 'Draft, where there is no report'],
      ['↑ ↓', 'Sentence before, after'],
      ['A E X U', 'Accept, edit, reject, restore'],
      ['N', 'New sentence after this one'],
      ['Enter, Esc', 'Save, leave an edit'],
      ['V', 'Evidence of the sentence at hand'],
      ['C', 'Similar cases'],
      ['Q', 'Ask the indices'],
    ],
  ],
  [
    'Window',
    [
      ['↑ ↓ Enter', 'Move in the worklist, open'],
      ['Delete', 'Take a study off the worklist'],
      ['B', 'Worklist on or off'],
      ['/', 'Search, in Indices'],
      ['← →', 'Tab before, after'],
      ['Ctrl L', 'Lock, with local users'],
      ['?', 'This sheet'],
    ],
  ],
];

/** All keys of the window. */
export function ShortcutSheet({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <div className="sheet" data-testid="shortcut-sheet">
        {groups.map(([title, keys]) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key}>
                  <dt>{key}</dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <DialogFoot dismissal="Close" onDismiss={onClose} />
    </Dialog>
  );
}
