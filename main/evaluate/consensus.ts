/** Retrieval with a writer that was never trained for it: what most of the nearest cases state, in the words of the nearest. */
import type { Section } from '../../preload/values.js';
import type { SimilarCase } from '../retrieve/index.js';
import type { DraftedSentence } from './drafts.js';
import { contradict, isSame, statementsOf } from './statements.js';

export const NEAREST = 5;
/** So many of the nearest cases must state the same. */
const AGREEING = 3;
const CITATIONS = 3;

/** Sentences of the nearest case first, kept when at least three of the cases state all that they state. Cites the sentences that agree. */
export function consensus(near: readonly SimilarCase[]): DraftedSentence[] {
  const kept: DraftedSentence[] = [];
  const reports = near.map(({ case: { id, findings, impression }, score }) => ({
    ...{ id, score },
    sentences: [...findings, ...impression].map((text, i) => ({
      text,
      place: i,
      statements: statementsOf(text),
    })),
  }));
  for (const section of ['findings', 'impression'] as const satisfies readonly Section[])
    for (const text of near.flatMap(({ case: one }) => one[section])) {
      const statements = statementsOf(text);
      const said = kept.flatMap((sentence) =>
        sentence.section === section ? statementsOf(sentence.text) : [],
      );
      const isNew = statements.some((one) => !said.some((other) => isSame(other, one)));
      if (
        !isNew ||
        contradict(
          statements,
          kept.flatMap((sentence) => statementsOf(sentence.text)),
        )
      )
        continue;
      const agreeing = reports.filter(({ sentences }) =>
        statements.every((one) =>
          sentences.some((sentence) => sentence.statements.some((other) => isSame(other, one))),
        ),
      );
      if (agreeing.length < AGREEING) continue;
      kept.push({
        section,
        text: `${text}.`,
        citations: agreeing.slice(0, CITATIONS).flatMap(({ id, score, sentences }) => {
          const best = sentences.find((one) =>
            statements.some((s) => one.statements.some((o) => isSame(o, s))),
          );
          return best
            ? [{ snippet: `${id}#${best.place}`, document: id, title: `Case ${id}`, text: best.text, score }]
            : [];
        }),
      });
    }
  return kept;
}
