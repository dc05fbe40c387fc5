import {
  type KeyboardEvent,
  type Ref,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
  type WheelEvent,
} from 'react';
import type { Focus, Study } from '../../preload/values.js';
import { toCallError } from '../bridge.js';
import { Icon } from '../chrome/icon.js';
import type { Stack } from './hangings.js';
import { Heat } from './heat.js';
import { Overlay } from './overlay.js';
import { type Shown, StackView } from './stack-view.js';

interface Props {
  index: number;
  study: Study;
  stack: Stack;
  active: boolean;
  /** Where the model looked for the sentence at hand, over any instance. */
  focus: Focus[];
  onActivate(): void;
  ref: Ref<StackView | null>;
}

/** One viewport with its overlay; wheel, arrows, Page Up and Down, Home and End and the slider move through its slices. */
export function Viewport({ index, study, stack, active, focus, onActivate, ref }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<StackView | null>(null);
  const [shown, setShown] = useState<Shown>();
  const [ready, setReady] = useState<string>();
  const [error, setError] = useState('');
  const wheel = useRef(0);
  useImperativeHandle<StackView | null, StackView | null>(ref, () => view, [view]);

  useEffect(() => {
    if (!element.current) return;
    const made = new StackView(`viewport-${index}`, element.current, setShown);
    setView(made);
    return () => made.dispose();
  }, [index]);

  useEffect(() => {
    if (!view) return;
    let live = true;
    setError('');
    setReady(undefined);
    view.show(stack).then(
      () => live && setReady(stack.key),
      (thrown: unknown) => live && setError(toCallError(thrown).message),
    );
    return () => {
      live = false;
    };
  }, [view, stack]);

  const go = (move: Promise<void> | undefined) =>
    move?.then(
      () => setError(''),
      (thrown: unknown) => setError(toCallError(thrown).message),
    );

  const onWheel = (event: WheelEvent) => {
    if (stack.slices.length < 2) return;
    wheel.current += event.deltaY;
    const slices = Math.trunc(wheel.current / 40);
    if (slices === 0) return;
    wheel.current -= slices * 40;
    void go(view?.scroll(Math.sign(slices) * Math.min(3, Math.abs(slices))));
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!view || event.target instanceof HTMLInputElement) return;
    const { key, shiftKey, altKey } = event;
    const act = (): unknown => {
      if (shiftKey && key === 'ArrowUp') return (view.adjustWindow(0, 0.05), true);
      if (shiftKey && key === 'ArrowDown') return (view.adjustWindow(0, -0.05), true);
      if (shiftKey && key === 'ArrowRight') return (view.adjustWindow(0.1, 0), true);
      if (shiftKey && key === 'ArrowLeft') return (view.adjustWindow(-0.1, 0), true);
      if (altKey && key === 'ArrowUp') return (view.pan(0, -40), true);
      if (altKey && key === 'ArrowDown') return (view.pan(0, 40), true);
      if (altKey && key === 'ArrowLeft') return (view.pan(-40, 0), true);
      if (altKey && key === 'ArrowRight') return (view.pan(40, 0), true);
      if (key === '+' || key === '=') return (view.zoom(1.25), true);
      if (key === '-') return (view.zoom(0.8), true);
      if (key === 'Delete' || key === 'Backspace') return (view.clearLengths(), true);
      if (key === 'ArrowDown' || key === 'ArrowRight') return go(view.scroll(1));
      if (key === 'ArrowUp' || key === 'ArrowLeft') return go(view.scroll(-1));
      if (key === 'PageDown') return go(view.scroll(10));
      if (key === 'PageUp') return go(view.scroll(-10));
      if (key === 'Home') return go(view.goTo(0));
      if (key === 'End') return go(view.goTo(stack.slices.length - 1));
      return undefined;
    };
    if (act() !== undefined) event.preventDefault();
  };

  const instance = shown && stack.slices[shown.slice]?.instance;
  const heat = ready === stack.key && instance && focus.find((f) => f.instance === instance.uid);
  const many = stack.slices.length > 1;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a viewport is no fieldset
    <div
      className={active ? 'viewport active' : 'viewport'}
      role="group"
      aria-label={`Viewport ${index + 1}: ${stack.label}${many && shown ? `, slice ${shown.slice + 1} of ${stack.slices.length}` : ''}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the viewport takes keys
      tabIndex={0}
      data-testid={`viewport-${index}`}
      data-image-ready={ready === stack.key && shown ? 'true' : 'false'}
      data-slice={shown?.slice}
      onFocus={onActivate}
      onPointerDown={(event) => event.currentTarget.focus({ preventScroll: true })}
      onContextMenu={(event) => event.preventDefault()}
      onWheel={onWheel}
      onKeyDown={onKeyDown}
    >
      <div ref={element} className="pixels" />
      {shown && heat && <Heat focus={heat} shown={shown} />}
      {shown && ready === stack.key && <Overlay study={study} stack={stack} shown={shown} />}
      {heat && <span className="heat-note">Where the model looked · H hides</span>}
      {!ready && !error && (
        <p className="viewport-note" role="status">
          Loading image…
        </p>
      )}
      {error && (
        <p className="viewport-note" role="alert">
          <Icon name="flag" /> {error}
        </p>
      )}
      {many && shown && (
        <input
          className="slices"
          type="range"
          aria-label="Slice"
          aria-valuetext={`${shown.slice + 1} of ${stack.slices.length}`}
          min={0}
          max={stack.slices.length - 1}
          value={shown.slice}
          onChange={(event) => void go(view?.goTo(event.target.valueAsNumber))}
        />
      )}
    </div>
  );
}
