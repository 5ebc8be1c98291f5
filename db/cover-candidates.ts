/** Who could cover an account in a window: people, their hours in it, and what was asked of them lately. */
import { sql } from 'kysely';
import type { Actor } from '../domain/authority.ts';
import { canCover } from '../domain/cover/away.ts';
import { type Candidate, type Colleague, rankCandidates } from '../domain/cover/candidates.ts';
import type { Window } from '../domain/cover/state.ts';
import type { AccountId, PersonId } from '../domain/id.ts';
import type { Role } from '../domain/people/role.ts';
import { minutesOf, sharedMinutes } from '../domain/time/shared-minutes.ts';
import { openCalendar } from '../domain/time/working-time.ts';
import { daysAway } from './absences.ts';
import { loadCalendars } from './calendars.ts';
import type { Query } from './client.ts';
import { maySeePerson } from './visibility.ts';

/** Looked at more closely, the nearest first: backup, team, region. */
const poolMax = 60;
const askedOutsideDays = 90;

interface PoolRow extends Omit<Colleague, 'workedMinutes' | 'sharedMinutes' | 'ownerMinutes'> {}

/** Who looks after something else than accounts. */
const offices: readonly Role[] = [
  'admin',
  'operator',
  'compliance',
  'clinical-reviewer',
  'learning-lead',
];
const holdsOfficesAlone = sql`coalesce((SELECT bool_and(role = ANY (${offices}::text[]))
  FROM person_role WHERE person_id = p.id), false)`;

interface TeamsAsked {
  readonly account: AccountId;
  readonly teams: readonly string[];
}

/** Of teams in their order, whoever the actor sees, is there, looks after accounts and is trained for these products. */
export async function teamMembers(
  query: Query,
  actor: Actor,
  { account, teams }: TeamsAsked,
): Promise<readonly { readonly id: PersonId; readonly team: string }[]> {
  if (teams.length === 0) return [];
  const { rows } = await sql<{ id: PersonId; team: string }>`
    SELECT p.id, p.team_id AS team FROM person p JOIN account a ON a.id = ${account}
    WHERE p.team_id = ANY (${teams}::text[]) AND p.left_at IS NULL AND NOT ${holdsOfficesAlone}
      AND (cardinality(p.products) = 0 OR p.products @> a.products)
      AND ${maySeePerson(actor, sql.ref('p.id'))}
    ORDER BY array_position(${teams}::text[], p.team_id), p.name, p.id`.execute(query);
  return rows;
}

/**
 * Partners are asked for accounts of their own team only; whoever has left, and the owner, never; whoever only
 * holds offices, such as compliance, for accounts of their own team or as the backup alone. The
 * language is that of the region the account's team is in, or the owner's own.
 */
async function poolOf(
  query: Query,
  { account, owner, from }: CoverAsked,
  only: PersonId | null = null,
): Promise<readonly PoolRow[]> {
  const { rows } = await sql<PoolRow>`
    SELECT p.id, coalesce(p.id = o.backup_id, false) AS "isBackup", p.team_id = o.team_id AS "isSameTeam",
      p.region_id = o.region_id AS "isSameRegion",
      (cardinality(p.products) = 0 OR p.products @> a.products) AS "isCleared",
      (coalesce(p.locale, r.locale) IN (g.locale, coalesce(o.locale, g.locale))
        OR p.languages && ARRAY[g.locale, coalesce(o.locale, g.locale)]) AS speaks,
      (SELECT coalesce(sum(x.outside_minutes), 0)::float8 FROM asked_outside x WHERE x.person_id = p.id
        AND x.at >= ${from}::timestamptz - make_interval(days => ${askedOutsideDays})) AS "askedOutsideMinutes"
    FROM account a
    JOIN team t ON t.id = a.team_id
    JOIN region g ON g.id = t.region_id
    JOIN person o ON o.id = ${owner}
    JOIN person p ON p.left_at IS NULL AND p.id <> o.id
    JOIN region r ON r.id = p.region_id
    JOIN team pt ON pt.id = p.team_id
    WHERE a.id = ${account} AND (${only}::text IS NULL OR p.id = ${only}) AND (pt.kind = 'own' OR p.team_id = a.team_id)
      AND (p.id = o.backup_id OR p.team_id = a.team_id OR NOT ${holdsOfficesAlone})
    ORDER BY p.id = o.backup_id DESC NULLS LAST, p.team_id = o.team_id DESC,
      p.region_id = o.region_id DESC, p.id
    LIMIT ${poolMax}`.execute(query);
  return rows;
}

export interface CoverAsked extends Window {
  readonly account: AccountId;
  readonly owner: PersonId;
}

/** The best first; nobody where nobody works in that window. */
export async function coverCandidates(
  query: Query,
  asked: CoverAsked,
): Promise<readonly Candidate[]> {
  const { owner, from, until } = asked;
  const pool = await poolOf(query, asked);
  const ids = pool.map(({ id }) => id);
  const calendars = await loadCalendars(query, [owner, ...ids]);
  const window = { from, until };
  const away = await daysAway(query, ids, window);
  const stretchesOf = (id: PersonId, isThere: boolean): Float64Array => {
    const calendar = calendars.get(id);
    if (!calendar) return new Float64Array();
    // What the owner would have worked: the absence is the reason why somebody is looked for.
    const usual = isThere ? calendar : { ...calendar, absences: [], hoursOff: [] };
    const found = openCalendar(usual).stretches(window);
    return 'reason' in found ? new Float64Array() : found;
  };
  const owners = stretchesOf(owner, false);
  const there = pool.filter(({ id }) => canCover(away, id, window));
  const colleagues = there.map((one) => {
    const own = stretchesOf(one.id, true);
    return {
      ...one,
      workedMinutes: minutesOf(own),
      sharedMinutes: sharedMinutes(own, owners),
      ownerMinutes: minutesOf(owners),
    };
  });
  return rankCandidates(colleagues);
}

/** Why somebody who was asked may not take it by now: another team, an office alone, or other products. */
export async function unfitFor(
  query: Query,
  asked: CoverAsked,
  person: PersonId,
): Promise<'cover.not_asked' | 'cover.not_cleared' | null> {
  const [found] = await poolOf(query, asked, person);
  if (!found) return 'cover.not_asked';
  return found.isCleared ? null : 'cover.not_cleared';
}
