import { fileURLToPath } from 'node:url';

/** A third of each process's start is compiling; Node keeps it here. */
export const compileCache = fileURLToPath(
  new URL('../../node_modules/.cache/meridian/compiled', import.meta.url),
);
