import type { Dialog } from 'electron';

/** The switch by which the department's IT gets in where no administrator knows their password; see docs/users.md. */
const resetSwitch = '--reset-users';

/** Whether all local users are to be removed: asked for on the command line, and confirmed. */
export function wantsReset(argv: string[], dialog: Pick<Dialog, 'showMessageBoxSync'>): boolean {
  if (!argv.includes(resetSwitch)) return false;
  const buttons = ['Cancel', 'Remove all users'];
  const answer = dialog.showMessageBoxSync({
    ...{ type: 'warning', title: 'Wetread', buttons, defaultId: 0, cancelId: 0 },
    message: 'Remove all local users?',
    detail:
      'Wetread then opens without a password until users are added again. Reports stay. The audit trail says that it was done, and by which account of this system.',
  });
  return answer === 1;
}
