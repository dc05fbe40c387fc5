import { describe, expect, it } from 'vitest';
import { needs, roleMissing } from '../../../preload/access.js';
import { type CallName, calls } from '../../../preload/calls.js';
import { Role } from '../../../preload/values.js';

const names = Object.keys(calls) as CallName[];
const allowed = (...roles: Role[]) => names.filter((name) => roleMissing(name, roles) === undefined);

describe('the table of roles', () => {
  it('has every call of the contract and no other', () => {
    expect(Object.keys(needs).sort()).toEqual([...names].sort());
  });
  it('answers nothing without signing in but who is there and signing in itself', () => {
    expect(allowed()).toEqual(['session.state', 'session.signIn']);
  });
  it('lets a resident do all that a radiologist does but sign, add addenda and hand anything out', () => {
    const resident = new Set(allowed('resident'));
    expect(allowed('radiologist').filter((name) => !resident.has(name))).toEqual([
      'study.deidentify',
      'report.sign',
      'report.addendum',
      'report.export',
    ]);
    expect(resident).toContain('report.toPreliminary');
  });
  it('lets an administrator set up everything and change no report', () => {
    const administrator = allowed('administrator');
    expect(administrator.filter((name) => name.startsWith('report.'))).toEqual(['report.ofStudy']);
    for (const name of names.filter((one) => /^(user|dataset|import|adapter)\./.test(one)))
      expect(administrator, name).toContain(name);
  });
  it('lets nobody else near users, datasets, imports, models and the lock', () => {
    const others = new Set(allowed('radiologist', 'resident'));
    for (const name of [
      ...['user.list', 'user.add', 'user.change', 'user.remove', 'user.log', 'session.setLock'],
      ...['dataset.add', 'dataset.remove', 'dataset.refresh', 'dataset.publish', 'dataset.rollback'],
      ...['dataset.deleteDocuments', 'import.preview', 'import.run', 'import.forget', 'adapter.use'],
    ] as const)
      expect(others, name).not.toContain(name);
  });
  it('adds up the roles of one who has several, and all roles may do everything', () => {
    const both = allowed('resident', 'administrator');
    expect(both).toEqual(
      names.filter((name) => [...allowed('resident'), ...allowed('administrator')].includes(name)),
    );
    expect(allowed(...Role.options)).toEqual(names);
  });
  it('says which role is missing', () => {
    expect(roleMissing('report.sign', ['resident'])).toBe('This takes the role of a radiologist.');
    expect(roleMissing('report.edit', ['administrator'])).toBe(
      'This takes the role of a radiologist or a resident.',
    );
    expect(roleMissing('user.add', ['radiologist'])).toBe('This takes the role of an administrator.');
  });
});
