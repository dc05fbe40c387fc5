import type { DatasetDocument } from '../../preload/values.js';
import { countOf, fileName, regionName, removalsText } from '../session/knowledge-words.js';
import { whenText } from '../session/words.js';

interface Props {
  documents: DatasetDocument[];
  /** Id of the one that is read. */
  open: string | undefined;
  /** Ids of those that are ticked; undefined where none can be deleted. */
  ticked: ReadonlySet<string> | undefined;
  onOpen(document: string): void;
  onTick(document: string, ticked: boolean): void;
}

/** A page of documents, each with what it is about, where it comes from and what was removed. */
export function DocumentList({ documents, open, ticked, onOpen, onTick }: Props) {
  return (
    <ul className="documents">
      {documents.map((d) => {
        const removed = removalsText(d.removals);
        return (
          <li
            key={d.id}
            className={d.id === open ? 'document-row open' : 'document-row'}
            data-testid="document-row"
          >
            {ticked && (
              <input
                type="checkbox"
                aria-label={`Select ${d.title}`}
                checked={ticked.has(d.id)}
                onChange={({ target }) => onTick(d.id, target.checked)}
              />
            )}
            <button
              type="button"
              className="document-open"
              aria-current={d.id === open ? 'true' : undefined}
              data-testid="open-document"
              onClick={() => onOpen(d.id)}
            >
              <span className="document-title">{d.title}</span>
              <span className="document-about">
                {[d.modality, regionName(d.bodyRegion), d.topic, d.images > 0 && countOf(d.images, 'image')]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
              <span className="document-from">
                {[
                  d.origin && fileName(d.origin),
                  whenText(d.importedAt),
                  d.licence,
                  removed && `Removed: ${removed}`,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
