import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Role, type SessionState, type User } from '../../../preload/values.js';
import { CallButton } from '../../../renderer/chrome/call-button.js';
import { TopBar } from '../../../renderer/chrome/top-bar.js';
import { ReportActions } from '../../../renderer/report/report-actions.js';
import { SignDialog } from '../../../renderer/report/sign-dialog.js';
import { follow, hasRoom, nobodyYet, SessionContext } from '../../../renderer/session/access.js';
import { AccessLog } from '../../../renderer/users/access-log.js';
import { SignInForm } from '../../../renderer/users/sign-in.js';
import { UserDialog } from '../../../renderer/users/user-dialog.js';
import { UserTable } from '../../../renderer/users/user-table.js';
import { UsersView } from '../../../renderer/users/users.js';
import { report, sentence } from './sample.js';

const nothing = () => {};
const named = (name: string, ...roles: Role[]) => ({ name, fullName: `Dr. ${name}`, roles });
const signedIn = (...roles: Role[]): SessionState => ({
  state: 'signed-in',
  user: named('ada', ...roles),
  lockMinutes: 10,
});
const locked: SessionState = { ...signedIn('radiologist'), state: 'locked' };
const open: SessionState = { ...signedIn(...Role.options), state: 'open' };
const html = (session: SessionState | undefined, node: ReactNode) =>
  renderToStaticMarkup(<SessionContext value={session}>{node}</SessionContext>);
const button = (markup: string, id: string) =>
  new RegExp(`<button[^>]*data-testid="${id}"[^>]*>`).exec(markup)?.[0] ?? '';

describe('the room', () => {
  it('is there before the engine has answered, and without users', () => {
    expect(hasRoom(nobodyYet)).toBe(true);
    expect(hasRoom(follow(nobodyYet, open))).toBe(true);
  });
  it('is not there where nobody has signed in yet', () => {
    expect(hasRoom(follow(nobodyYet, locked))).toBe(false);
  });
  it('is kept for the same user, and new for another', () => {
    const begun = follow(nobodyYet, signedIn('radiologist'));
    const away = follow(begun, locked);
    expect(hasRoom(away)).toBe(true);
    expect(follow(away, signedIn('radiologist')).room).toBe(begun.room);
    const rob = { ...signedIn('resident'), user: named('rob', 'resident') };
    const other = follow(away, rob);
    expect(other.room).not.toBe(begun.room);
    expect(follow(follow(other, locked), signedIn('radiologist')).room).not.toBe(other.room);
  });
  it('is kept for who has just become the first user', () => {
    const alone = follow(nobodyYet, open);
    expect(follow(alone, signedIn('administrator')).room).toBe(alone.room);
  });
});

describe('the sign-in screen', () => {
  it('names who locked it, and never shows a password', () => {
    const markup = html(locked, <SignInForm session={locked} />);
    expect(markup).toContain('Locked by Dr. ada');
    expect(markup).toMatch(/value="ada"/);
    expect(markup).toMatch(/type="password"/);
    expect(markup).toMatch(/<label>Name<input/);
  });
  it('names nobody where nobody has signed in', () => {
    const markup = html(locked, <SignInForm session={{ ...locked, user: null }} />);
    expect(markup).toContain('Sign in to read.');
    expect(markup).not.toContain('ada');
  });
});

describe('what a role lacks', () => {
  const add = <CallButton call="dataset.add" data-testid="add" title="Add one" onClick={nothing} />;
  it('is greyed out, says why, and stays in reach of the keyboard', () => {
    const markup = button(html(signedIn('resident'), add), 'add');
    expect(markup).toContain('aria-disabled="true"');
    expect(markup).toContain('title="This takes the role of an administrator."');
    expect(markup).toContain('aria-description="This takes the role of an administrator."');
    expect(markup).not.toMatch(/ disabled/);
  });
  it.each([open, signedIn('administrator'), undefined])('is offered to who has it (%#)', (session) => {
    const markup = button(html(session, add), 'add');
    expect(markup).not.toContain('aria-disabled');
    expect(markup).toContain('title="Add one"');
  });
  it('is the signature for a resident, with the reason in the place of what else holds it back', () => {
    const actions = (
      <ReportActions
        report={report([sentence('a')])}
        onPreliminary={nothing}
        onSign={nothing}
        onAddendum={nothing}
        onDraftAgain={nothing}
        onExport={nothing}
      />
    );
    const resident = html(signedIn('resident'), actions);
    expect(button(resident, 'sign-button')).toContain('aria-disabled="true"');
    expect(button(resident, 'sign-button')).not.toContain('aria-describedby');
    expect(button(resident, 'export-text')).toContain('aria-disabled="true"');
    expect(button(resident, 'preliminary-button')).not.toContain('aria-disabled');
    const administrator = html(signedIn('administrator'), actions);
    expect(button(administrator, 'preliminary-button')).toContain('aria-disabled="true"');
    expect(html(signedIn('radiologist'), actions)).not.toContain('aria-disabled');
  });
});

describe('who is signed in', () => {
  const bar = (
    <TopBar
      row={undefined}
      view="Reading"
      worklistShown
      onView={nothing}
      onWorklist={nothing}
      onOpen={nothing}
      onHelp={nothing}
      onLock={nothing}
    />
  );
  it('stands in the top bar, with the way to lock', () => {
    expect(html(signedIn('radiologist'), bar)).toContain('aria-label="Dr. ada: lock"');
    expect(html(open, bar)).not.toContain('lock');
  });
  it('signs with the name of the session, which cannot be changed', () => {
    const dialog = <SignDialog kind="sign" onDone={nothing} onClose={nothing} />;
    const field = /<input[^>]*data-testid="sign-name"[^>]*>/;
    expect(field.exec(html(signedIn('radiologist'), dialog))?.[0]).toMatch(/readOnly="".*value="Dr. ada"/);
    expect(field.exec(html(open, dialog))?.[0]).not.toContain('readOnly');
  });
});

describe('the users page', () => {
  const users: User[] = [
    { ...named('eve', 'resident'), active: false },
    { ...named('ada', 'radiologist', 'administrator'), active: true },
  ];
  it('says without users that nothing locks, and offers the first', () => {
    const markup = html(open, <UsersView />);
    expect(markup).toContain('never locks');
    expect(markup).toContain('Add the first user');
    expect(markup).not.toContain('Change your password');
  });
  it('shows who is no administrator only themselves', () => {
    const markup = html(signedIn('resident'), <UsersView />);
    expect(markup).toContain('Change your password');
    expect(markup).toContain('set by an administrator');
    expect(markup).not.toContain('add-user');
  });
  it('lists removed users last, to be brought back', () => {
    const markup = html(undefined, <UserTable users={users} onChange={nothing} onRemove={nothing} />);
    expect(markup.indexOf('data-user="ada"')).toBeLessThan(markup.indexOf('data-user="eve"'));
    expect(markup).toContain('aria-label="Bring back Dr. eve"');
    expect(markup).toContain('Radiologist, Administrator');
  });
  it('makes the first user an administrator in any case', () => {
    const markup = html(open, <UserDialog user={undefined} first onDone={nothing} onClose={nothing} />);
    expect(/<input[^>]*data-testid="role-administrator"[^>]*>/.exec(markup)?.[0]).toMatch(/disabled/);
    expect(markup).toContain('asks for a password');
  });
  it('asks for a new password for who is brought back, and leaves the others theirs', () => {
    const dialog = (user: User) =>
      html(open, <UserDialog user={user} first={false} onDone={nothing} onClose={nothing} />);
    expect(users.map((user) => dialog(user).includes('data-testid="new-password"'))).toEqual([true, false]);
  });
  it('tells the trail in words', () => {
    const entry = { at: '2026-01-02T03:04:05.000Z', who: 'ada', subject: 'rob', detail: 'roles: resident' };
    const markup = html(undefined, <AccessLog entries={[{ ...entry, action: 'user-change' }]} />);
    expect(markup).toContain('User changed');
    expect(markup).toContain('rob: roles: resident');
    expect(markup).toContain('by ada');
  });
});
