const lookEveryMs = 2000;

/**
 * Calls `end` once when the process that started this one is gone, however it went. Of a child of Node the channel closes, which may have been
 * before anybody listened; where no channel tells, another process has become the parent.
 */
export function onParentGone(end: () => void): void {
  const parent = process.ppid;
  let told = false;
  const tell = () => {
    if (told) return;
    told = true;
    clearInterval(timer);
    end();
  };
  const timer = setInterval(() => {
    if (process.ppid !== parent) tell();
  }, lookEveryMs);
  timer.unref();
  if (process.send === undefined) return;
  process.on('disconnect', tell);
  if (!process.connected) tell();
}
