import type { DatasetVersion } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { countText } from '../session/knowledge-words.js';
import { whenText } from '../session/words.js';

interface Props {
  versions: DatasetVersion[];
  /** Undefined where nothing can be brought back. */
  onRollback?: (version: DatasetVersion) => void;
}

/** The versions of a dataset, the newest first. */
export function VersionList({ versions, onRollback }: Props) {
  return (
    <table className="versions">
      <thead>
        <tr>
          <th scope="col" className="number">
            Version
          </th>
          <th scope="col">When</th>
          <th scope="col">What made it</th>
          <th scope="col" className="number">
            Documents
          </th>
          <th scope="col" className="number">
            Snippets
          </th>
          <th scope="col">
            <span className="unseen">Bring back</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {versions.map((v) => (
          <tr key={v.version} data-testid="version-row" data-version={v.version} data-current={v.current}>
            <th scope="row" className="number">
              {v.version}
            </th>
            <td className="when">{whenText(v.at)}</td>
            <td>{v.note}</td>
            <td className="number">{countText(v.documents)}</td>
            <td className="number">{countText(v.snippets)}</td>
            <td className="version-action">
              {v.current ? (
                <span className="current-version">
                  <Icon name="accept" /> In use
                </span>
              ) : (
                onRollback && (
                  <button
                    type="button"
                    className="small"
                    data-testid="rollback"
                    onClick={() => onRollback(v)}
                  >
                    <Icon name="history" /> Bring back
                  </button>
                )
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
