/**
 * What glibc's malloc must be told at the start of a process that imports. It keeps an arena for each of LanceDB's threads and raises, up to
 * 32 MB, the size from which memory goes back as soon as it is freed, so that most of the process would be freed memory that it holds on to.
 * Electron brings an allocator of its own, which heeds none of this and gives back by itself.
 */
export const memoryGivenBack = {
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
} as const;
