import type postgres from 'postgres';
import { until } from './until.ts';

/** Resolves once some statement of this database waits for a lock. */
export const untilSomebodyWaits = (sql: postgres.Sql): Promise<void> =>
  until('a statement waits for a lock', async () => {
    const [row] = await sql<{ waiting: boolean }[]>`SELECT EXISTS (
      SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting`;
    return row?.waiting ?? false;
  });
