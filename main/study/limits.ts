/** Bounds on what foreign bytes may ask for. Generous for real studies, small enough that nothing takes the machine down. */
export const limits = {
  /** Sequences inside each other. */
  nesting: 64,
  /** Elements of one data set, different tags. */
  elements: 1_000_000,
  /** Items of the sequences of one object. */
  items: 2_000_000,
  /** Pieces of compressed pixel data. */
  fragments: 2_000_000,
  /** The value of one element, pixel data apart, that is looked at. */
  valueBytes: 256 * 2 ** 20,
  /** A deflated data set, or one deflated ZIP member, after inflation. */
  inflatedBytes: 512 * 2 ** 20,
  /** What is no larger than this when inflated is no bomb, however well it was deflated. */
  inflatedFreely: 64 * 2 ** 20,
  /** Inflated over deflated, beyond that: images reach some dozens, deflate ends at 1032. */
  inflationRatio: 250,
  /** Rows or columns. DICOM allows 65535; the limit on the product below is what protects the memory. */
  side: 65535,
  /** One decoded frame. */
  frameBytes: 512 * 2 ** 20,
  /** Blocks that an image of JPEG 2000 is coded in, for each of which a decoder reserves some 300 bytes; writers make one of 1,024 or more pixels. */
  codeBlocks: 1_000_000,
  frames: 1_000_000,
  /** All frames that `wetread decode` hashes. */
  describedBytes: 4 * 2 ** 30,
  zipMembers: 200_000,
  /** Depth of folders below what was opened. */
  folderDepth: 40,
  files: 500_000,
  /** Files of one identity with different contents that are looked at, and how long all of them may take to decode. */
  twins: 16,
  twinsMs: 10_000,
  imageFileBytes: 256 * 2 ** 20,
  imagePixels: 200_000_000,
} as const;
