import { type Bridge, CallError } from '../preload/calls.js';

declare global {
  interface Window {
    wetread: Bridge;
  }
}

/** What the preload put on the window. */
export const bridge = (): Bridge => window.wetread;

/** The error that a call was refused with; what has no such form is told without any inner detail. */
export function toCallError(thrown: unknown): CallError {
  const parsed = CallError.safeParse(thrown);
  if (parsed.success) return { code: parsed.data.code, message: parsed.data.message };
  return {
    code: 'internal',
    message:
      thrown instanceof Error && thrown.message
        ? thrown.message
        : 'Something unexpected went wrong. Your work is saved; try again.',
  };
}
