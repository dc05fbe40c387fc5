import type { Study } from '../../preload/values.js';
import { patientLine } from '../session/words.js';
import type { Stack } from './hangings.js';
import { edgeLetters } from './orientation.js';
import type { Shown } from './stack-view.js';

const number = (value: number) => (Math.abs(value) < 10 ? value.toFixed(1) : value.toFixed(0));

/** The quiet text in the corners of a viewport, the measured lengths, and the letters of the patient's directions. */
export function Overlay({ study, stack, shown }: { study: Study; stack: Stack; shown: Shown }) {
  const slice = stack.slices[shown.slice];
  const edges = edgeLetters(slice?.instance.orientation);
  const many = stack.slices.length > 1;
  const { window } = shown;
  return (
    <div className="overlay">
      <div className="corner top-left">
        <span>{patientLine(study.patient)}</span>
        <span>{[study.date, study.accession].filter(Boolean).join(' · ')}</span>
      </div>
      <div className="corner top-right">
        <span>{stack.label}</span>
        <span>{[stack.series.modality, stack.series.bodyPart].filter(Boolean).join(' · ')}</span>
      </div>
      <div className="corner bottom-left">
        {window && (
          <span>
            W {number(window.width)} L {number(window.center)}
            {shown.units && shown.units !== 'US' ? ` ${shown.units}` : ''}
            {shown.inverted ? ' · inverted' : ''}
          </span>
        )}
        <span>Zoom {Math.round(shown.scale * 100)} %</span>
      </div>
      <div className="corner bottom-right">
        {many && (
          <span>
            {shown.slice + 1} / {stack.slices.length}
          </span>
        )}
      </div>
      {edges && (
        <>
          <span className="edge left">{edges.left}</span>
          <span className="edge right">{edges.right}</span>
          <span className="edge top">{edges.top}</span>
          <span className="edge bottom">{edges.bottom}</span>
        </>
      )}
      {shown.lengths.map(({ key, at, side, text }) => (
        <span
          key={key}
          className="measured"
          data-testid="measured"
          style={{
            transform:
              side === 'right'
                ? `translate(${at[0] + 10}px, ${at[1] + 4}px)`
                : `translate(calc(${at[0] - 10}px - 100%), ${at[1] + 4}px)`,
          }}
        >
          {text}
        </span>
      ))}
    </div>
  );
}
