import type { DatasetPublisher } from '../../preload/values.js';

/** What two people compare of a key; all of it where the pointer rests. */
export function Fingerprint({ publisher }: { publisher: Exclude<DatasetPublisher, string> }) {
  return (
    <code title={publisher.key} data-testid="fingerprint">
      {publisher.fingerprint}
    </code>
  );
}
