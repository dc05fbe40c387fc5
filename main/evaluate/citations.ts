/** Whether what a sentence cites supports it, by a rule of its own and not by that of the code that cites. */
import type { DraftedSentence } from './drafts.js';
import { cosine, type Embedded } from './similarity.js';
import { contradict, isSame, statementsOf } from './statements.js';

/** From here on a text supports a sentence that states no finding. */
export const SAME_MEANING = 0.6;

export interface CitationCounts {
  sentences: number;
  /** Sentences with at least one citation. */
  cited: number;
  citations: number;
  /** Citations whose text supports the sentence. */
  supporting: number;
  /** Citations whose text, read under its title, supports the sentence. */
  supportingWithTitle: number;
}

/**
 * A text supports a sentence when it states at least one of the sentence's statements (finding and state equal, side not opposite) and
 * the opposite of none; a sentence without statements, when their meanings are near (cosine ≥ 0.6).
 */
export function supports(cited: string, sentence: string, embedded: Embedded): boolean {
  const wanted = statementsOf(sentence);
  const said = statementsOf(cited);
  if (wanted.length === 0) return cosine(embedded(cited), embedded(sentence)) >= SAME_MEANING;
  return said.some((one) => wanted.some((other) => isSame(one, other))) && !contradict(said, wanted);
}

export function citationCounts(sentences: readonly DraftedSentence[], embedded: Embedded): CitationCounts {
  const pairs = sentences.flatMap(({ text, citations }) =>
    citations.map((citation) => ({
      plain: supports(citation.text, text, embedded),
      titled: supports(titled(citation), text, embedded),
    })),
  );
  return {
    sentences: sentences.length,
    cited: sentences.filter(({ citations }) => citations.length > 0).length,
    citations: pairs.length,
    supporting: pairs.filter(({ plain }) => plain).length,
    supportingWithTitle: pairs.filter(({ plain, titled: whole }) => plain || whole).length,
  };
}

/** A cited text as it is shown, under its title. */
export const titled = ({ title, text }: { title: string; text: string }) => `${title}. ${text}`;
