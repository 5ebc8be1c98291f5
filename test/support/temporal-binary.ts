import { fileURLToPath } from 'node:url';

/** Where `bin/setup.mjs` leaves the Temporal CLI. */
export const temporalBinary = (): string =>
  process.env['TEMPORAL_CLI_PATH'] ??
  fileURLToPath(new URL('../../.tools/temporal', import.meta.url));
