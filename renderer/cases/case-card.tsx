import { useState } from 'react';
import type { CaseHit } from '../../preload/values.js';
import { Icon } from '../chrome/icon.js';
import { LongText } from '../chrome/long-text.js';
import { WithPlaceholders } from '../indices/placeholders.js';
import { useDatasetTitle } from '../session/datasets.js';
import { findingName } from '../session/finding-words.js';
import { sectionTitle, sexWords } from '../session/knowledge-words.js';
import { Thumbnails } from './thumbnails.js';

/** "67 years, female": whatever is known of whose case it was. */
export const personText = ({ ageYears, sex }: Pick<CaseHit, 'ageYears' | 'sex'>): string =>
  [ageYears !== undefined && `${ageYears} years`, sex && sexWords[sex]].filter(Boolean).join(', ');

/** An earlier case, set apart from the study at hand: how alike it is, and on demand its images and its report. */
export function CaseCard({ hit, startsOpen = false }: { hit: CaseHit; startsOpen?: boolean }) {
  const [open, setOpen] = useState(startsOpen);
  const titleOf = useDatasetTitle();
  const { dataset, document, images, title, findings, sections } = hit;
  const person = personText(hit);
  return (
    <li className={open ? 'case open' : 'case'} data-testid="case" data-document={document}>
      <button
        type="button"
        className="case-head"
        aria-expanded={open}
        data-testid="case-head"
        onClick={() => setOpen(!open)}
      >
        {!open && (
          <span className="case-thumb">
            {images > 0 ? (
              <Thumbnails dataset={dataset} document={document} images={images} title={title} most={1} />
            ) : (
              <Icon name="image" />
            )}
          </span>
        )}
        <span className="case-told">
          <span className="case-label">
            <span className="earlier">
              <Icon name="history" /> Earlier case
            </span>
            <span>
              <meter min={0} max={1} value={Math.max(0, hit.score)} aria-hidden="true" /> Alike{' '}
              {hit.score.toFixed(2)}
            </span>
          </span>
          <span className="case-title">{title}</span>
          <span className="case-line">{[hit.modality, person].filter(Boolean).join(' · ')}</span>
          <span className="case-findings">
            {findings.length > 0 ? findings.map(findingName).join(', ') : 'No finding stated as present'}
          </span>
        </span>
      </button>
      {open && (
        <div className="case-report" data-testid="case-report">
          {images > 0 && (
            <div className="case-images">
              <Thumbnails dataset={dataset} document={document} images={images} title={title} />
            </div>
          )}
          <div className="case-text">
            {sections.map(({ kind, text }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a kind may come twice, the order is fixed
              <section key={index}>
                <h4>{sectionTitle(kind)}</h4>
                <LongText
                  text={text}
                  show={(shown) => (
                    <p className="document-words">
                      <WithPlaceholders text={shown} />
                    </p>
                  )}
                />
              </section>
            ))}
            <p className="case-source">
              {[titleOf(dataset), hit.source, `version ${hit.version}`].filter(Boolean).join(' · ')}
            </p>
          </div>
        </div>
      )}
    </li>
  );
}
