/** Weights of the features (logistic regression) in their order, fitted by `test/bench/burned-in.ts --fit`. */
export const weights = {
  bias: -22.096,
  of: [4.097, 12.477, -5.234, 3.761, 11.076, -1.981, 1.366, 7.74, -0.561, 1.134, 10.531, 0.703],
  threshold: 0.992,
};
