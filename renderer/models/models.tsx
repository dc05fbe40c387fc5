import { useCallback, useEffect, useState } from 'react';
import type { CallOutput } from '../../preload/calls.js';
import type { PackTrust, TrustList } from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';
import { useRefusal } from '../session/access.js';
import { useNotices } from '../session/notices.js';
import { sizeText } from '../session/words.js';
import { Card } from './card.js';
import { TrustPanel } from './trust-panel.js';

/** The model packs: what each was trained for, its card, why it is trusted, and which adapter drafts with it. */
export function ModelsView() {
  const { say, fail } = useNotices();
  const refusal = useRefusal()('adapter.use');
  const [packs, setPacks] = useState<CallOutput<'pack.list'>>();
  const [trust, setTrust] = useState<TrustList>();
  const read = useCallback(
    () =>
      bridge()
        .call('pack.list', {})
        .then(setPacks, (thrown) => {
          // The panel below tells which pack, and what can be done.
          if (toCallError(thrown).code !== 'untrusted') fail(thrown);
        }),
    [fail],
  );
  useEffect(() => {
    const readAll = () => {
      void read();
      bridge().call('trust.list', {}).then(setTrust, fail);
    };
    readAll();
    return bridge().on('access', readAll);
  }, [read, fail]);

  const choose = async (pack: string, adapter: string | null) => {
    try {
      await bridge().call('adapter.use', { pack, adapter });
      await read();
      say('The next draft uses this adapter.');
    } catch (thrown) {
      fail(thrown);
    }
  };

  return (
    <main className="page" aria-label="Models">
      <h1>Models</h1>
      <p className="quiet">
        Outside the domain of its packs Wetread drafts no findings: it offers the template and the evidence.
      </p>
      {packs?.length === 0 && <p>No model pack is installed.</p>}
      {packs?.map((pack) => (
        <article key={pack.id} className="pack" data-testid="pack">
          <header>
            <h2>{pack.title}</h2>
            <span className="quiet">
              {pack.id} {pack.version} · {sizeText(pack.bytes)} · {pack.licence}
            </span>
            <span className="quiet" data-testid="pack-trust">
              {trustText(pack.trust)}
            </span>
          </header>
          <p>{pack.domain}</p>
          <fieldset disabled={refusal !== undefined} title={refusal}>
            <legend>Adapter</legend>
            {[{ id: null, title: 'None (the pack as trained)' }, ...pack.adapters].map(({ id, title }) => (
              <label key={id ?? 'none'} className="choice">
                <input
                  type="radio"
                  name={`adapter-${pack.id}`}
                  checked={pack.adapter === id}
                  onChange={() => void choose(pack.id, id)}
                />
                {title}
              </label>
            ))}
            {refusal !== undefined && <p className="quiet">{refusal}</p>}
          </fieldset>
          {pack.card.trim() !== '' && (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: the card scrolls by keyboard
            <section className="card" tabIndex={0} aria-label={`Card of ${pack.title}`}>
              <Card text={pack.card} />
            </section>
          )}
        </article>
      ))}
      {trust && (
        <TrustPanel
          list={trust}
          onChange={(list) => {
            setTrust(list);
            void read();
          }}
        />
      )}
    </main>
  );
}

function trustText({ kind, publisher }: PackTrust): string {
  switch (kind) {
    case 'shipped':
      return 'Ships with Wetread';
    case 'signed':
      return `Signed by ${publisher?.name} (${publisher?.fingerprint})`;
    case 'accepted':
      return 'Trusted by you';
  }
}
