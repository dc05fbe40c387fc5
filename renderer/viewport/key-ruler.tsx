import { type Ref, type RefObject, useImperativeHandle, useRef, useState } from 'react';
import type { Point, StackView } from './stack-view.js';

/** What the viewport hands its keys to. */
export interface KeyRulerHandle {
  /** Takes a key of the viewport; true when it was meant for the ruler. */
  key(event: { key: string; shiftKey: boolean }): boolean;
}

interface Props {
  view: StackView;
  frame: RefObject<HTMLElement | null>;
  ref: Ref<KeyRulerHandle>;
}

const steps: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/**
 * A length measured with the keyboard: Enter brings a cross, arrows move it (with Shift by single pixels), Enter sets
 * one end and then the other, Escape leaves.
 */
export function KeyRuler({ view, frame, ref }: Props) {
  const [cross, setCross] = useState<Point>();
  const [from, setFrom] = useState<Point>();
  const last = useRef<Point>(undefined);

  useImperativeHandle(ref, () => ({
    key({ key, shiftKey }) {
      const width = frame.current?.clientWidth ?? 0;
      const height = frame.current?.clientHeight ?? 0;
      if (!cross) {
        if (key !== 'Enter') return false;
        setCross(last.current ?? [Math.round(width / 2), Math.round(height / 2)]);
        return true;
      }
      const step = steps[key];
      if (step) {
        const reach = shiftKey ? 1 : 10;
        const next: Point = [
          Math.max(0, Math.min(width, cross[0] + step[0] * reach)),
          Math.max(0, Math.min(height, cross[1] + step[1] * reach)),
        ];
        setCross(next);
        return true;
      }
      if (key === 'Enter') {
        if (from) {
          view.addLength(from, cross);
          last.current = cross;
          setCross(undefined);
          setFrom(undefined);
        } else setFrom(cross);
        return true;
      }
      if (key === 'Escape') {
        setCross(undefined);
        setFrom(undefined);
        return true;
      }
      return false;
    },
  }));

  if (!cross) return null;
  const [x, y] = cross;
  return (
    <>
      <svg className="key-ruler" aria-hidden="true">
        <path d={`M${x - 14} ${y}H${x + 14}M${x} ${y - 14}V${y + 14}`} />
        {from && <path d={`M${from[0]} ${from[1]}L${x} ${y}`} />}
      </svg>
      <p className="key-note" role="status">
        {from
          ? 'Arrows move, Enter sets the second end, Esc leaves'
          : 'Arrows move, Enter sets the first end, Esc leaves'}
      </p>
    </>
  );
}
