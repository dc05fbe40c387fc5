/** Stops itself, as a sleeping computer does, and says when a time limit of two seconds that it had begun is over. */
import { awakeTimeout } from '../../../main/isolate/awake-timer.js';

const begun = performance.now();
awakeTimeout(() => {
  process.send?.(performance.now() - begun);
  process.disconnect();
}, 2000);
process.send?.('begun', () => process.kill(process.pid, 'SIGSTOP'));
