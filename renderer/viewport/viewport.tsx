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
import { KeyRuler, type KeyRulerHandle } from './key-ruler.js';
import { Overlay } from './overlay.js';
import { type Shown, StackView } from './stack-view.js';
import { viewportKey } from './viewport-keys.js';

interface Props {
  index: number;
  study: Study;
  stack: Stack;
  active: boolean;
  /** The length tool is chosen: Enter measures by keyboard. */
  measuring: boolean;
  /** Where the model looked for the sentence at hand, over any instance. */
  focus: Focus[];
  onActivate(): void;
  ref: Ref<StackView | null>;
}

/** One viewport with its overlay; wheel, arrows, Page Up and Down, Home and End and the slider move through its slices. */
export function Viewport({ index, study, stack, active, measuring, focus, onActivate, ref }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [view, setView] = useState<StackView | null>(null);
  const [shown, setShown] = useState<Shown>();
  const [ready, setReady] = useState<string>();
  const [error, setError] = useState('');
  const wheel = useRef(0);
  const ruler = useRef<KeyRulerHandle>(null);
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

  const go = (move: Promise<void> | void) =>
    void move?.then(
      () => setError(''),
      (thrown: unknown) => setError(toCallError(thrown).message),
    );

  const onWheel = (event: WheelEvent) => {
    if (stack.slices.length < 2) return;
    // One notch of a wheel is one slice; a trackpad's small steps are added up first.
    wheel.current += event.deltaY;
    if (Math.abs(wheel.current) < 40) return;
    go(view?.scroll(Math.sign(wheel.current)));
    wheel.current = 0;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!view || event.target instanceof HTMLInputElement) return;
    if (ruler.current?.key(event)) {
      event.preventDefault();
      return;
    }
    const act = viewportKey(event);
    if (!act) return;
    event.preventDefault();
    go(act(view));
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
      {measuring && view && <KeyRuler ref={ruler} view={view} frame={element} />}
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
          onChange={(event) => go(view?.goTo(event.target.valueAsNumber))}
        />
      )}
    </div>
  );
}
