/** Bounds on what foreign bytes may ask for. Generous for real studies, small enough that nothing takes the machine down. */
export const limits = {
  /** A header (all before the pixel data) beyond this is not read. */
  headerBytes: 256 * 2 ** 20,
  /** A deflated data set, or one ZIP member, after inflation. */
  inflatedBytes: 1024 * 2 ** 20,
  /** Inflated over deflated: beyond this a stream is a bomb, not an image. */
  inflationRatio: 1100,
  /** Rows or columns. DICOM allows 65535; the limit on the product below is what protects the memory. */
  side: 65535,
  /** One decoded frame. */
  frameBytes: 512 * 2 ** 20,
  frames: 1_000_000,
  /** All frames that `wetread decode` hashes. */
  describedBytes: 4 * 2 ** 30,
  zipMembers: 200_000,
  /** Depth of folders below what was opened. */
  folderDepth: 40,
  files: 500_000,
  imageFileBytes: 256 * 2 ** 20,
  imagePixels: 200_000_000,
} as const;
