/** Entry of the processes that read foreign files: a child of Node or a utility process of the app, whichever it is. */
import { parentPort } from './isolate/ports.js';
import { serveReader } from './isolate/serve.js';

// Bundles both: the thread's lies beside this one.
const ending = import.meta.url.endsWith('.mjs') ? 'mjs' : 'js';
serveReader(parentPort(), new URL(`./reader-tasks.${ending}`, import.meta.url));
