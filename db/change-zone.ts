/** The place whose day a change begins on. */
import { sql } from 'kysely';
import type { Change } from '../domain/change/change.ts';
import type { Query } from './client.ts';

/** Of the region, or of that of the team or the account's team; null where it is about neither, or nobody knows it. */
export async function findZone(query: Query, change: Change): Promise<string | null> {
  const region = 'region' in change ? change.region : null;
  const team = change.kind === 'team_dissolved' ? change.team : null;
  const account = change.kind === 'account_closed' ? change.account : null;
  const { rows } = await sql<{ zone: string }>`
    SELECT g.zone FROM region g
    WHERE g.id = ${region} OR g.id = (
      SELECT region_id FROM team
      WHERE id = ${team} OR id = (SELECT team_id FROM account WHERE id = ${account}))`.execute(
    query,
  );
  return rows[0]?.zone ?? null;
}
