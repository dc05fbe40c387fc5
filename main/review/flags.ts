import type { Flag, Report, Section, Sentence } from '../../preload/values.js';

/** An unresolved flag of a sentence that stands in the report. */
export interface OpenFlag {
  sentence: string;
  section: Section;
  text: string;
  flag: Flag;
}

/** A sentence that stands in the report, that is, was not rejected. */
export function stands(sentence: Sentence): boolean {
  return sentence.status !== 'rejected';
}

/** A blank to be filled in: a run of underscores, a bracketed placeholder, or nothing after a label's colon. */
const blank = /_{2,}|\[[^\]]*\]|:\s*$/;

/** A template field that nobody has filled in. */
export function isUnfilled(sentence: Sentence): boolean {
  return blank.test(sentence.text) || sentence.flags.some((flag) => flag.code === 'incomplete');
}

/** The flags of a text that a human wrote: never `unsupported`, and `incomplete` exactly while it has a blank. */
export function humanFlags(text: string, found: Flag[]): Flag[] {
  const flags = found.filter((flag) => flag.code !== 'unsupported' && flag.code !== 'incomplete');
  return blank.test(text) ? [...flags, unfilledField] : flags;
}

const unfilledField: Flag = {
  code: 'incomplete',
  message: 'A field is still to be filled in.',
  resolved: false,
};

/** All that stands between the report and a signature: unresolved flags, and unfilled fields, which nothing resolves. */
export function openFlags(report: Report): OpenFlag[] {
  return report.sentences.filter(stands).flatMap((sentence) => {
    const open = sentence.flags.filter((flag) => !flag.resolved && flag.code !== 'incomplete');
    if (isUnfilled(sentence))
      open.push(sentence.flags.find((flag) => flag.code === 'incomplete') ?? unfilledField);
    return open.map((flag) => ({
      sentence: sentence.id,
      section: sentence.section,
      text: sentence.text,
      flag,
    }));
  });
}
