import { useEffect, useState } from 'react';
import type { Study } from '../../preload/values.js';
import { bridge } from '../bridge.js';
import { useNotices } from './notices.js';

/** The study with this UID, once the engine has answered. */
export function useStudy(uid: string | undefined): Study | undefined {
  const { fail } = useNotices();
  const [study, setStudy] = useState<Study>();
  useEffect(() => {
    if (uid === undefined) return setStudy(undefined);
    let current = true;
    bridge()
      .call('study.get', { study: uid })
      .then(
        (value) => current && setStudy(value),
        (thrown: unknown) => current && fail(thrown),
      );
    return () => {
      current = false;
    };
  }, [uid, fail]);
  return study?.uid === uid ? study : undefined;
}
