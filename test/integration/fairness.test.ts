import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertAsked } from '../../db/fairness.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import { type ApiWorld, apiWorld } from '../support/api.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { person } from '../support/people.ts';

const director = person('berlin-director'); // manages the region
const partner = person('partner-0');
const dayMs = 86_400_000;

let world: ApiWorld;

/** Nine people in `team`; two teams of four, of which nothing may be told, and one of six. */
const teams = { partners: 4, north: 4, south: 6 } as const;

beforeAll(async () => {
  world = await apiWorld();
  const { db } = world;
  for (const [team, size] of Object.entries(teams)) {
    const kind = team === 'partners' ? 'partner' : 'own';
    await db
      .insertInto('team')
      .values({ id: team, name: team, kind, region_id: 'world' })
      .execute();
    for (let i = 0; i < size; i++) await givenMember(team, i);
  }
  await db
    .insertInto('region')
    .values({
      id: 'small',
      name: 'Small',
      locale: 'en',
      zone: 'Etc/UTC',
      manager_id: director,
      week_id: 'office',
    })
    .execute();
  await db
    .updateTable('person')
    .set({ region_id: 'small' })
    .where('team_id', '=', 'north')
    .execute();
});
afterAll(() => world.drop());

async function givenMember(team: string, index: number): Promise<void> {
  const id = `${team === 'partners' ? 'partner' : team}-${index}`;
  const { db } = world;
  await db
    .insertInto('person')
    .values({
      id,
      name: `Name of ${id}`,
      email: `${id}@example.test`,
      zone: 'Etc/UTC',
      region_id: 'world',
      team_id: team,
    })
    .execute();
  await db.insertInto('calendar_revision').values({ person_id: id }).execute();
  const { issuer } = await db.selectFrom('identity').select('issuer').executeTakeFirstOrThrow();
  await db
    .insertInto('identity')
    .values({ issuer, subject: `subject-of-${id}`, person_id: id })
    .execute();
}

async function given(asked: Readonly<Record<PersonId, number>>): Promise<void> {
  const { db, clock } = world;
  await db.deleteFrom('asked_outside').execute();
  const loop = randomUUID() as LoopId;
  await db.insertInto('loop_instance').values({ id: loop, loop: 'handoff' }).execute();
  const rows = Object.entries(asked).map(([id, minutes]) => ({
    person: id as PersonId,
    loop,
    sequence: 0,
    kind: 'handoff.read_back',
    at: clock.now() - dayMs,
    until: clock.now() - dayMs + 1,
    outsideMinutes: minutes,
    restMinutes: 2 * minutes,
    points: 5 * minutes,
  }));
  await insertAsked(db, rows);
}

interface Shown {
  readonly isShown: boolean;
  readonly minutes: { readonly value: number | null; readonly sentence: string };
  readonly largestShare: { readonly value: number | null };
  readonly people: readonly { readonly person: string; readonly sentence: string }[] | null;
}

async function fairness(path: string, as: PersonId = director): Promise<Shown> {
  const answer = await world.ask(path, { as });
  expect(answer.status).toBe(200);
  return answer.json as Shown;
}

test('a region shows how evenly it is spread, each number with its sentence', async () => {
  await given({ [berlin.lead]: 30, [tokyo.lead]: 90 });
  expect(await fairness('/regions/world/fairness', tokyo.lead)).toEqual({
    region: 'world',
    team: null,
    since: '2026-08-25T09:00:00.000Z',
    isShown: true,
    minutes: {
      value: 120,
      sentence: '\u20682026年8月25日火曜日\u2069以降に勤務時間外に求められた分数の合計: 120。',
    },
    restMinutes: { value: 240, sentence: expect.stringContaining('240') as string },
    lowerQuartile: { value: 0, sentence: expect.stringContaining('0') as string },
    median: { value: 0, sentence: expect.stringContaining('0') as string },
    upperQuartile: { value: 0, sentence: expect.stringContaining('0') as string },
    largestShare: { value: 0.75, sentence: expect.stringContaining('75 %') as string },
    people: null,
  });
});

test('where nobody was asked, that is said in place of a share', async () => {
  await given({});
  const { minutes, largestShare } = await fairness('/regions/world/fairness');
  expect([minutes.value, largestShare]).toEqual([
    0,
    { value: null, sentence: expect.stringMatching(/^Nobody was asked/) as string },
  ]);
});

describe('person by person it is shown', () => {
  test('to the manager of the region, whoever bears most first', async () => {
    await given({ [berlin.lead]: 30, [tokyo.lead]: 90 });
    const { people } = await fairness('/regions/world/fairness');
    expect(people?.length).toBe(9 + teams.partners + teams.south);
    expect(people?.[0]).toEqual({
      person: tokyo.lead,
      name: 'Name of tokyo-lead',
      minutes: 90,
      restMinutes: 180,
      points: 450,
      sentence:
        '\u2068Name of tokyo-lead\u2069: minutes outside working time 90, minutes missing from rest 180.',
    });
  });

  test('to no colleague, and not to those who only stand over some of them', async () => {
    for (const as of [tokyo.lead, berlin.manager, tokyo.manager, person('operator')]) {
      expect((await fairness('/regions/world/fairness', as)).people).toBeNull();
    }
  });

  test('to nobody where the group is small', async () => {
    const { isShown, minutes, people } = await fairness('/regions/small/fairness');
    expect([isShown, minutes.value, people]).toEqual([false, null, null]);
    expect(minutes.sentence).toMatch(/^Not shown/);
  });
});

describe('somebody who takes what is shown from each other', () => {
  const shownOf = async (team: string) =>
    (await fairness(`/regions/world/fairness?team=${team}`)).minutes.value;

  test('learns nothing about fewer than five', async () => {
    await given({ [partner]: 60, [berlin.lead]: 30, [person('south-0')]: 7 });
    const region = (await fairness('/regions/world/fairness')).minutes.value;
    expect(region).toBe(97);
    // Four partners are too few, so the six of the next team hide them.
    expect(await shownOf('partners')).toBeNull();
    expect(await shownOf('south')).toBeNull();
    expect(await shownOf('team')).toBe(30);
  });

  test('sees both when nobody is few', async () => {
    await givenMember('partners', 4);
    expect([await shownOf('partners'), await shownOf('south')]).toEqual([60, 7]);
  });
});

test('bad questions are refused, and what is not there is not found', async () => {
  const status = async (path: string, as = director) => (await world.ask(path, { as })).status;
  expect(await status('/regions/nowhere/fairness')).toBe(404);
  expect(await status('/regions/world/fairness?team=nobody')).toBe(404);
  expect(await status('/regions/world/fairness?team=north')).toBe(404); // of another region
  expect(await status('/regions/world/fairness?team=N%C3%B6')).toBe(422);
  expect(await status('/regions/world/fairness', partner)).toBe(404);
});

test('one’s own is told in full to oneself, with what asked it', async () => {
  await given({ [tokyo.lead]: 15 });
  const own = await world.ask('/me/fairness', { as: tokyo.lead });
  expect(own.json).toMatchObject({
    minutes: { value: 15 },
    restMinutes: { value: 30 },
    points: { value: 75, sentence: '次の会議の時間を選ぶときに考慮されるあなたの点数: 75。' },
    asked: [
      { kind: 'handoff.read_back', loop: 'handoff', minutes: 15, restMinutes: 30, points: 75 },
    ],
  });
  const less = { person: tokyo.lead, sequence: 0, kind: 'rotation.hold.corrected', until: null };
  const [loop] = await world.db.selectFrom('asked_outside').select('loop_id as id').execute();
  const more = { outsideMinutes: -5, restMinutes: 0, points: -20 };
  const at = world.clock.now() - dayMs;
  await insertAsked(world.db, [{ ...less, ...more, at, loop: loop?.id as LoopId }]);
  const later = await world.ask('/me/fairness', { as: tokyo.lead });
  expect(later.json).toMatchObject({ minutes: { value: 10 }, points: { value: 55 } });
  const { asked } = later.json as { asked: readonly { kind: string; sentence: string }[] };
  const corrected = asked.find(({ kind }) => kind === less.kind);
  expect(corrected?.sentence).toContain('実績による訂正');
  const other = await world.ask('/me/fairness', { as: partner });
  expect(other.json).toMatchObject({ minutes: { value: 0 }, asked: [] });
});

describe('the next meeting', () => {
  const newYork = person('new-york-lead');
  const between = { from: '2026-12-01T00:00:00Z', until: '2026-12-02T23:00:00Z', minutes: 60 };
  const slot = async (as: PersonId) => {
    const body = { people: [tokyo.lead, newYork], ...between };
    const answer = await world.ask('/slots', { method: 'POST', as, body });
    type Cost = { person: string; points: number; reasons: { code: string }[] };
    return answer.json as { people: readonly Cost[]; worst: number; sum: number };
  };
  const spared = async () =>
    (await slot(berlin.lead)).people.find(({ points }) => points === 0)?.person;

  test('falls to whoever was asked least so far', async () => {
    await given({ [tokyo.lead]: 600 });
    expect(await spared()).toBe(tokyo.lead);
    await given({ [newYork]: 600 });
    expect(await spared()).toBe(newYork);
  });

  test('tells each what they have borne themselves, and nobody what others have', async () => {
    await given({ [tokyo.lead]: 600, [newYork]: 500 });
    const told = async (as: PersonId) =>
      (await slot(as)).people
        .filter(({ reasons }) => reasons.some(({ code }) => code === 'soFar'))
        .map((one) => one.person);
    expect([await told(berlin.lead), await told(tokyo.lead)]).toEqual([[], []]);
    expect(await told(newYork)).toEqual([newYork]);
    const { worst, sum, people } = await slot(berlin.lead);
    expect([worst, sum]).toEqual([
      Math.max(...people.map(({ points }) => points)),
      people.reduce((all, { points }) => all + points, 0),
    ]);
    expect(worst).toBeLessThan(2_000);
  });
});
