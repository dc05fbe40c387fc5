/** The states of a report: draft → preliminary → final, then addenda. Pure functions from report to report. */
import type { Draft, Report } from '../../preload/values.js';
import { WetreadError } from '../error.js';
import type { ReviewContext } from './context.js';
import { openFlags, stands } from './flags.js';

type Clock = Pick<ReviewContext, 'now'>;

/** The report, in state draft, that reviewing of `draft` begins with. */
export function reportOf(draft: Draft, context: Pick<ReviewContext, 'now' | 'newId'>): Report {
  const at = context.now();
  return { ...draft, id: context.newId(), state: 'draft', createdAt: at, updatedAt: at, addenda: [] };
}

/** Releases a draft before it is signed. Its open flags stay open. */
export function toPreliminary(report: Report, context: Clock): Report {
  if (report.state !== 'draft')
    throw new WetreadError(
      'wrong-state',
      `Only a draft can be made preliminary; this report is ${report.state}.`,
    );
  return changed(report, { state: 'preliminary' }, context);
}

/**
 * Signs a draft or preliminary report: from then on it is final.
 * @throws WetreadError `flag-open`, listing the sentences, while a flag of a sentence in the report is unresolved or a template
 *   field is empty; `wrong-state` when already final; `bad-input` without a name or without a sentence.
 */
export function sign(report: Report, by: string, context: Clock): Report {
  if (report.state === 'final')
    throw new WetreadError(
      'wrong-state',
      `This report was signed by ${report.signedBy}. Write an addendum instead.`,
    );
  const signedBy = requireName(by);
  const open = openFlags(report);
  if (open.length > 0) {
    const list = open.map(({ text, flag }) => `“${text}” (${flag.code}: ${flag.message})`).join('; ');
    throw new WetreadError(
      'flag-open',
      `${open.length === 1 ? 'One flag is' : `${open.length} flags are`} still open: ${list}. Confirm, edit or reject, then sign.`,
    );
  }
  if (!report.sentences.some(stands))
    throw new WetreadError('bad-input', 'The report has no sentence to sign. Add one.');
  return changed(report, { state: 'final', signedBy, signedAt: context.now() }, context);
}

/** Adds to a final report. What was signed stays as it is. */
export function addAddendum(report: Report, by: string, text: string, context: Clock): Report {
  if (report.state !== 'final')
    throw new WetreadError(
      'wrong-state',
      `Only a final report takes addenda; this one is ${report.state}: edit it.`,
    );
  const written = text.trim();
  if (written === '') throw new WetreadError('bad-input', 'Write the addendum first.');
  const addendum = { text: written, by: requireName(by), at: context.now() };
  return changed(report, { addenda: [...report.addenda, addendum] }, context);
}

/** @throws WetreadError `wrong-state` for a final report. */
export function requireOpen(report: Report): void {
  if (report.state === 'final')
    throw new WetreadError(
      'wrong-state',
      'This report is signed and can no longer be changed. Write an addendum instead.',
    );
}

/** The report with `change` and the time of it. */
export function changed(report: Report, change: Partial<Report>, context: Clock): Report {
  return { ...report, ...change, updatedAt: context.now() };
}

function requireName(by: string): string {
  const name = by.trim();
  if (name === '') throw new WetreadError('bad-input', 'Say who signs.');
  return name;
}
