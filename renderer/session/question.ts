import { useCallback, useRef, useState } from 'react';
import type { Answer } from '../../preload/values.js';
import { bridge, toCallError } from '../bridge.js';

export interface Question {
  text: string;
  answer: Answer | undefined;
  asking: boolean;
  refusal: string | undefined;
  write(text: string): void;
  ask(): Promise<void>;
}

interface Held {
  text: string;
  answer?: Answer;
  asking?: boolean;
  refusal?: string;
}

/** The question on a study and its answer; each study has its own, as long as the window lives. */
export function useQuestion(study: string): Question {
  const [all, setAll] = useState<Record<string, Held>>({});
  const turn = useRef(0);
  const held: Held = all[study] ?? { text: '' };
  const put = useCallback(
    (part: Partial<Held>) =>
      setAll((old) => ({ ...old, [study]: { ...(old[study] ?? { text: '' }), ...part } })),
    [study],
  );
  const { text } = held;
  const ask = useCallback(async () => {
    const question = text.trim();
    if (question === '') return;
    const mine = ++turn.current;
    put({ asking: true, refusal: undefined });
    try {
      const answer = await bridge().call('ask', { study, question });
      if (mine === turn.current) put({ answer });
    } catch (thrown) {
      if (mine === turn.current) put({ refusal: toCallError(thrown).message, answer: undefined });
    } finally {
      put({ asking: false });
    }
  }, [study, text, put]);
  return {
    text,
    answer: held.answer,
    asking: held.asking ?? false,
    refusal: held.refusal,
    write: (next) => put({ text: next }),
    ask,
  };
}
