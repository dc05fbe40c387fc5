import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Two cores: more workers only make timings worse. The limits end what hangs; no test measures by them how fast a machine is.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'steps',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/integration/**/*.test.ts'],
          pool: 'forks',
          testTimeout: 300_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 60_000, interval: 50 } },
          // Servers that are away on purpose: LanceDB would tell of each at length.
          env: { LANCEDB_LOG: 'error' },
        },
      },
      {
        test: {
          name: 'app',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 60_000, interval: 50 } },
          // The app is timed, so it runs when nothing else does.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
