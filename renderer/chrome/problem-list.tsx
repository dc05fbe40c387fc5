import type { Problem } from '../../preload/values.js';
import { countOf, fileName } from '../session/knowledge-words.js';
import { Icon } from './icon.js';

/** No more are shown, so that a folder of nothing usable does not hold up the window. */
const most = 100;

interface Props {
  problems: Problem[];
  /** What could not be done, after the count: "could not be read". */
  told: string;
  one?: string;
  many?: string;
}

/** What could not be used, a line each with the reason; nothing where all went well. */
export function ProblemList({ problems, told, one = 'file', many }: Props) {
  if (problems.length === 0) return null;
  return (
    <details className="problem-list" data-testid="problem-list" data-count={problems.length}>
      <summary>
        <Icon name="flag" /> {countOf(problems.length, one, many)} {told}
      </summary>
      <ul>
        {problems.slice(0, most).map((p) => (
          <li key={`${p.file} ${p.code} ${p.message}`} data-code={p.code}>
            <strong title={p.file}>{fileName(p.file)}</strong> {p.message}
          </li>
        ))}
        {problems.length > most && <li>… and {countOf(problems.length - most, 'other')}.</li>}
      </ul>
    </details>
  );
}
