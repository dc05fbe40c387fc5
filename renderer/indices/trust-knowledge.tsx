import { useState } from 'react';
import { bridge } from '../bridge.js';
import { CallButton } from '../chrome/call-button.js';
import { ConfirmDialog } from '../chrome/confirm-dialog.js';
import { useDatasets } from '../session/datasets.js';
import { useNotices } from '../session/notices.js';

/** Lets an administrator trust the documents of the knowledge base as they are now. */
export function TrustKnowledge() {
  const { say, fail } = useNotices();
  const { read } = useDatasets();
  const [digest, setDigest] = useState<string>();
  const ask = async () => {
    try {
      const { waiting } = await bridge().call('trust.list', {});
      setDigest(waiting.find(({ kind }) => kind === 'knowledge')?.digest);
    } catch (thrown) {
      fail(thrown);
    }
  };
  const accept = async (asked: string) => {
    await bridge().call('trust.accept', { digest: asked });
    say('The knowledge base is trusted and being built.');
    await read();
  };
  return (
    <>
      <CallButton call="trust.accept" data-testid="trust-knowledge" onClick={() => void ask()}>
        Trust this knowledge base
      </CallButton>
      {digest !== undefined && (
        <ConfirmDialog
          title="Trust this knowledge base?"
          action="Trust"
          onConfirm={() => accept(digest)}
          onClose={() => setDigest(undefined)}
        >
          <p>
            Drafts then cite its documents as they are now. Any further change has to be trusted again. Its
            digest is <code>{digest}</code>
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}
