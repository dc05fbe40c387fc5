import { Dialog } from '../chrome/dialog.js';
import { DialogFoot } from '../chrome/dialog-foot.js';
import { DocumentReader } from './document-reader.js';

/** A document that was followed from a snippet of it. */
export function DocumentDialog({
  dataset,
  document,
  onClose,
}: {
  dataset: string;
  document: string;
  onClose(): void;
}) {
  return (
    <Dialog title="Document" onClose={onClose}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the document scrolls by keyboard */}
      <div className="document-scroll" tabIndex={0}>
        <DocumentReader dataset={dataset} document={document} />
      </div>
      <DialogFoot dismissal="Close" onDismiss={onClose} />
    </Dialog>
  );
}
