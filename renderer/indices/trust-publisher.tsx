import { useState } from 'react';
import type { Dataset, DatasetPublisher } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { CallButton } from '../chrome/call-button.js';
import { ConfirmDialog } from '../chrome/confirm-dialog.js';
import { Fingerprint } from './fingerprint.js';

interface Props {
  dataset: Dataset;
  /** Who vouches for what lies there now. */
  offered: DatasetPublisher;
  /** Told when that one is trusted. */
  onTrusted(): void;
}

/** Lets an administrator trust who signs a shared dataset now, or that nobody does. */
export function TrustPublisher({ dataset, offered, onTrusted }: Props) {
  // What was shown is what is trusted, whatever lies there by then.
  const [asked, setAsked] = useState<DatasetPublisher>();
  const trust = async (publisher: DatasetPublisher) => {
    const key = publisher === 'unsigned' ? publisher : publisher.key;
    await bridge().call('dataset.trust', { dataset: dataset.id, publisher: key });
    onTrusted();
  };
  return (
    <>
      <CallButton call="dataset.trust" data-testid="trust-publisher" onClick={() => setAsked(offered)}>
        {offered === 'unsigned' ? 'Trust it unsigned' : 'Trust the new key'}
      </CallButton>
      {asked !== undefined && (
        <ConfirmDialog
          title={`Trust what lies at ${dataset.location}?`}
          action="Trust"
          onConfirm={() => trust(asked)}
          onClose={() => setAsked(undefined)}
        >
          {asked === 'unsigned' ? (
            <p>
              Nobody signed it: whoever can write there can change what drafts cite. Better let its publisher
              share it once more.
            </p>
          ) : (
            <p>
              Drafts then cite what the key <Fingerprint publisher={asked} /> signs. Ask the publisher of{' '}
              {dataset.title}, by telephone for instance, whether that is their new key.
            </p>
          )}
        </ConfirmDialog>
      )}
    </>
  );
}
