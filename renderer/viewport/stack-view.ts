import { Enums, eventTarget, type Types, utilities } from '@cornerstonejs/core';
import { annotation, LengthTool } from '@cornerstonejs/tools';
import { coreEvents, readingTools, toolEvents } from './cornerstone.js';
import { firstSlice, type Stack } from './hangings.js';
import { holdImage } from './held-image.js';
import { headerOf, introduce, sliceOf } from './image-loader.js';
import { prefetch } from './prefetch.js';

/** A point on the viewport, in CSS pixels from its top left. */
export type Point = readonly [number, number];

export interface Measured {
  key: string;
  at: Point;
  /** Where the text goes, so that it stays within the viewport. */
  side: 'left' | 'right';
  text: string;
}

/** All that the overlay of a viewport tells. */
export interface Shown {
  slice: number;
  window: { center: number; width: number } | undefined;
  units: string | undefined;
  inverted: boolean;
  /** Screen pixels for one image pixel. */
  scale: number;
  /** Where the corners of the image lie: top left, top right, bottom left. */
  corners: [Point, Point, Point] | undefined;
  lengths: Measured[];
}

/**
 * One stack viewport: shows a stack, moves through it, and says what it shows. Registered with the shared rendering
 * engine as long as it lives; `dispose` takes it off.
 */
export class StackView {
  readonly #id: string;
  readonly #element: HTMLDivElement;
  readonly #changed: (shown: Shown) => void;
  readonly #viewport: Types.IStackViewport;
  readonly #disposal = new AbortController();
  #stack: Stack | undefined;
  #slice = 0;
  #turn = 0;
  /** The window the user chose, as the values shown black and white; it then holds for the whole stack. */
  #chosenRange: Types.VOIRange | undefined;
  #invertChosen = false;
  #fetching = new AbortController();
  #applying = false;
  /** The image fills the viewport as it did at first; it then fills it after a change of size too. */
  #fitted = true;

  /** `changed` is called after each rendering. */
  constructor(id: string, element: HTMLDivElement, changed: (shown: Shown) => void) {
    this.#id = id;
    this.#element = element;
    this.#changed = changed;
    const { engine, group } = readingTools();
    engine.enableElement({ viewportId: id, element, type: Enums.ViewportType.STACK });
    this.#viewport = engine.getViewport(id) as Types.IStackViewport;
    group.addViewport(id, engine.id);
    // Cornerstone makes its element focusable and swallows keys there; the focus belongs to the viewport around it.
    element.removeAttribute('tabindex');
    const { signal } = this.#disposal;
    element.addEventListener(coreEvents.IMAGE_RENDERED, () => this.#tell(), { signal });
    element.addEventListener(
      coreEvents.VOI_MODIFIED,
      (event) => {
        if (!this.#applying) this.#chosenRange = (event as Types.EventTypes.VoiModifiedEvent).detail.range;
      },
      { signal },
    );
    for (const name of [
      toolEvents.ANNOTATION_MODIFIED,
      toolEvents.ANNOTATION_REMOVED,
      toolEvents.ANNOTATION_COMPLETED,
    ])
      eventTarget.addEventListener(name, this.#tellSoon);
    this.#smooth();
    const sizes = new ResizeObserver(() => this.#resize());
    sizes.observe(element);
    signal.addEventListener('abort', () => sizes.disconnect());
  }
  /** Hangs a stack and shows its first slice. Rejects with the reason when that slice cannot be loaded. */
  async show(stack: Stack): Promise<void> {
    introduce(stack);
    this.#stack = stack;
    this.#chosenRange = undefined;
    this.#invertChosen = false;
    await this.#present(firstSlice(stack), true);
  }

  get length(): number {
    return this.#stack?.slices.length ?? 0;
  }

  /** Shows a slice (held within the stack). Rejects with the reason when it cannot be loaded; the one shown before stays. */
  async goTo(slice: number): Promise<void> {
    const wanted = Math.max(0, Math.min(this.length - 1, slice));
    if (wanted !== this.#slice) await this.#present(wanted, false);
  }

  /** Moves by a number of slices. */
  scroll(slices: number): Promise<void> {
    return this.goTo(this.#slice + slices);
  }

  async #present(slice: number, fresh: boolean): Promise<void> {
    const stack = this.#stack;
    const imageId = stack?.slices[slice]?.imageId;
    if (!stack || imageId === undefined) return;
    const turn = ++this.#turn;
    this.#slice = slice;
    this.#fetching.abort();
    // Loaded here first, because Cornerstone itself does not say why a frame failed.
    const image = await holdImage(imageId);
    if (turn !== this.#turn || this.#disposal.signal.aborted) return;
    const before = this.#viewport.getCornerstoneImage();
    if (fresh)
      await this.#viewport.setStack(
        stack.slices.map((s) => s.imageId),
        slice,
      );
    else await this.#viewport.setImageIdIndex(slice);
    if (turn !== this.#turn || this.#disposal.signal.aborted) return;
    this.#applyWindow(imageId);
    if (fresh || before?.rows !== image.rows || before?.columns !== image.columns)
      this.#viewport.resetCamera();
    this.#viewport.render();
    this.#fetching = new AbortController();
    void prefetch(
      stack.slices.map((s) => s.imageId),
      slice,
      this.#fetching.signal,
    );
  }

  /** The frame's own window and polarity, as far as the user has not chosen others. */
  #applyWindow(imageId: string): void {
    const header = headerOf(imageId);
    if (!header) return;
    const { center, width } = header.kind === 'rgb' ? { center: 128, width: 256 } : header.window;
    this.#applying = true;
    this.#viewport.setProperties({
      invert: header.invert !== this.#invertChosen,
      voiRange: this.#chosenRange ?? utilities.windowLevel.toLowHighRange(width, center),
    });
    this.#applying = false;
  }

  invert(): void {
    this.#invertChosen = !this.#invertChosen;
    const imageId = this.#viewport.getCurrentImageId();
    if (imageId) this.#applyWindow(imageId);
    this.#viewport.render();
  }

  /** Back to the frame's own window, polarity, size and place. Measurements stay. */
  reset(): void {
    this.#chosenRange = undefined;
    this.#invertChosen = false;
    const imageId = this.#viewport.getCurrentImageId();
    if (!imageId) return;
    this.#applyWindow(imageId);
    this.#viewport.resetCamera();
    this.#viewport.render();
  }

  /** Widens the window and shifts its centre, each by a share of the present width. */
  adjustWindow(widthShare: number, centerShare: number): void {
    const range = this.#viewport.getProperties().voiRange;
    if (!range) return;
    const { windowWidth, windowCenter } = utilities.windowLevel.toWindowLevel(range.lower, range.upper);
    this.#viewport.setProperties({
      voiRange: utilities.windowLevel.toLowHighRange(
        Math.max(2, windowWidth * (1 + widthShare)),
        windowCenter + windowWidth * centerShare,
      ),
    });
    this.#viewport.render();
  }

  zoom(factor: number): void {
    this.#viewport.setZoom(this.#viewport.getZoom() * factor);
    this.#viewport.render();
  }

  /** Moves the image by CSS pixels. */
  pan(x: number, y: number): void {
    const from = this.#viewport.canvasToWorld([x, y]);
    const to = this.#viewport.canvasToWorld([0, 0]);
    const { focalPoint, position } = this.#viewport.getCamera();
    if (!focalPoint || !position) return;
    const moved = (p: Types.Point3): Types.Point3 => [
      p[0] + to[0] - from[0],
      p[1] + to[1] - from[1],
      p[2] + to[2] - from[2],
    ];
    this.#viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
    this.#viewport.render();
  }

  /** Measures between two points of the viewport. */
  addLength(from: Point, to: Point): void {
    const world = ([x, y]: Point) => this.#viewport.canvasToWorld([x, y]);
    LengthTool.hydrate(this.#id, [world(from), world(to)]);
    // Cornerstone's own drawing asks for the store of measured values, which hydrate leaves out.
    for (const item of this.#annotations()) item.data.cachedStats ??= {};
    this.#viewport.render();
  }

  /** Takes the measurements off the slice that is shown. */
  clearLengths(): void {
    for (const item of this.#annotations())
      if (item.annotationUID) annotation.state.removeAnnotation(item.annotationUID);
    this.#viewport.render();
  }

  #annotations() {
    const imageId = this.#viewport.getCurrentImageId();
    return (annotation.state.getAnnotations(LengthTool.toolName, this.#element) ?? []).filter(
      (a) => a.metadata?.referencedImageId === imageId,
    );
  }

  #corners(): Shown['corners'] {
    const image = this.#viewport.getCornerstoneImage();
    if (!image) return undefined;
    const { columns, rows, columnPixelSpacing: dx, rowPixelSpacing: dy } = image;
    // World coordinates name the centres of pixels; the image begins half a pixel before the first.
    const corner = (column: number, row: number): Point => {
      const [x, y] = this.#viewport.worldToCanvas([(column - 0.5) * dx, (row - 0.5) * dy, 0]);
      return [x, y];
    };
    return [corner(0, 0), corner(columns, 0), corner(0, rows)];
  }

  #fits([topLeft, topRight, bottomLeft]: [Point, Point, Point]): boolean {
    const { clientWidth, clientHeight } = this.#element;
    const near = (a: number, b: number) => Math.abs(a - b) < 2;
    const [width, height] = [topRight[0] - topLeft[0], bottomLeft[1] - topLeft[1]];
    return (
      near(topLeft[0] + topRight[0], clientWidth) &&
      near(topLeft[1] + bottomLeft[1], clientHeight) &&
      (near(width, clientWidth) || near(height, clientHeight))
    );
  }

  #tellSoon = () => this.#viewport.render();

  #tell(): void {
    const imageId = this.#viewport.getCurrentImageId();
    const image = this.#viewport.getCornerstoneImage();
    if (!imageId || !image) return;
    const header = headerOf(imageId);
    const range = this.#viewport.getProperties().voiRange;
    const level = range && utilities.windowLevel.toWindowLevel(range.lower, range.upper);
    const corners = this.#corners();
    this.#fitted = corners !== undefined && this.#fits(corners);
    this.#changed({
      slice: this.#slice,
      window: level && { center: level.windowCenter, width: level.windowWidth },
      units: header?.units,
      inverted: this.#invertChosen,
      scale: corners ? (corners[1][0] - corners[0][0]) / image.columns : 1,
      corners,
      lengths: this.#lengths(imageId),
    });
  }

  /** Length of each line on the slice, in mm where the spacing is known (with its plane), else in pixels. */
  #lengths(imageId: string): Measured[] {
    const instance = sliceOf(imageId)?.instance;
    const spaced = headerOf(imageId)?.spacingMm !== undefined || instance?.spacingMm !== undefined;
    return this.#annotations().flatMap((item) => {
      const [from, to] = item.data.handles?.points ?? [];
      if (!from || !to || item.annotationUID === undefined) return [];
      const length = Math.hypot(to[0] - from[0], to[1] - from[1], to[2] - from[2]);
      const [x, y] = this.#viewport.worldToCanvas(to);
      const plane = instance?.spacingPlane === 'detector' ? ' (detector plane)' : '';
      const text = spaced ? `${length.toFixed(1)} mm${plane}` : `${length.toFixed(0)} px`;
      const side = x > this.#element.clientWidth - 170 ? 'left' : 'right';
      return [{ key: item.annotationUID, at: [x, y] as const, side, text }];
    });
  }

  #resize(): void {
    const fitted = this.#fitted;
    readingTools().engine.resize(true, true);
    this.#smooth();
    if (fitted && this.#viewport.getCornerstoneImage()) {
      this.#viewport.resetCamera();
      this.#viewport.render();
    }
  }

  /** Large images are shown small: averaged on the way (not sampled), or fine lines would break up. A resized canvas forgets it. */
  #smooth(): void {
    const context = this.#viewport.canvas.getContext('2d');
    if (context) context.imageSmoothingQuality = 'medium';
  }

  dispose(): void {
    this.#turn++;
    this.#fetching.abort();
    this.#disposal.abort();
    for (const name of [
      toolEvents.ANNOTATION_MODIFIED,
      toolEvents.ANNOTATION_REMOVED,
      toolEvents.ANNOTATION_COMPLETED,
    ])
      eventTarget.removeEventListener(name, this.#tellSoon);
    const { engine, group } = readingTools();
    group.removeViewports(engine.id, this.#id);
    engine.disableElement(this.#id);
  }
}
