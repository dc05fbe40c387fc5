/** Entry of the utility process: the engine, served to the app over `process.parentPort`. */
import { type AppPort, launchByApp } from './app-readers.js';
import { createEngine } from './engine.js';
import { onParentGone, readers } from './isolate/index.js';
import { type EnginePort, serveEngine } from './serve-engine.js';

const parentPort: (EnginePort & AppPort) | undefined = Reflect.get(process, 'parentPort');
if (!parentPort) throw new Error('This file runs only as a utility process of the app.');
// Nobody is left to save anything for: what was acknowledged is on the disk.
onParentGone(() => process.kill(process.pid, 'SIGKILL'));
readers.launchBy(launchByApp(parentPort));
serveEngine(parentPort, createEngine, () => process.exit(0));
