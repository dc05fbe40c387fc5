import { type Problem, TEXT_IN_PICTURE } from '../../preload/values.js';
import { ProblemList } from '../chrome/problem-list.js';

/** What could not be used, and apart from it the pictures that are used but should be looked at. */
export function ImportProblems({ problems, told }: { problems: Problem[]; told: string }) {
  const isNote = ({ code }: Problem) => code === TEXT_IN_PICTURE;
  return (
    <>
      <ProblemList problems={problems.filter((one) => !isNote(one))} told={told} />
      <ProblemList problems={problems.filter(isNote)} told="likely with text burned in" one="picture" />
    </>
  );
}
