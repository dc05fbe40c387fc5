/** Bounds on what an import may ask for. Generous for reports, articles and books; each is told when it is met. */
export const limits = {
  /** A text or Markdown file. */
  textFileBytes: 16 * 2 ** 20,
  /** A PDF or DOCX file. */
  documentFileBytes: 128 * 2 ** 20,
  /** A JSON file that has to be read as a whole; JSON Lines have no limit. */
  jsonFileBytes: 128 * 2 ** 20,
  /** One record of a table. */
  recordChars: 2 ** 20,
  pdfPages: 2000,
  /** All text of a PDF or DOCX file. */
  documentChars: 16 * 2 ** 20,
  /** Images of one document; of more, some of each series are taken. */
  images: 16,
  /** Of one series: its ends show little, and neighbours much the same. */
  imagesOfSeries: 6,
  snippets: 2000,
  titleChars: 160,
  folderDepth: 40,
  files: 500_000,
  /** Short files that a reader reads in one go, and characters of them. */
  filesAtOnce: 64,
  charsAtOnce: 2 ** 21,
  /** A PDF or DOCX file that takes longer is given up. */
  documentMs: 120_000,
} as const;
