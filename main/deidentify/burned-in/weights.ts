/** Weights of the features (logistic regression) in their order, fitted by `test/bench/burned-in.ts --fit`. */
export const weights = {
  bias: -23.424,
  of: [4.78, 12.72, -5.59, 3.994, 8.984, -1.673, 0.404, 8.153, 0.383, 2.078, 11.038, 1.243],
  threshold: 0.999,
};
