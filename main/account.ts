import { userInfo } from 'node:os';

/** The name of the account that the program runs under; its number where the system has no name for it, as in many containers. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
