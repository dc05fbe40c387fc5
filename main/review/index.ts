export type { AuditAction, AuditEntry, AuditProblem, AuditVerdict } from './audit.js';
export type { Grounding, Reground, ReviewContext } from './context.js';
export { isUnfilled, type OpenFlag, openFlags, stands } from './flags.js';
export { newKey, readOrMakeKeyFile } from './key.js';
export { hashPassword, passwordProblem, type StoredPassword, verifyPassword } from './password.js';
export { addAddendum, reportOf, sign, toPreliminary } from './states.js';
export { type Change, openStore, type ReportSummary, type Store } from './store.js';
export {
  acceptSentence,
  addSentence,
  confirmFlag,
  dismissOffer,
  editSentence,
  rejectSentence,
  restoreSentence,
  takeOffer,
} from './transitions.js';
export { type FailedSignIns, type Users, unknownName } from './users.js';
