import { defineConfig } from 'vitest/config';

/** Served tests wait more than they work: two at once even on two cores. */
const filesAtOnceMax = 2;

/** Layers that need a server share it (test/support/stack.ts); the others run without any. */
const pure = ['unit', 'property', 'architecture', 'contract', 'replay'];
const served = ['integration', 'workflow', 'e2e'];
/** What has no small size worth its time: `npm run proof` alone runs it. */
const atFullSize = process.env['MERIDIAN_PROOF'] === '1' ? ['proof'] : [];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: filesAtOnceMax,
    projects: [
      ...pure.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          testTimeout: 60_000,
          // Nothing in these files changes what another would see, and loading takes as long as testing.
          isolate: false,
        },
      })),
      ...[...served, ...atFullSize].map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          globalSetup: ['test/support/stack.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      })),
    ],
  },
});
