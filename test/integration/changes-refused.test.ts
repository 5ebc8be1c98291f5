import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { applyChange } from '../../db/apply-change.ts';
import { scheduleChange } from '../../db/changes.ts';
import type { Change } from '../../domain/change/change.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import {
  acceptance,
  account,
  admin,
  berlin,
  type ChangeStory,
  changeStory,
  dealer,
  dissolve,
  lost,
  merge,
  partnerEnds,
  policy,
  region,
  tokyo,
} from '../support/change-story.ts';
import { operator } from '../support/handoff-organisation.ts';
import { applied, importStory, type ImportStory, refused } from '../support/import-story.ts';

let story: ChangeStory;
const freshStory = (): void => {
  beforeAll(async () => {
    story = await changeStory();
  });
  afterAll(() => story.drop());
};

const firstOf = '2026-12-01';

const mergeOf = (from: string, into: string): Change => ({
  ...merge,
  region: region(from),
  into: region(into),
});
const dissolveOf = (changes: object): Change => ({ ...dissolve, ...changes });
const leave = { into: null, people: 'leave' } as const;
const closing = (of: string, into: string | null) => ({
  kind: 'account_closed',
  account: of,
  into,
});

describe('a change is refused', () => {
  freshStory();

  test.each([
    ['of a region that nobody knows', mergeOf('atlantis', 'europe'), 'change.unknown'],
    ['into a region that nobody knows', mergeOf('world', 'atlantis'), 'change.unknown'],
    ['of a region into itself', mergeOf('world', 'world'), 'change.into_itself'],
    ['of a team that nobody knows', dissolveOf({ team: 'nobody' }), 'change.unknown'],
    ['of a team into itself', dissolveOf({ into: 'team' }), 'change.into_itself'],
    ['of a team into none', dissolveOf({ into: null }), 'change.nowhere_to_go'],
    ['of own people to a partner', dissolveOf({ into: 'dealer' }), 'change.own_to_partner'],
    [
      'of a team whose leavers own accounts',
      dissolveOf({ people: 'leave' }),
      'change.owner_leaves',
    ],
    ['of the team of the only admin', dissolveOf({ team: 'staff', ...leave }), 'change.last_admin'],
    ['of a product that nobody sells', { ...lost([]), product: 'wand' }, 'change.unknown'],
    ['in a country that there is not', lost(['XX']), 'change.unknown'],
    ['of an account that nobody knows', closing('nobody', null), 'change.unknown'],
    ['of an account into one that nobody knows', closing(account, 'nobody'), 'change.unknown'],
    ['of an account into itself', closing(account, account), 'change.into_itself'],
    ['of a policy in an unknown region', { ...acceptance, region: 'atlantis' }, 'change.unknown'],
  ])('%s', async (_what, change, code) => {
    const answer = await story.schedule(change as Change, firstOf);
    expect([answer.status >= 400, answer.problem.code]).toEqual([true, code]);
    expect((await story.db.selectFrom('directory_change').selectAll().execute()).length).toBe(0);
  });

  test.each([
    ['for a day that is over', '2026-11-22', 'change.past'],
    ['for a day too far away', '2030-01-01', 'change.too_far'],
    ['for no day', '2026-02-30', 'request.invalid'],
  ])('%s', async (_what, day, code) => {
    expect((await story.schedule(merge, day)).problem.code).toBe(code);
  });

  test('what a merge means for hours and days off is shown before', async () => {
    const { plan } = await story.previewed(merge, firstOf);
    expect(plan?.hours).toContain(berlin.lead);
    expect(plan?.days).toEqual([{ day: '2026-12-28', from: null, to: 'off' }]);
  });

  test('the open handoff of an account follows each change that may move its plan', async () => {
    const handoff = await story.offered();
    for (const change of [merge, dissolve, lost([])]) {
      const { plan } = await story.previewed(change, firstOf);
      expect(plan?.loops).toEqual([{ id: handoff.id, loop: 'handoff', account }]);
    }
  });

  test('is no admin of the whole organisation plans and cancels nothing, and sees none', async () => {
    await sql`INSERT INTO person_role VALUES ('berlin-manager', 'admin', 'world')`.execute(
      story.db,
    );
    const { id } = await story.scheduled(merge, firstOf);
    for (const as of [berlin.manager, tokyo.lead, dealer.lead, operator]) {
      const refused = [
        await story.post('/changes/preview', { from: firstOf, change: acceptance }, as),
        await story.schedule(acceptance, firstOf, as),
        await story.post(`/changes/${id}/cancel`, {}, as),
      ];
      expect(refused.map(({ status }) => status)).toEqual([403, 403, 403]);
      const seen = as === operator ? 200 : 404;
      for (const path of [
        '/changes',
        `/changes/${id}`,
        '/directory/as-of?noun=team&day=2026-11-23',
      ]) {
        expect([path, (await story.ask(path, { as })).status]).toEqual([path, seen]);
      }
    }
  });
});

describe('planned changes know each other: one is refused', () => {
  freshStory();
  afterEach(async () => {
    await sql`UPDATE directory_change SET status = 'cancelled', cancelled_by = 'admin',
      settled_at = at WHERE status = 'scheduled'`.execute(story.db);
  });

  test('that closes a circle, or leads to what is gone by then, or is awaited', async () => {
    await story.scheduled(mergeOf('world', 'europe'), firstOf);
    const codeOf = async (change: Change, day: string) =>
      (await story.schedule(change, day)).problem.code;
    expect(await codeOf(mergeOf('europe', 'world'), '2026-12-02')).toBe('change.circle');
    expect(await codeOf(mergeOf('iberia', 'world'), '2026-12-02')).toBe('change.gone');
    expect(await codeOf(mergeOf('europe', 'iberia'), '2026-11-30')).toBe('change.awaited');
    expect((await story.schedule(mergeOf('europe', 'iberia'), '2026-12-02')).status).toBe(201);
  });

  test('of the same thing as one that is planned, also when both are asked for at once', async () => {
    const twice = await Promise.all([
      story.schedule(merge, firstOf),
      story.schedule(mergeOf('world', 'iberia'), '2026-12-02'),
    ]);
    expect(new Set(twice.map(({ status }) => status))).toEqual(new Set([201, 409]));
    await story.scheduled(lost(['DE', 'FR']), firstOf);
    const same = await story.schedule(lost(['DE']), '2026-12-09');
    expect(same.problem.code).toBe('change.already_scheduled');
  });

  test('of a policy that has a value from that day', async () => {
    await story.scheduled(acceptance, '2026-11-23');
    await story.applyDue();
    expect((await story.schedule(acceptance, '2026-11-23')).problem.code).toBe(
      'change.policy_overlaps',
    );
    await story.scheduled(acceptance, firstOf);
    expect(
      (await story.schedule(policy('handoff.acceptanceMinutes', 9), firstOf)).problem.code,
    ).toBe('change.already_scheduled');
  });
});

describe('a policy', () => {
  freshStory();

  test.each(['/changes/preview', '/changes'])(
    'that nothing reads, or with a value it cannot have, is refused by %s with what is allowed, in the reader’s language',
    async (path) => {
      const ask = (key: string, value: unknown) =>
        story.post(path, { from: firstOf, change: { kind: 'policy_changed', key, value } });
      const unknown = await ask('alert.hours', 3);
      expect([unknown.status, unknown.problem.code]).toEqual([422, 'request.invalid']);
      expect(unknown.json).toMatchObject({
        errors: [{ path: 'body.change.key', detail: expect.stringContaining('alert.minutes') }],
      });
      const none = await ask('alert.minutes', undefined);
      expect(none.json).toMatchObject({ errors: [{ path: 'body.change.value', code: 'missing' }] });
      const { status, json } = await ask('budget.route', {
        layers: [{ steps: [] }, { from: 5, steps: [] }],
      });
      expect(status).toBe(422);
      expect(json).toMatchObject({
        errors: [{ path: 'body.change.value.layers[1].from', code: 'policy_money' }],
      });
      const wrong = await ask('alert.minutes', 241);
      const [one] = (wrong.json as { errors: { detail: string }[] }).errors;
      expect(one?.detail.replaceAll(/[\u2068\u2069]/g, '')).toBe(
        'alert.minutes is a whole number of minutes from 1 to 240',
      );
      expect(await story.db.selectFrom('directory_change').selectAll().execute()).toEqual([]);
    },
  );

  test('planned with what it may not be any more is refused on its day, and whoever planned it is told', async () => {
    const id = randomUUID();
    const { db, clock } = story;
    const change = JSON.stringify({ ...acceptance, value: 'soon' });
    await sql`INSERT INTO directory_change (id, kind, change, from_day, at, status, scheduled_by, scheduled_at)
      VALUES (${id}, 'policy_changed', ${change}::text::jsonb, '2026-11-23', ${clock.now()}::timestamptz,
        'scheduled', 'admin', ${clock.now()}::timestamptz)`.execute(db);
    expect(await story.applyDue()).toEqual({ applied: 0, refused: 1 });
    const { json } = await story.ask(`/changes/${id}`, { as: admin });
    expect(json).toMatchObject({ refusals: [{ code: 'change.policy_invalid' }] });
    const told = await db
      .selectFrom('notice')
      .select('recipient_id')
      .where('key', '=', 'change.refused')
      .execute();
    expect(told).toEqual([{ recipient_id: 'admin' }]);
  });
});

describe('a directory file', () => {
  let files: ImportStory;
  beforeAll(async () => {
    files = await importStory(Date.parse('2026-11-23T09:00Z'));
  });
  afterAll(() => files.drop());

  const makes = async (change: Change, { db, clock } = files): Promise<void> => {
    const id = randomUUID();
    const at = { at: clock.now(), fromDay: '2026-11-23' };
    const by = { by: 'director' as PersonId, now: clock.now() };
    expect(await scheduleChange(db, { id, change, ...at, ...by })).toMatchObject({ ok: true });
    expect(await applyChange(db, { id, at: clock.now() })).toBe('applied');
  };

  test('that brings back what a change has ended is refused, and told what to write', async () => {
    applied(await files.importFile());
    await makes({ ...merge, region: region('germany'), into: region('japan') });
    await makes(partnerEnds);
    await makes({ kind: 'clearance_lost', product: 'imaging', countries: [] });
    await makes(policy('handoff.acceptanceMinutes', 300));
    const findings = refused(
      await files.importFile((file) => {
        const { key } = file.policies[0]!;
        file.policies.push({ key, validFrom: '2026-11-23', value: 9 });
      }),
    );
    expect(findings.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'regions[0] region_merged',
      'teams[1] team_gone',
      'accounts[0].products[0] clearance_lost',
      'accounts[1].products[0] clearance_lost',
      'policies[2].value policy_of_change',
    ]);
  });

  test('that leaves out an account which closed is taken, and one that lists it is told what it is part of', async () => {
    const own = await importStory(Date.parse('2026-11-23T09:00Z'));
    applied(await own.importFile());
    const into = 'sakura-center' as AccountId;
    await makes({ kind: 'account_closed', account: 'st-hedwig-clinics' as AccountId, into }, own);
    const listed = refused(await own.importFile());
    expect(listed.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'accounts[0] account_merged',
    ]);
    applied(await own.importFile((file) => file.accounts.shift()));
    await own.drop();
  });
});
