import {
  cache,
  Enums,
  getRenderingCapabilities,
  imageLoader,
  init as initCore,
  metaData,
  RenderingEngine,
} from '@cornerstonejs/core';
import {
  addTool,
  annotation,
  init as initTools,
  LengthTool,
  PanTool,
  Enums as ToolEnums,
  ToolGroupManager,
  type Types as ToolTypes,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools';
import { frameMetadata, loadFrame } from './image-loader.js';

/** What the primary mouse button does. The secondary always zooms, the middle one always pans. */
export type ToolName = 'window' | 'zoom' | 'pan' | 'length';

/** Bound of the decoded frames that the window keeps: some 250 CT slices, or a dozen radiographs. */
const cacheBytes = 256 * 1024 * 1024;

const toolNames: Record<ToolName, string> = {
  window: WindowLevelTool.toolName,
  zoom: ZoomTool.toolName,
  pan: PanTool.toolName,
  length: LengthTool.toolName,
};

const { Primary, Secondary, Auxiliary } = ToolEnums.MouseBindings;

export interface ReadingTools {
  engine: RenderingEngine;
  group: ToolTypes.IToolGroup;
}

let started: ReadingTools | undefined;

/** Starts Cornerstone once: WebGL on a real graphics card, its CPU path otherwise (software WebGL is slower than that). */
export function readingTools(): ReadingTools {
  if (started) return started;
  const { webgl, softwareRasterizer } = getRenderingCapabilities();
  const useCPURendering = !webgl || softwareRasterizer;
  initCore({ rendering: { useCPURendering }, debug: {} });
  // Cornerstone's CPU path sizes its canvas in CSS pixels and yet converts points with the pixel ratio, which puts the
  // mouse, lengths and overlays in the wrong place on a dense display. With a ratio of 1 the two agree again.
  if (useCPURendering) Object.defineProperty(window, 'devicePixelRatio', { configurable: true, value: 1 });
  initTools();
  imageLoader.registerImageLoader('wetread', loadFrame);
  metaData.addProvider(frameMetadata, 10);
  cache.setMaxCacheSize(cacheBytes);
  for (const tool of [WindowLevelTool, ZoomTool, PanTool, LengthTool]) addTool(tool);
  const group = ToolGroupManager.createToolGroup('reading');
  if (!group) throw new Error('The viewport tools could not be set up.');
  // The measured length is written by the viewport itself: Cornerstone's text needs style attributes, which the policy forbids.
  for (const name of Object.values(toolNames))
    group.addTool(name, name === LengthTool.toolName ? { actions: {}, getTextLines: () => [] } : {});
  annotation.config.style.setDefaultToolStyles({
    global: {
      color: 'rgb(126, 196, 255)',
      colorHighlighted: 'rgb(190, 225, 255)',
      colorSelected: 'rgb(190, 225, 255)',
      lineWidth: '1.5',
    },
    [LengthTool.toolName]: { textBoxVisibility: false } as object,
  });
  started = { engine: new RenderingEngine('reading-room'), group };
  giveTool(started.group, 'window');
  return started;
}

/** Gives the primary mouse button to a tool. Measurements stay visible and can be moved with any of them. */
export function giveTool(group: ToolTypes.IToolGroup, tool: ToolName): void {
  for (const name of Object.values(toolNames)) group.setToolPassive(name, { removeAllBindings: true });
  const bind = (name: ToolName, buttons: number[]) =>
    group.setToolActive(toolNames[name], { bindings: buttons.map((mouseButton) => ({ mouseButton })) });
  bind('zoom', tool === 'zoom' ? [Primary, Secondary] : [Secondary]);
  bind('pan', tool === 'pan' ? [Primary, Auxiliary] : [Auxiliary]);
  if (tool === 'window' || tool === 'length') bind(tool, [Primary]);
}

export const coreEvents = Enums.Events;
export const toolEvents = ToolEnums.Events;
