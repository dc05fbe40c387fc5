import { useEffect, useState } from 'react';
import type { CallOutput } from '../../preload/calls.js';
import { bridge, toCallError } from '../bridge.js';
import { Thumbnails } from '../cases/thumbnails.js';
import { Icon } from '../chrome/icon.js';
import { LongText } from '../chrome/long-text.js';
import { countOf, sectionTitle } from '../session/knowledge-words.js';
import { WithPlaceholders } from './placeholders.js';
import { Provenance } from './provenance.js';

type Document = CallOutput<'dataset.document'>;

/** A stored document once it is read, or why it cannot be. */
export function DocumentReader({ dataset, document }: { dataset: string; document: string }) {
  const [read, setRead] = useState<{ of: string; value?: Document; refusal?: string }>();
  const of = `${dataset}/${document}`;
  useEffect(() => {
    let live = true;
    bridge()
      .call('dataset.document', { dataset, document })
      .then(
        (value) => live && setRead({ of: `${dataset}/${document}`, value }),
        (thrown: unknown) =>
          live && setRead({ of: `${dataset}/${document}`, refusal: toCallError(thrown).message }),
      );
    return () => {
      live = false;
    };
  }, [dataset, document]);
  if (read?.of !== of) return <p className="quiet reader-wait">Reading…</p>;
  if (!read.value)
    return (
      <p className="refused" role="alert">
        <Icon name="flag" /> {read.refusal}
      </p>
    );
  return <DocumentText dataset={dataset} document={read.value} />;
}

/** Characters that are laid out at once: a book of a PDF would hold up the window. */
const atOnce = 8000;

/** How many of the sections together hold no more than so many characters; at least one. */
export function sectionsWithin(sections: Document['sections'], characters: number): number {
  let left = characters;
  const first = sections.findIndex(({ text }) => {
    left -= Math.min(text.length, atOnce);
    return left < 0;
  });
  return first < 0 ? sections.length : Math.max(1, first);
}

/** A document section by section, with its images and where it comes from. */
export function DocumentText({ dataset, document }: { dataset: string; document: Document }) {
  const [pages, setPages] = useState(1);
  const shown = sectionsWithin(document.sections, pages * atOnce);
  const left = document.sections.length - shown;
  return (
    <article className="document" data-testid="document">
      <h2>{document.title}</h2>
      {document.images > 0 && (
        <div className="case-images">
          <Thumbnails
            dataset={dataset}
            document={document.id}
            images={document.images}
            title={document.title}
          />
        </div>
      )}
      {document.sections.slice(0, shown).map(({ kind, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a kind may come twice, the order is fixed
        <section key={index}>
          <h3>{sectionTitle(kind)}</h3>
          <LongText
            text={text}
            characters={atOnce}
            show={(part) => (
              <p className="document-words">
                <WithPlaceholders text={part} />
              </p>
            )}
          />
        </section>
      ))}
      {left > 0 && (
        <button type="button" className="quiet-button" onClick={() => setPages(pages + 1)}>
          Show more ({countOf(left, 'section')} left)
        </button>
      )}
      <Provenance document={document} />
    </article>
  );
}
