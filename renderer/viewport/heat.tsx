import { useEffect, useMemo, useRef } from 'react';
import type { Focus } from '../../preload/values.js';
import { contour, valueAt } from './contour.js';
import type { Shown } from './stack-view.js';

/** Below this share of its maximum the model hardly looked: left clear, so that the greyscale stays untouched. */
const floor = 0.4;
const level = 0.6;
const accent = [94, 182, 255] as const;
const cells = 48;

/** The focus as a small translucent picture, to be stretched over the image. */
function paint(focus: Focus): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = cells;
  canvas.height = cells;
  const context = canvas.getContext('2d');
  if (!context) return canvas;
  const picture = context.createImageData(cells, cells);
  for (let r = 0; r < cells; r++)
    for (let c = 0; c < cells; c++) {
      const value = valueAt(focus, (c + 0.5) / cells, (r + 0.5) / cells);
      const alpha = value <= floor ? 0 : ((value - floor) / (1 - floor)) * 0.34;
      picture.data.set([...accent, Math.round(alpha * 255)], (r * cells + c) * 4);
    }
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** Where the model looked, drawn over the viewport in image coordinates; the pixels under it are not changed. */
export function Heat({ focus, shown }: { focus: Focus; shown: Shown }) {
  const ref = useRef<HTMLCanvasElement>(null);
  const picture = useMemo(() => paint(focus), [focus]);
  const lines = useMemo(() => contour(focus, level), [focus]);
  const { corners } = shown;

  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d');
    if (!canvas || !context || !corners) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(canvas.clientWidth * ratio);
    canvas.height = Math.round(canvas.clientHeight * ratio);
    const [origin, right, down] = corners;
    // From image fractions to the canvas.
    context.setTransform(
      (right[0] - origin[0]) * ratio,
      (right[1] - origin[1]) * ratio,
      (down[0] - origin[0]) * ratio,
      (down[1] - origin[1]) * ratio,
      origin[0] * ratio,
      origin[1] * ratio,
    );
    context.drawImage(picture, 0, 0, 1, 1);
    context.beginPath();
    for (const [x1, y1, x2, y2] of lines) {
      context.moveTo(x1, y1);
      context.lineTo(x2, y2);
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.lineWidth = 1.5 * ratio;
    context.strokeStyle = `rgb(${accent.join(' ')} / 0.9)`;
    context.stroke();
  }, [picture, lines, corners]);

  return (
    <div className="heat" aria-hidden="true" data-testid="heat">
      <canvas ref={ref} />
    </div>
  );
}
