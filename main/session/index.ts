export { sessionHandlers } from './handlers.js';
export { openSession, type Session, type SessionOptions } from './session.js';
