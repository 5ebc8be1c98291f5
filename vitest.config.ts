import { defineConfig } from 'vitest/config';

/** Layers that need a server share it (test/support/stack.ts); the others run without any. */
const pure = ['unit', 'property', 'architecture', 'contract', 'replay'];
const served = ['integration', 'workflow', 'e2e'];

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      ...pure.map((name) => ({
        extends: true as const,
        test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout: 60_000 },
      })),
      ...served.map((name) => ({
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
