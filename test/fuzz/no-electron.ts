/* Stands for `electron` in the process under test: the code that answers calls is fuzzed without a window. */
export const dialog = {
  showOpenDialog: async () => ({ canceled: true, filePaths: [] as string[] }),
  showSaveDialog: async () => ({ canceled: true }),
};
