/** Entry of the processes that read foreign files: a child of Node or a utility process of the app, whichever it is. */
import { parentPort } from './isolate/ports.js';
import { serveReader } from './isolate/serve.js';

const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
serveReader(parentPort(), new URL(`./reader-tasks.${ending}`, import.meta.url));
