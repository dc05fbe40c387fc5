/** A reader whose tasks do everything that a file may make a reader do; with little memory, so that the tests are quick. */
import { parentPort } from '../../../main/isolate/ports.js';
import { serveReader } from '../../../main/isolate/serve.js';

serveReader(parentPort(), new URL('./reader-tasks.mjs', import.meta.url), { heapMb: 128, residentMb: 512 });
