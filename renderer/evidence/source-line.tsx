import { useDatasetTitle } from '../session/datasets.js';

/** More sources than this are told as a number until they are asked for. */
const shown = 1;

interface Props {
  source: string;
  licence: string;
  version: string;
  dataset?: string;
}

/** Where a text comes from: its source, then dataset, licence and version. A long list of sources opens on demand. */
export function SourceLine({ source, licence, version, dataset }: Props) {
  const titleOf = useDatasetTitle();
  const sources = source.split('; ').filter((s) => s.trim() !== '');
  const rest = [dataset && titleOf(dataset), licence, `version ${version}`].filter(Boolean).join(' · ');
  return (
    <div className="source-line">
      {sources.length > shown ? (
        <details>
          <summary>
            {sources.slice(0, shown).join('; ')}{' '}
            <span className="more">and {sources.length - shown} more</span>
          </summary>
          <ul>
            {sources.slice(shown).map((s) => (
              <li key={s}>{s}</li>
            ))}
          </ul>
        </details>
      ) : (
        source && <p>{source}</p>
      )}
      <p>{rest}</p>
    </div>
  );
}
