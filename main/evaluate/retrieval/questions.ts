/** Questions of a radiologist to the knowledge base: those that it answers, and those that it must not answer. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { IndexModality, type Snippet } from '../../../preload/values.js';
import { answerQuestion } from '../../retrieve/index.js';
import { openKnowledge } from '../knowledge.js';
import { type Mean, meanOf } from './ranked.js';
import type { BenchSet } from './set.js';

const questionsFile = fileURLToPath(new URL('../../../test/bench/questions.jsonl', import.meta.url));

export const BenchQuestion = z.object({
  id: z.string(),
  modality: IndexModality,
  question: z.string(),
  /** Documents that answer it; none: the knowledge base must not answer. */
  documents: z.array(z.string()),
  /** Regular expression of what an answer to the point speaks of. */
  says: z.string().optional(),
  /** Why there is no answer. */
  why: z.enum(['patient', 'outside']).optional(),
});
export type BenchQuestion = z.infer<typeof BenchQuestion>;

export const readQuestions = async (): Promise<BenchQuestion[]> =>
  (await readFile(questionsFile, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => BenchQuestion.parse(JSON.parse(line)));

/** What became of a question. `right`: one of the documents that answer it is cited; `wrong`: others are, or any where there is no answer. */
export type Outcome = 'right' | 'wrong' | 'abstained';

export function outcomeOf(
  { documents }: Pick<BenchQuestion, 'documents'>,
  snippets: readonly Pick<Snippet, 'document'>[],
): Outcome {
  if (snippets.length === 0) return 'abstained';
  return snippets.some(({ document }) => documents.includes(document)) ? 'right' : 'wrong';
}

interface Answered {
  question: BenchQuestion;
  outcome: Outcome;
  /** The first snippet is of a document that answers. */
  first: boolean;
  /** A snippet of such a document speaks of what was asked. */
  toThePoint: boolean;
  snippets: number;
}

/** Asks the authored knowledge base all questions. */
export const askQuestions: BenchSet = async (parts) => {
  const { signal, onProgress, limit, documentsFolder, cacheFolder, out } = parts;
  const index = await openKnowledge(await parts.pack(), { documentsFolder, cacheFolder }, parts);
  try {
    const answers: Answered[] = [];
    const questions = (await readQuestions()).slice(0, limit);
    for (const [done, question] of questions.entries()) {
      signal?.throwIfAborted();
      onProgress?.('Asking', done, questions.length);
      const { snippets } = await answerQuestion(index, question, { signal });
      const expected = snippets.filter(({ document }) => question.documents.includes(document));
      answers.push({
        question,
        outcome: outcomeOf(question, snippets),
        first: snippets[0] !== undefined && snippets[0] === expected[0],
        toThePoint: expected.some(({ text }) => new RegExp(question.says ?? '', 'i').test(text)),
        snippets: snippets.length,
      });
    }
    const rows = answers.map(({ question, ...answer }) => ({ id: question.id, ...answer }));
    await writeFile(join(out, 'answers.jsonl'), `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
    return summary(answers);
  } finally {
    await index.dispose();
  }
};

const share = (answers: readonly Answered[], is: (answer: Answered) => boolean): Mean =>
  meanOf(answers.map((answer) => (is(answer) ? 1 : 0)));

function summary(answers: readonly Answered[]) {
  const answerable = answers.filter(({ question }) => question.documents.length > 0);
  const others = answers.filter(({ question }) => question.documents.length === 0);
  const of = (why: BenchQuestion['why']) => others.filter(({ question }) => question.why === why);
  const figures = {
    answerable: {
      right: share(answerable, ({ outcome }) => outcome === 'right'),
      wrong: share(answerable, ({ outcome }) => outcome === 'wrong'),
      abstained: share(answerable, ({ outcome }) => outcome === 'abstained'),
      firstRight: share(answerable, ({ first }) => first),
      toThePoint: share(answerable, ({ toThePoint }) => toThePoint),
      snippets: meanOf(answerable.map(({ snippets }) => snippets)),
    },
    notAnswerable: {
      abstained: share(others, ({ outcome }) => outcome === 'abstained'),
      abstainedOnPatient: share(of('patient'), ({ outcome }) => outcome === 'abstained'),
      abstainedOnOutside: share(of('outside'), ({ outcome }) => outcome === 'abstained'),
    },
  };
  const lines = Object.entries(figures).flatMap(([kind, rows]) => [
    kind === 'answerable' ? 'Questions that the knowledge base answers' : 'Questions that it must not answer',
    ...Object.entries(rows).map(([name, mean]) => `  ${name.padEnd(20)} ${told(mean)}`),
  ]);
  return { metrics: figures, lines };
}

const told = ({ value, interval, queries }: Mean) =>
  `${value?.toFixed(3) ?? '–'}${interval ? ` (${interval.map((end) => end.toFixed(3)).join('–')})` : ''} of ${queries}`;
