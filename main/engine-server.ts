/** Entry of the utility process: the engine, served to the app over `process.parentPort`. */
import { createEngine } from './engine.js';
import { type EnginePort, serveEngine } from './serve-engine.js';

const parentPort: EnginePort | undefined = Reflect.get(process, 'parentPort');
if (!parentPort) throw new Error('This file runs only as a utility process of the app.');
serveEngine(parentPort, createEngine, () => process.exit(0));
