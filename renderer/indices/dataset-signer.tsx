import type { Dataset } from '../../preload/values.js';
import { Fingerprint } from './fingerprint.js';

/** Who vouches for a shared dataset. What a server holds is asked directly, and checked by nobody. */
export function DatasetSigner({ dataset: { publisher, location } }: { dataset: Dataset }) {
  if (publisher === undefined) return <span>Nobody vouches for it</span>;
  if (publisher !== 'unsigned')
    return (
      <span>
        Signed by <Fingerprint publisher={publisher} />
      </span>
    );
  return (
    <span data-testid="not-signed">
      {location.startsWith('db://') ? 'Asked directly: nothing checks what it answers' : 'Not signed'}
    </span>
  );
}
