import type { DatasetDocument } from '../../preload/values.js';
import { findingName } from '../session/finding-words.js';
import { countText, regionName, removalsText } from '../session/knowledge-words.js';
import { whenText } from '../session/words.js';

/** Where a document comes from and what is known of it. */
export function Provenance({ document }: { document: DatasetDocument }) {
  const removed = removalsText(document.removals);
  const facts: [string, string][] = [
    [
      'About',
      [document.modality, regionName(document.bodyRegion), document.topic].filter(Boolean).join(' · '),
    ],
    ['Speaks of', document.findings.map(findingName).join(', ')],
    ['Source', document.source],
    ['Read from', document.origin],
    ['Stored', whenText(document.importedAt)],
    ['Removed', removed || (document.origin ? 'Nothing personal was found' : '')],
    ['Licence', document.licence],
    ['Version', document.version],
    ['Images', document.images > 0 ? countText(document.images) : ''],
  ];
  return (
    <dl className="facts">
      {facts
        .filter(([, value]) => value !== '')
        .map(([word, value]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
