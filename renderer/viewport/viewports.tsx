import { useEffect, useMemo, useRef, useState } from 'react';
import type { Focus, Study } from '../../preload/values.js';
import { useShortcuts } from '../chrome/shortcuts.js';
import { giveTool, readingTools, type ToolName } from './cornerstone.js';
import { Filmstrip } from './filmstrip.js';
import { firstHanging, type Stack, stacksOf } from './hangings.js';
import type { StackView } from './stack-view.js';
import { Toolbar } from './toolbar.js';
import { Viewport } from './viewport.js';

// Cornerstone is started in a quiet moment, before the first study asks for it.
requestIdleCallback(() => readingTools());

/** The images of a study: tools, one or two viewports, and the strip of its series. */
export default function Viewports({ study, focus }: { study: Study; focus: Focus[] }) {
  const stacks = useMemo(() => stacksOf(study), [study]);
  const [hung, setHung] = useState<Stack[]>(() => firstHanging(stacks));
  const [active, setActive] = useState(0);
  const [tool, setTool] = useState<ToolName>('window');
  const [heat, setHeat] = useState(true);
  const views = useRef<(StackView | null)[]>([]);

  useEffect(() => giveTool(readingTools().group, tool), [tool]);

  const layout = hung.length > 1 ? 2 : 1;
  const activeIndex = Math.min(active, hung.length - 1);
  const view = () => views.current[activeIndex];

  const setLayout = (wanted: 1 | 2) => {
    if (wanted === hung.length) return;
    if (wanted === 1) {
      setHung(hung.slice(activeIndex, activeIndex + 1));
      setActive(0);
      return;
    }
    const shownNow = hung[0];
    const usual = firstHanging(stacks);
    const other = [...usual, ...stacks].find((s) => s !== shownNow);
    if (!shownNow || !other) return;
    const pair = [shownNow, other];
    // The usual order (frontal left of lateral) where the pair is the usual one.
    setHung(usual.length === 2 && pair.every((s) => usual.includes(s)) ? usual : pair);
    setActive(pair.indexOf(shownNow));
  };

  const hang = (stack: Stack) => {
    if (hung.includes(stack)) return setActive(hung.indexOf(stack));
    setHung(hung.map((s, i) => (i === activeIndex ? stack : s)));
  };

  useShortcuts({
    w: () => setTool('window'),
    z: () => setTool('zoom'),
    p: () => setTool('pan'),
    l: () => setTool('length'),
    i: () => view()?.invert(),
    r: () => view()?.reset(),
    h: () => setHeat((on) => !on),
    1: () => setLayout(1),
    2: () => setLayout(2),
  });

  if (hung.length === 0)
    return (
      <div className="no-images">
        <p>No image of this study can be shown.</p>
        {study.problems.slice(0, 5).map((p) => (
          <p key={p.file} className="quiet">
            {p.message}
          </p>
        ))}
      </div>
    );

  return (
    <section className="reading" aria-label="Images">
      <Toolbar
        tool={tool}
        layout={layout}
        heat={heat}
        stacks={stacks.length}
        onTool={setTool}
        onInvert={() => view()?.invert()}
        onReset={() => view()?.reset()}
        onLayout={setLayout}
        onHeat={() => setHeat(!heat)}
      />
      <div className={`viewports of-${layout}`}>
        {hung.map((stack, index) => (
          <Viewport
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is the viewport's identity
            key={index}
            ref={(made) => {
              views.current[index] = made;
            }}
            index={index}
            study={study}
            stack={stack}
            active={index === activeIndex && hung.length > 1}
            measuring={tool === 'length'}
            focus={heat ? focus : []}
            onActivate={() => setActive(index)}
          />
        ))}
      </div>
      {stacks.length > 1 && <Filmstrip stacks={stacks} hung={hung} onHang={hang} />}
    </section>
  );
}
