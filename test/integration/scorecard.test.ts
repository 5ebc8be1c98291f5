import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountId, ContentId, PersonId } from '../../domain/id.ts';
import { type ApiWorld, apiWorld, offer } from '../support/api.ts';
import { account, berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { person } from '../support/people.ts';
import { proofSeed, randomFrom } from '../support/proof.ts';
import { readBack } from '../support/read-back.ts';

const director = person('berlin-director');
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const isolated = (text: string) => `\u2068${text}\u2069`;

let world: ApiWorld;
let packet: ContentId;

/** Members of teams that are counted apart: the region has nine people in a team of our own. */
const others = ['partner-0', 'partner-1', 'partner-2', 'partner-3', 'partner-4'].map(person);

beforeAll(async () => {
  world = await apiWorld();
  const { db } = world;
  await db
    .insertInto('team')
    .values({ id: 'partners', name: 'Partners', kind: 'partner', region_id: 'world' })
    .execute();
  await db
    .insertInto('person')
    .values(
      others.map((id) => ({
        id,
        name: `Name of ${id}`,
        email: `${id}@example.test`,
        zone: 'Etc/UTC',
        region_id: 'world',
        team_id: 'partners',
      })),
    )
    .execute();
  const { issuer } = await db.selectFrom('identity').select('issuer').executeTakeFirstOrThrow();
  await db
    .insertInto('identity')
    .values(others.map((id) => ({ issuer, subject: `subject-of-${id}`, person_id: id })))
    .execute();
  packet = await world.write('handoff.packet', berlin.lead);
});
afterAll(() => world.drop());

interface Past {
  readonly receiver: PersonId;
  readonly offeredAt: number;
  readonly status: string;
  /** Null where nobody read back. */
  readonly by: PersonId | null;
  readonly minutes: number | null;
  readonly isFirstTime: boolean | null;
}

/** Handoffs that are over, of an account of their own. */
async function given(past: readonly Past[]): Promise<AccountId> {
  const { db } = world;
  const id = `account-${randomUUID()}` as AccountId;
  await givenAccount(db, { id, owner: berlin.lead, since: Date.parse('2020-01-01') });
  for (const one of past) {
    const loop = randomUUID();
    const closed = { closed_at: one.offeredAt + dayMs };
    await db
      .insertInto('loop_instance')
      .values({ id: loop, loop: 'handoff', account_id: id, ...closed })
      .execute();
    const parties = [...new Set([berlin.lead, one.receiver, one.by ?? one.receiver])];
    await db
      .insertInto('loop_party')
      .values(parties.map((party) => ({ loop_id: loop, person_id: party })))
      .execute();
    await db
      .insertInto('handoff')
      .values({
        id: loop,
        account_id: id,
        giver_id: berlin.lead,
        receiver_id: one.receiver,
        status: one.status,
        severity: 'routine',
        packet_id: packet,
        offered_at: one.offeredAt,
        first_time: one.isFirstTime,
        accepted_by: one.by,
        accept_minutes: one.minutes,
        ...closed,
      })
      .execute();
  }
  return id;
}

async function forget(): Promise<void> {
  await world.db.deleteFrom('handoff').execute();
}

const acceptedIn = (receiver: PersonId, at: string, minutes: number): Past => ({
  receiver,
  offeredAt: Date.parse(at),
  status: 'transferred',
  by: receiver,
  minutes,
  isFirstTime: true,
});

interface Figure {
  readonly value: number | null;
  readonly sentence: string;
}
type Name = 'handoffs' | 'bounced' | 'acceptMinutes' | 'firstTime' | 'overdue';
type Card = Readonly<Record<Name, Figure>> & {
  readonly name: string;
  readonly period: string;
  readonly isShown: boolean;
  readonly sentences: readonly string[];
  readonly expected: Figure & Readonly<Record<'low' | 'high' | 'handoffs', number | null>>;
};

async function card(path: string, as: PersonId = director): Promise<Card> {
  const answer = await world.ask(path, { as });
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.json as Card;
}
const values = ({ handoffs, bounced, acceptMinutes, firstTime }: Card) =>
  [handoffs, bounced, acceptMinutes, firstTime].map(({ value }) => value);

/** Sorted by hand, and in proportion between the two around. */
function quantile(minutes: readonly number[], share: number): number | null {
  const rest = [...minutes];
  const sorted: number[] = [];
  while (rest.length > 0) sorted.push(...rest.splice(rest.indexOf(Math.min(...rest)), 1));
  if (sorted.length === 0) return null;
  const place = share * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (place - Math.floor(place)) * (high - low);
}

/** Anything that can have become of two hundred handoffs over a year and a half. */
function anyPast(): readonly Past[] {
  const random = randomFrom(proofSeed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const own = [berlin.manager, tokyo.lead, tokyo.backup, tokyo.manager, person('london-lead')];
  return Array.from({ length: 200 }, () => {
    const status = one(['transferred', 'transferred', 'bounced', 'withdrawn']);
    const isReadBack = status === 'transferred' || random() < 0.3;
    return {
      receiver: one([...own, director, ...others]),
      offeredAt: Date.parse('2025-07-15') + Math.floor(random() * 500) * dayMs,
      status,
      by: isReadBack ? one([...own, director, ...others]) : null,
      minutes: isReadBack ? Math.floor(random() * 2_000) / 4 : null,
      isFirstTime: status === 'transferred' ? random() < 0.7 : null,
    };
  });
}

const within = ({ offeredAt }: Past, from: string, until: string): boolean =>
  offeredAt >= Date.parse(from) && offeredAt < Date.parse(until);

describe('a card counts what a walk over all handoffs counts', () => {
  const past = anyPast();
  const isPartner = (id: PersonId | null) => id !== null && others.includes(id);
  beforeAll(async () => {
    await forget();
    await given(past);
  });

  test.for([
    ['/regions/world/scorecard?period=2026-Q3', false],
    ['/teams/partners/scorecard?period=2026-Q3', true],
  ] as const)('%s', async ([path, isOfPartner]) => {
    const belongs = (id: PersonId | null) => id !== null && isPartner(id) === isOfPartner;
    const quarter = past.filter((one) => within(one, '2026-07-01', '2026-10-01'));
    const offered = quarter.filter(({ receiver }) => belongs(receiver));
    const accepted = quarter.filter(({ by }) => belongs(by));
    const year = past.filter((one) => within(one, '2025-10-01', '2026-10-01') && belongs(one.by));
    const confirmed = accepted.filter(({ isFirstTime }) => isFirstTime !== null);
    const found = await card(path);
    expect(values(found)).toEqual([
      offered.length,
      offered.filter(({ status }) => status === 'bounced').length,
      quantile(
        accepted.map(({ minutes }) => minutes!),
        0.5,
      ),
      confirmed.filter(({ isFirstTime }) => isFirstTime).length / confirmed.length,
    ]);
    const minutes = year.map((one) => one.minutes!);
    expect(found.expected.handoffs).toBe(year.length);
    expect(found.expected.value).toBeCloseTo(quantile(minutes, 0.5)!, 6);
    expect(found.expected.low).toBeCloseTo(quantile(minutes, 0.1)!, 6);
    expect(found.expected.high).toBeCloseTo(quantile(minutes, 0.9)!, 6);
  });

  test('region and partners never count a handoff both', async () => {
    const cards = [
      await card('/regions/world/scorecard?period=2026-Q3'),
      await card('/teams/partners/scorecard?period=2026-Q3'),
    ];
    const quarter = past.filter((one) => within(one, '2026-07-01', '2026-10-01'));
    const counted = cards.reduce((sum, { handoffs }) => sum + handoffs.value!, 0);
    expect(counted).toBe(quarter.length);
  });
});

test('what four people stand behind is hidden, and shown with the fifth', async () => {
  await forget();
  const four = [tokyo.lead, tokyo.backup, tokyo.manager, berlin.manager];
  await given(four.map((id) => acceptedIn(id, '2026-10-05T08:00Z', 60)));
  const hidden = await card('/regions/world/scorecard');
  expect([hidden.isShown, ...values(hidden)]).toEqual([false, null, null, null, null]);
  expect(hidden.handoffs.sentence).toBe(
    'Not shown, because a single person could be recognised in it. People it must be about at least: 5.',
  );
  expect(hidden.expected).toMatchObject({ value: null, handoffs: null });
  // Five, of whom one is a partner: neither they nor the four can be told from the others.
  await given([acceptedIn(others[0]!, '2026-10-05T08:00Z', 60)]);
  expect(values(await card('/regions/world/scorecard'))).toEqual([null, null, null, null]);
  expect(values(await card('/teams/partners/scorecard'))).toEqual([null, null, null, null]);
  await given([acceptedIn(person('london-lead'), '2026-10-05T08:00Z', 60)]);
  expect(values(await card('/regions/world/scorecard'))).toEqual([5, 0, 60, 1]);
});

test('an account’s card counts exactly those of its handoffs that its reader may see', async () => {
  await forget();
  const id = await given([
    acceptedIn(tokyo.lead, '2026-10-05T08:00Z', 40),
    acceptedIn(tokyo.backup, '2026-10-06T08:00Z', 80),
    { ...acceptedIn(tokyo.manager, '2026-10-07T08:00Z', 120), isFirstTime: false },
  ]);
  await given([acceptedIn(tokyo.lead, '2026-10-05T08:00Z', 400)]); // of another account
  const of = async (as: PersonId) => values(await card(`/accounts/${id}/scorecard`, as));
  expect(await of(berlin.lead)).toEqual([3, 0, 80, 2 / 3]);
  expect(await of(tokyo.manager)).toEqual([3, 0, 80, 2 / 3]); // the line above
  expect(await of(tokyo.lead)).toEqual([1, 0, 40, 1]);
  expect(await of(person('london-lead'))).toEqual([0, 0, null, null]);
});

test('a quarter begins at midnight where the account is', async () => {
  await forget();
  const id = await given([
    acceptedIn(tokyo.lead, '2026-09-30T21:59:59Z', 40), // 23:59:59 in Berlin
    acceptedIn(tokyo.lead, '2026-09-30T22:00:00Z', 80),
  ]);
  const of = async (period: string) =>
    (await card(`/accounts/${id}/scorecard?period=${period}`)).acceptMinutes.value;
  expect([await of('2026-Q3'), await of('2026-Q4')]).toEqual([40, 80]);
});

test('each number has its sentence in the reader’s language, with what is counted', async () => {
  await forget();
  const times = [10, 20, 30, 40, 50, 60, 70, 80];
  const id = await given(times.map((m) => acceptedIn(tokyo.lead, '2026-10-05T08:00Z', m)));
  expect(await card(`/accounts/${id}/scorecard`, berlin.lead)).toMatchObject({
    name: 'St. Hedwig Clinics',
    period: '2026-Q4',
    sentences: [
      `Übergaben, die vom ${isolated('Donnerstag, 1. Oktober 2026')} bis zum ${isolated('Donnerstag, 31. Dezember 2026')} angeboten wurden.`,
      'Gezählt werden nur Übergaben dieses Accounts, die Sie sehen dürfen.',
    ],
    handoffs: { value: 8, sentence: 'Angebotene Übergaben: 8.' },
    firstTime: { value: 1, sentence: expect.stringMatching(/: 100 %\.$/) as string },
    overdue: { value: 0 },
    expected: {
      value: 45,
      low: 17,
      high: 73,
      handoffs: 8,
      sentence:
        'Die nächste wird voraussichtlich innerhalb von 45 Arbeitsminuten der empfangenden Person wiedergegeben; acht von zehn brauchten zwischen 17 und 73. Übergaben, aus denen das bekannt ist: 8.',
    },
  });
  await world.db.deleteFrom('handoff').where('accept_minutes', '=', 80).execute();
  const { expected } = await card(`/accounts/${id}/scorecard`, berlin.lead);
  expect([expected.value, expected.sentence]).toEqual([
    null,
    'Für eine Schätzung reicht die Erfahrung nicht: wiedergegebene Übergaben 7, nötig 8.',
  ]);
});

test('an action that is due and open is overdue, of its account and not of a few owners', async () => {
  await forget();
  const { db, clock } = world;
  const text = await world.write('action', berlin.lead);
  const item = async (dueAt: number, owner: PersonId, isDone = false) => {
    const id = randomUUID();
    const by = { created_by: berlin.lead, created_at: clock.now() - dayMs };
    const of = { id, account_id: account, content_id: text, due_at: dueAt, is_late: false };
    await db
      .insertInto('action_item')
      .values({ ...of, ...by })
      .execute();
    const event = { item_id: id, owner_id: owner, at: clock.now() - dayMs };
    await db
      .insertInto('action_item_event')
      .values({ ...event, sequence: 1, type: 'added', is_open: true })
      .execute();
    if (!isDone) return;
    await db
      .insertInto('action_item_event')
      .values({ ...event, sequence: 2, type: 'done', is_open: false })
      .execute();
  };
  await item(clock.now() - hourMs, tokyo.lead);
  await item(clock.now() - hourMs, tokyo.lead, true);
  await item(clock.now() + hourMs, tokyo.lead);
  expect((await card(`/accounts/${account}/scorecard`)).overdue.value).toBe(1);
  expect((await card('/regions/world/scorecard')).overdue.value).toBeNull();
  for (const owner of [berlin.lead, berlin.manager, tokyo.backup, tokyo.manager]) {
    await item(clock.now() + hourMs, owner);
  }
  expect((await card('/regions/world/scorecard')).overdue.value).toBe(1);
  // Of partners the same, and neither counts what is the other's.
  for (const [index, owner] of others.entries()) {
    await item(clock.now() + (index < 2 ? -hourMs : hourMs), owner);
  }
  expect((await card('/teams/partners/scorecard')).overdue.value).toBe(2);
  expect((await card('/regions/world/scorecard')).overdue.value).toBe(1);
});

test('what a handoff over HTTP leaves is what its account’s card counts', async () => {
  await forget();
  const { ask, clock } = world;
  const body = offer(account, tokyo.lead);
  const made = await ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  const { id } = made.json as { id: string };
  clock.moveTo(clock.now() + 16 * hourMs); // 10:00 on the next day in Tokyo
  const accepted = await ask(`/handoffs/${id}/accept`, {
    method: 'POST',
    as: tokyo.lead,
    body: readBack,
  });
  expect(accepted.status).toBe(200);
  expect(values(await card(`/accounts/${account}/scorecard`, tokyo.lead))).toEqual([
    1,
    0,
    60,
    null,
  ]);
});

test('bad questions are refused, and what is not there is not found', async () => {
  const status = async (path: string, as = director) => (await world.ask(path, { as })).status;
  for (const period of ['2026-Q5', '2026', 'now', '1999-Q1']) {
    expect(await status(`/regions/world/scorecard?period=${period}`)).toBe(422);
  }
  expect(await status('/regions/world/scorecard?period=2099-Q4')).toBe(200); // nothing yet
  expect(await status('/regions/nowhere/scorecard')).toBe(404);
  expect(await status('/teams/nobody/scorecard')).toBe(404);
  expect(await status('/teams/team/scorecard')).toBe(404); // no partner's: part of its region
  expect(await status('/accounts/nothing/scorecard')).toBe(404);
  expect(await status('/regions/world/scorecard', others[0])).toBe(404);
  expect(await status('/teams/partners/scorecard', others[0])).toBe(200);
});
