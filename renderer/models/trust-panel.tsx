import { useState } from 'react';
import type { TrustList } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { CallButton } from '../chrome/call-button.js';
import { ConfirmDialog } from '../chrome/confirm-dialog.js';
import { Icon } from '../chrome/icon.js';
import { useNotices } from '../session/notices.js';
import { whenText } from '../session/words.js';
import { PublisherDialog } from './publisher-dialog.js';

interface Props {
  list: TrustList;
  /** Told after each decision. */
  onChange(list: TrustList): void;
}

/** Whom and what is trusted beyond what ships with Wetread, and the packs that wait for it. */
export function TrustPanel({ list, onChange }: Props) {
  const { say, fail } = useNotices();
  const [asked, setAsked] = useState<TrustList['waiting'][number]>();
  const [adding, setAdding] = useState<{ key: string }>();
  const packs = list.waiting.filter(({ kind }) => kind === 'pack');
  const trusted = [
    ...list.publishers.map(({ key, name, fingerprint, by, at }) => ({
      which: key,
      role: 'Publisher ',
      name,
      mark: fingerprint,
      by,
      at,
    })),
    ...list.accepted.map(({ digest, what, by, at }) => ({
      which: digest,
      role: '',
      name: what,
      mark: `${digest.slice(0, 16)}…`,
      by,
      at,
    })),
  ];

  const decide = async (work: Promise<TrustList>, done: string) => {
    try {
      onChange(await work);
      say(done);
    } catch (thrown) {
      fail(thrown);
    }
  };

  return (
    <section className="trust" aria-label="Trust">
      {list.problem !== undefined && (
        <p role="alert">
          <Icon name="flag" /> {list.problem}
        </p>
      )}
      {packs.map((waiting) => (
        <article key={waiting.digest} className="pack" data-testid="waiting-pack">
          <h2>
            <Icon name="flag" /> {waiting.what} is not trusted
          </h2>
          <p>{waiting.message}</p>
          <dl className="trust-facts">
            <dt>SHA-256 of its manifest</dt>
            <dd>
              <code>{waiting.digest}</code>
            </dd>
            <dt>Key of its signer</dt>
            <dd>{waiting.signer ? <code>{waiting.signer.fingerprint}</code> : 'None'}</dd>
          </dl>
          <div className="head-actions">
            <CallButton call="trust.accept" data-testid="trust-pack" onClick={() => setAsked(waiting)}>
              Trust this pack
            </CallButton>
            {waiting.signer && (
              <CallButton
                call="trust.addPublisher"
                onClick={() => setAdding({ key: waiting.signer?.key ?? '' })}
              >
                Trust its signer
              </CallButton>
            )}
          </div>
        </article>
      ))}
      <h2>Trust</h2>
      <p className="quiet">
        What ships with Wetread is trusted as it is. Any other model pack is loaded only where a publisher
        below signed it, or after you trusted that very pack.
      </p>
      {trusted.length > 0 && (
        <ul className="trust-list">
          {trusted.map(({ which, name, role, mark, by, at }) => (
            <li key={which}>
              <span>
                {role}
                {name} · <code>{mark}</code>
              </span>
              <span className="quiet">
                {by}, {whenText(at)}
              </span>
              <CallButton
                call="trust.remove"
                className="small"
                onClick={() =>
                  void decide(
                    bridge().call('trust.remove', { which }),
                    `${name} is not trusted any more from the next start.`,
                  )
                }
              >
                Remove
              </CallButton>
            </li>
          ))}
        </ul>
      )}
      <CallButton call="trust.addPublisher" className="small fit" onClick={() => setAdding({ key: '' })}>
        Add a publisher
      </CallButton>
      {asked !== undefined && (
        <ConfirmDialog
          title={`Trust ${asked.what}?`}
          action="Trust"
          onConfirm={async () => {
            onChange(await bridge().call('trust.accept', { digest: asked.digest }));
            say(`${asked.what} is trusted and being loaded.`);
          }}
          onClose={() => setAsked(undefined)}
        >
          <p>
            Its models then look at the images and write the drafts. A pack that was made to mislead can do
            so. Compare its digest with what you were given: <code>{asked.digest}</code>
          </p>
        </ConfirmDialog>
      )}
      {adding !== undefined && (
        <PublisherDialog
          known={adding.key}
          onAdd={(publisher) =>
            decide(bridge().call('trust.addPublisher', publisher), `${publisher.name} is trusted.`)
          }
          onClose={() => setAdding(undefined)}
        />
      )}
    </section>
  );
}
