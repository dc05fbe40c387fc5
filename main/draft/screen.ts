import type { Statement } from '../../preload/values.js';
import type { FindingEstimate } from '../encode/index.js';
import { judge, sideDiffers } from './grounding.js';
import { ACUTE, MAYBE_ACUTE } from './phrases.js';
import { comparison } from './priors.js';

/** "Emphysema with emphysema". */
const STUTTER = /\b([a-z]{4,})\b(?: (?:with|and|or|of|in))? \1\b/i;

/**
 * Why a sentence that the decoder wrote must not stand in a draft; undefined where it may. What is left out is not lost: likely
 * findings get a sentence of the phrase table, possible ones are offered.
 */
export function screen(
  text: string,
  statements: Statement[],
  findings: FindingEstimate[],
): string | undefined {
  if (STUTTER.test(text)) return 'repeats itself';
  const words = comparison(text);
  if (words) return `compares with an earlier examination ("${words}")`;
  const opacity = findings.find((f) => f.id === MAYBE_ACUTE);
  if (
    opacity?.likely &&
    ACUTE.every((id) => statements.some((s) => s.finding === id && s.state === 'absent'))
  )
    return `says that nothing is acute, beside ${opacity.name}`;
  for (const statement of statements) {
    const estimate = findings.find((f) => f.id === statement.finding);
    if (!estimate) continue;
    const { name, likely, possible } = estimate;
    const verdict = judge(statement, estimate);
    if (statement.state === 'absent') {
      if (verdict === 'refuted') return `denies ${name}, which the image shows`;
      if (verdict === 'open') return `denies ${name}, which the image does not rule out`;
    } else if (!possible) return `states ${name}, which the image does not show`;
    else if (!likely) return `states ${name}, which is possible only: offered instead`;
    else if (statement.side && sideDiffers(statement.side, estimate))
      return `states ${name} on the wrong side`;
  }
  return undefined;
}
