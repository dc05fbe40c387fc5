import { useState } from 'react';
import type { ImportPreview } from '../../preload/values.js';
import { countOf, fileName } from '../session/knowledge-words.js';
import { cutPieces, Redacted, trimmedPieces } from './redacted.js';

/** Characters of a document that are shown before it is opened. */
const atFirst = 700;

/** A document as it would be stored, with what would be removed from it. */
export function PreviewDocument({ document }: { document: ImportPreview['documents'][number] }) {
  const [whole, setWhole] = useState(false);
  const removed = document.pieces.filter((p) => p.removed).length;
  const all = trimmedPieces(document.pieces);
  const { pieces, cut } = whole ? { pieces: all, cut: false } : cutPieces(all, atFirst);
  return (
    <article className="preview-document" data-testid="preview-document">
      <header>
        <h3>{document.title}</h3>
        <span className="quiet">
          {[
            document.modality ?? 'Modality not known',
            countOf(document.snippets, 'snippet'),
            document.images > 0 && countOf(document.images, 'image'),
            removed > 0 ? `${countOf(removed, 'detail')} removed` : 'Nothing to remove',
            fileName(document.file),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </header>
      <p className="document-words">
        <Redacted pieces={pieces} />
      </p>
      {(cut || whole) && document.pieces.length > 0 && (
        <button type="button" className="quiet-button" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all of it'}
        </button>
      )}
    </article>
  );
}
