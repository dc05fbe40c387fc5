/**
 * Who may make which call: one table, from which the engine refuses and the window greys out. A call that is not in it does not
 * compile. Without local users everybody has every role.
 */
import type { CallName } from './calls.js';
import { Role } from './values.js';

/** `anyone`: also while nobody is signed in; else the roles of which a user needs one. */
type Need = 'anyone' | readonly Role[];

const everyRole = Role.options;
const readers: readonly Role[] = ['radiologist', 'resident'];
const radiologist: readonly Role[] = ['radiologist'];
const administrator: readonly Role[] = ['administrator'];

export const needs: Readonly<Record<CallName, Need>> = {
  'session.state': 'anyone',
  'session.signIn': 'anyone',
  'session.lock': everyRole,
  'session.setPassword': everyRole,
  'session.setLock': administrator,
  'user.list': administrator,
  'user.add': administrator,
  'user.change': administrator,
  'user.remove': administrator,
  'user.log': administrator,

  'study.open': everyRole,
  'study.list': everyRole,
  'study.get': everyRole,
  'study.close': everyRole,
  'study.findText': everyRole,
  'study.deidentify': [...radiologist, ...administrator],
  'task.cancel': everyRole,

  'report.ofStudy': everyRole,
  'report.draft': readers,
  'report.accept': readers,
  'report.edit': readers,
  'report.reject': readers,
  'report.restore': readers,
  'report.add': readers,
  'report.confirm': readers,
  'report.takeOffer': readers,
  'report.dismissOffer': readers,
  'report.toPreliminary': readers,
  'report.sign': radiologist,
  'report.addendum': radiologist,
  'report.export': radiologist,

  'dataset.list': everyRole,
  'dataset.add': administrator,
  'dataset.trust': administrator,
  'dataset.remove': administrator,
  'dataset.refresh': administrator,
  'dataset.publish': administrator,
  'dataset.versions': everyRole,
  'dataset.rollback': administrator,
  'dataset.documents': everyRole,
  'dataset.document': everyRole,
  'dataset.deleteDocuments': administrator,

  'import.preview': administrator,
  'import.run': administrator,
  'import.interrupted': everyRole,
  'import.forget': administrator,

  'index.search': everyRole,
  'case.similar': everyRole,
  ask: everyRole,

  'pack.list': everyRole,
  'adapter.use': administrator,

  'trust.list': everyRole,
  'trust.accept': administrator,
  'trust.addPublisher': administrator,
  'trust.remove': administrator,
};

/** Why somebody with these roles may not make a call, as a sentence for the user; undefined where they may. */
export function roleMissing(call: CallName, roles: readonly Role[]): string | undefined {
  const need = needs[call];
  if (need === 'anyone' || need.some((role) => roles.includes(role))) return undefined;
  return `This takes the role of ${need.map(roleWords).join(' or ')}.`;
}

const roleWords = (role: Role) => (role === 'administrator' ? 'an administrator' : `a ${role}`);
