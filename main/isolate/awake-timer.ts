/** How often it is looked; of a pause of more than two looks, this process was asleep for the rest. */
const stepMs = 250;

/**
 * Calls `work` once after `ms` milliseconds in which this process ran; returns what cancels it. While the computer sleeps, or all of the
 * app is stopped, those that it waits for are stopped too and must not be found late when they wake together.
 */
export function awakeTimeout(work: () => void, ms: number): () => void {
  let [left, at] = [ms, performance.now()];
  let timer: NodeJS.Timeout;
  const wait = () => {
    timer = setTimeout(look, Math.min(stepMs, left));
  };
  const look = () => {
    const now = performance.now();
    left -= Math.min(now - at, 2 * stepMs);
    at = now;
    if (left > 0) wait();
    else work();
  };
  wait();
  return () => clearTimeout(timer);
}
