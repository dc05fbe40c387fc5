import type { Dialog } from 'electron';
import { expect, test } from 'vitest';
import { wantsReset } from '../../../main/window/reset-users.js';

/** A dialog that answers with this button and counts how often it was asked. */
function answering(button: number) {
  const asked: string[] = [];
  const showMessageBoxSync = (options: unknown) => {
    asked.push(String(Object(options).message));
    return button;
  };
  return { asked, dialog: { showMessageBoxSync } as unknown as Pick<Dialog, 'showMessageBoxSync'> };
}

test('removes users only where it was asked for on the command line and confirmed', () => {
  const yes = answering(1);
  expect(wantsReset(['wetread', '--reset-users'], yes.dialog)).toBe(true);
  expect(yes.asked).toEqual(['Remove all local users?']);
  expect(wantsReset(['wetread', 'study'], yes.dialog)).toBe(false);
  expect(yes.asked).toHaveLength(1);
  expect(wantsReset(['wetread', '--reset-users'], answering(0).dialog)).toBe(false);
});
