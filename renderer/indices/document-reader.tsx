import { useEffect, useState } from 'react';
import type { CallOutput } from '../../preload/calls.js';
import { bridge, toCallError } from '../bridge.js';
import { Thumbnails } from '../cases/thumbnails.js';
import { Icon } from '../chrome/icon.js';
import { sectionTitle } from '../session/knowledge-words.js';
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

/** A document section by section, with its images and where it comes from. */
export function DocumentText({ dataset, document }: { dataset: string; document: Document }) {
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
      {document.sections.map(({ kind, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a kind may come twice, the order is fixed
        <section key={index}>
          <h3>{sectionTitle(kind)}</h3>
          <p className="document-words">
            <WithPlaceholders text={text} />
          </p>
        </section>
      ))}
      <Provenance document={document} />
    </article>
  );
}
