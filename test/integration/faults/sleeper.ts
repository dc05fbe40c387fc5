/** Says when a time limit of two seconds is over, for a test that stops this process meanwhile. */
import { awakeTimeout } from '../../../main/isolate/awake-timer.js';

const begun = performance.now();
awakeTimeout(() => {
  process.send?.(performance.now() - begun);
  process.disconnect();
}, 2000);
process.send?.('begun');
