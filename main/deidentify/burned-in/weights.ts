/** Weights of the features (logistic regression) in their order, fitted by `test/bench/burned-in.ts --fit`. */
export const weights = {
  bias: -24.262,
  of: [5.354, 12.971, -5.985, 5.047, 8.522, -1.927, 0.344, 8.529, -0.025, 1.604, 11.291, 1.142],
  /** Three of a hundred radiographs, and of slices, where nothing is written may pass. */
  threshold: 0.9,
  sliceThreshold: 0.9991,
};
