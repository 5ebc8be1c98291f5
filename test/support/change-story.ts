/** An organisation with something for every kind of change, and how one is asked for over HTTP. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { applyChange } from '../../db/apply-change.ts';
import { createApplyChanges } from '../../activities/change/apply-changes.ts';
import type { Database } from '../../db/client.ts';
import type { Change, Move, RegionMerge, TeamDissolution } from '../../domain/change/change.ts';
import type { PersonId, RegionId, TeamId } from '../../domain/id.ts';
import { type ApiWorld, apiWorld } from './api.ts';
import { account, berlin, tokyo } from './handoff-organisation.ts';
import { person } from './people.ts';
import { issuer } from './tokens.ts';

export const admin = person('admin');
export const dealer = { lead: person('dealer-lead'), clerk: person('dealer-clerk') };

export const region = (id: string) => id as RegionId;
const team = (id: string) => id as TeamId;
export const merge: RegionMerge = {
  kind: 'region_merged',
  region: region('world'),
  into: region('europe'),
  offices: 'move',
};
export const dissolve: TeamDissolution = {
  kind: 'team_dissolved',
  team: team('team'),
  into: team('other'),
  people: 'move',
};
export const partnerEnds: TeamDissolution = {
  kind: 'team_dissolved',
  team: team('dealer'),
  into: null,
  people: 'leave',
};
export const lost = (countries: readonly string[]): Change => ({
  kind: 'clearance_lost',
  product: 'stent',
  countries,
});
export const policy = (key: string, value = 240): Change => ({
  kind: 'policy_changed',
  key,
  region: null,
  value,
});
export const acceptance = policy('handoff.acceptanceMinutes');

/** Region `world` with everybody; `europe` beside it; a dealer's team, and teams of our own. */
export async function givenOrganisation(db: Database, at: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`
      INSERT INTO working_week (id, intervals) VALUES ('short', '{"mon": [[540, 720]]}');
      `.execute(tx);
    await sql`
      INSERT INTO region (id, name, locale, zone, manager_id, week_id) VALUES
        ('europe', 'Europe', 'en', 'Europe/Paris', 'berlin-director', 'short'),
        ('iberia', 'Iberia', 'es', 'Europe/Madrid', 'berlin-director', 'office')`.execute(tx);
    await sql`
      INSERT INTO team (id, name, kind, region_id) VALUES
        ('dealer', 'A dealer', 'partner', 'world'), ('other', 'Other', 'own', 'europe'),
        ('staff', 'Staff', 'own', 'world'), ('empty', 'Empty', 'own', 'iberia')`.execute(tx);
    await sql`
      INSERT INTO person (id, name, email, zone, region_id, team_id, manager_id)
      SELECT p.id, 'Name of ' || p.id, p.id || '@example.test', 'Etc/UTC', 'world', p.team, p.manager
      FROM (VALUES ('admin', 'staff', NULL), ('dealer-lead', 'dealer', 'berlin-manager'),
        ('dealer-clerk', 'dealer', 'dealer-lead')) AS p (id, team, manager)`.execute(tx);
    await sql`INSERT INTO calendar_revision (person_id)
      VALUES ('admin'), ('dealer-lead'), ('dealer-clerk')`.execute(tx);
    await sql`INSERT INTO person_role (person_id, role, region_id) VALUES
      ('admin', 'admin', NULL), ('berlin-manager', 'regional-manager', 'world'),
      ('berlin-director', 'compliance', 'world'), ('berlin-director', 'compliance', 'europe'),
      ('tokyo-manager', 'compliance', NULL)`.execute(tx);
    await sql`INSERT INTO holiday (region_id, day, kind, name, source, status) VALUES
      ('world', '2026-12-25', 'off', 'Christmas', 'House rule', 'confirmed'),
      ('europe', '2026-12-25', 'off', 'Christmas', 'House rule', 'confirmed'),
      ('europe', '2026-12-28', 'off', 'Boxing Day', 'House rule', 'confirmed')`.execute(tx);
    await sql`INSERT INTO delegation (id, principal_id, delegate_id, period) VALUES
      ('now', 'dealer-lead', 'berlin-lead', tstzrange(${at}::timestamptz - interval '1 day', ${at}::timestamptz + interval '90 days')),
      ('later', 'berlin-lead', 'dealer-clerk', tstzrange(${at}::timestamptz + interval '60 days', ${at}::timestamptz + interval '90 days')),
      ('others', 'tokyo-lead', 'tokyo-backup', tstzrange(${at}::timestamptz - interval '1 day', ${at}::timestamptz + interval '90 days'))
      `.execute(tx);
    await sql`INSERT INTO webhook_endpoint (id, url, secret, event_types, region_id, owner_id, created_at)
      VALUES (${randomUUID()}, 'https://hooks.example.com', 'whsec_x', '{}', 'world', 'admin',
        ${at}::timestamptz)`.execute(tx);
    await sql`INSERT INTO policy (key, region_id, valid_from, value)
      VALUES ('handoff.acceptanceMinutes', NULL, '2026-01-01', '480')`.execute(tx);
    const [item, content] = [randomUUID(), randomUUID()];
    await sql`INSERT INTO content (id, author_id, kind, body, salt, hash, created_at)
      VALUES (${content}, 'berlin-lead', 'action', '{}', 'x', 'x', ${at}::timestamptz)`.execute(tx);
    await sql`INSERT INTO action_item (id, account_id, content_id, due_at, is_late, created_by, created_at)
      VALUES (${item}, ${account}, ${content}, ${at}::timestamptz, false, 'berlin-lead',
        ${at}::timestamptz)`.execute(tx);
    await sql`INSERT INTO action_item_event (item_id, sequence, type, owner_id, is_open, at)
      VALUES (${item}, 1, 'added', 'dealer-clerk', true, ${at}::timestamptz)`.execute(tx);
    const added = [admin, dealer.lead, dealer.clerk];
    await tx
      .insertInto('identity')
      .values(added.map((id) => ({ issuer, subject: `subject-of-${id}`, person_id: id })))
      .execute();
  });
}

interface Previewed {
  readonly at: string;
  readonly plan: PlanAnswer | null;
  readonly refusals: readonly { readonly code: string; readonly detail: string }[];
}
interface PlanAnswer {
  readonly moves: readonly (Move & { readonly detail: string | null })[];
  readonly hours: readonly string[];
  readonly days: readonly unknown[];
  readonly steps: readonly {
    readonly id: string;
    readonly loop: string;
    readonly person: string;
  }[];
  readonly loops: readonly { readonly id: string; readonly loop: string }[];
  readonly told: readonly { readonly person: string; readonly key: string }[];
}

export type ChangeStory = Awaited<ReturnType<typeof changeStory>>;

export async function changeStory() {
  const world: ApiWorld = await apiWorld();
  const { db, clock } = world;
  await givenOrganisation(db, clock.now());
  const post = (path: string, body: unknown, as: PersonId = admin, key?: string) =>
    world.ask(path, { method: 'POST', as, body, ...(key !== undefined && { key }) });
  return {
    ...world,
    post,
    preview: (change: Change, from: string) => post('/changes/preview', { from, change }),
    schedule: (change: Change, from: string, as?: PersonId) =>
      post('/changes', { from, change }, as),
    async previewed(change: Change, from: string): Promise<Previewed> {
      const { json } = await post('/changes/preview', { from, change });
      return json as Previewed;
    },
    async scheduled(change: Change, from: string): Promise<{ id: string; at: string }> {
      const answer = await post('/changes', { from, change });
      if (answer.status !== 201) throw new Error(answer.text);
      return answer.json as { id: string; at: string };
    },
    /** What the maintenance does. */
    applyDue: createApplyChanges({ db, clock }),
    apply: (id: string) => applyChange(db, { id, at: clock.now() }),
    async statusOf(id: string): Promise<string> {
      const row = await db
        .selectFrom('directory_change')
        .select('status')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return row.status;
    },
  };
}

export { account, berlin, tokyo };
