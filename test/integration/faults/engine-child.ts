/** The real engine in a process of its own, behind the channel of a child of Node as it is behind Electron's port. Starts readers of its own. */
import { createEngine } from '../../../main/engine.js';
import { onParentGone } from '../../../main/isolate/index.js';
import { serveEngine } from '../../../main/serve-engine.js';

// What is printed goes nowhere once the parent is gone; without it the process has nobody to work for.
onParentGone(() => process.exit(1));
serveEngine(
  {
    postMessage: (message) => process.send?.(message, () => {}),
    on: (event, listener) => process.on(event, (data) => listener({ data })),
  },
  createEngine,
  () => process.exit(0),
);
