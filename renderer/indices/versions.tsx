import { useEffect, useState } from 'react';
import type { Dataset, DatasetVersion } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { ConfirmDialog } from '../chrome/confirm-dialog.js';
import { useRefusal } from '../session/access.js';
import { useDatasets } from '../session/datasets.js';
import { countText } from '../session/knowledge-words.js';
import { useNotices } from '../session/notices.js';
import { whenText } from '../session/words.js';
import { VersionList } from './version-list.js';

/** The versions of a dataset, with the way back to any of them. */
export function Versions({ dataset }: { dataset: Dataset }) {
  const { say, fail } = useNotices();
  const { read } = useDatasets();
  const [versions, setVersions] = useState<DatasetVersion[]>();
  const [target, setTarget] = useState<DatasetVersion>();
  const refusal = useRefusal()('dataset.rollback');
  const { id, version, kind } = dataset;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version makes a new list
  useEffect(() => {
    let live = true;
    bridge()
      .call('dataset.versions', { dataset: id })
      .then(
        (value) => live && setVersions(value),
        (thrown: unknown) => live && fail(thrown),
      );
    return () => {
      live = false;
    };
  }, [id, version, fail]);

  const rollBack = async (to: DatasetVersion) => {
    await bridge().call('dataset.rollback', { dataset: id, version: to.version });
    say(`Version ${to.version} is back.`);
    await read();
  };

  if (!versions) return null;
  if (versions.length === 0) return <p className="quiet none-here">No version yet.</p>;
  const current = versions.find((v) => v.current);
  return (
    <>
      <VersionList
        versions={versions}
        onRollback={kind === 'own' && refusal === undefined ? setTarget : undefined}
      />
      {kind === 'own' && refusal !== undefined && (
        <p className="quiet none-here">To bring a version back: {refusal}</p>
      )}
      {target && (
        <ConfirmDialog
          title={`Bring back version ${target.version}?`}
          action="Bring back"
          onConfirm={() => rollBack(target)}
          onClose={() => setTarget(undefined)}
        >
          <RollbackChange from={current} to={target} between={versions} />
        </ConfirmDialog>
      )}
    </>
  );
}

/** What a rollback would change, in numbers and by what it undoes. */
export function RollbackChange({
  from,
  to,
  between,
}: {
  from: DatasetVersion | undefined;
  to: DatasetVersion;
  between: DatasetVersion[];
}) {
  const undone = between.filter((v) => v.version > to.version && v.version <= (from?.version ?? 0));
  return (
    <>
      <p>
        The dataset becomes what it was on {whenText(to.at)}.{' '}
        {from && (
          <>
            It will hold <Instead of="documents" then={to.documents} now={from.documents} /> and{' '}
            <Instead of="snippets" then={to.snippets} now={from.snippets} />.
          </>
        )}
      </p>
      {undone.length > 0 && (
        <>
          <p>No longer in effect:</p>
          <ul className="undone">
            {undone.map((v) => (
              <li key={v.version}>
                Version {v.version}: {v.note}
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="quiet">Nothing is lost: these versions stay and can be brought back as well.</p>
    </>
  );
}

function Instead({ of, then, now }: { of: string; then: number; now: number }) {
  if (then === now)
    return (
      <>
        as many {of} as now ({countText(now)})
      </>
    );
  return (
    <>
      <strong>{countText(then)}</strong> {of} instead of {countText(now)}
    </>
  );
}
