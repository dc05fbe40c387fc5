import { useEffect, useState } from 'react';

/**
 * The study that was chosen, also after the window had to be loaded again. It is kept in the window's address, which stays in memory: what
 * browsers store lies on the disk in plain text.
 */
export function useChosenStudy() {
  const [chosen, setChosen] = useState<string | undefined>(
    () => decodeURIComponent(location.hash.slice(1)) || undefined,
  );
  useEffect(() => {
    if (chosen !== undefined) history.replaceState(null, '', `#${encodeURIComponent(chosen)}`);
  }, [chosen]);
  return [chosen, setChosen] as const;
}
