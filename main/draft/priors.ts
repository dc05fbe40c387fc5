/**
 * Words that compare with an earlier examination. Where there is none they are invented. History that shows on the image
 * itself ("prior sternotomy", "old fracture") is no comparison.
 */
const COMPARISON =
  /\b(?:un-?changed|compar(?:ed|ing|ison|able)\b|interval(?:ly)?|previous(?:ly)?|priors?|stable|stability|again(?: (?:seen|noted|demonstrated|identified|visualized))?|re-?demonstrat\w+|no longer|since|new(?:ly)?|worse(?:n\w*)?|improv(?:ed|ing|ement)|persist(?:s|ent|ently|ing)|remains?|resol(?:ved|ving|ution)|progress(?:ed|ion|ive|ing)|(?:in|de)creas(?:ed|ing) (?:from|since|in size|compared)|(?:no|without) (?:\w+ )?changes? (?:from|since|in|is|are|was)|last (?:exam\w*|study|film|radiograph))\b/i;
const HISTORY =
  /\b(?:prior|previous) (?:\w+ )?(?:granulomatous|sternotomy|cabg|surger\w+|surgical|infection|infectious|inflammatory|trauma|injur\w+|fractures?|cholecystectomy|resection|thoracotomy|mastectomy|fusion|bypass|valve|tuberculosis|lobectomy|pneumonectomy|procedure)\b/gi;

/** The words by which a text compares with an earlier examination, undefined where it does not. */
export function comparison(text: string): string | undefined {
  return COMPARISON.exec(text.replace(HISTORY, ' '))?.[0].toLowerCase();
}
