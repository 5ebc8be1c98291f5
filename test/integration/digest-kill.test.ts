import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadCalendars } from '../../db/calendars.ts';
import { recall, tellRecalls } from '../../db/practice-recalls.ts';
import { savePreferences } from '../../db/preferences.ts';
import { planAfter, type DigestPlan, takeTurn } from '../../domain/digest/turn.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { DigestWish } from '../../domain/people/preferences.ts';
import { dayText } from '../../domain/time/calendar.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { wallTime } from '../../domain/time/zone.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import type { DigesterOrder } from '../support/digester-process.ts';
import { type FlakySink, startFlakySink } from '../support/flaky-sink.ts';
import { givenMarkets, givenPractice, type Market } from '../support/markets.ts';
import { proofSeed, proofSize, randomFrom, reportProof } from '../support/proof.ts';

const people = proofSize(24, 2_000);
const kills = proofSize(3, 40);
const practices = 40;
const dayMs = 86_400_000;
const startsAt = Date.parse('2027-03-01T00:00:00Z');
/** A clock change of half of them is in it. */
const endsAt = startsAt + 15 * dayMs;
const random = randomFrom(proofSeed);
const below = (n: number): number => Math.floor(random() * n);
const places: readonly Market[] = ['dach', 'japan', 'america', 'brazil'];

let database: TestDatabase;
let sink: FlakySink;
beforeAll(async () => {
  database = await testDatabase();
  sink = await startFlakySink({ lostBefore: 0.03, lostAfter: 0.03, random });
});
afterAll(async () => {
  await sink.stop();
  await database.drop();
});

const idOf = (index: number) => `reader-${index}` as PersonId;
const titleOf = (number: number): string => `PRACTICE${String(number).padStart(3, '0')}X`;

async function given(): Promise<ReadonlyMap<PersonId, DigestWish>> {
  const { db } = database;
  const readers = Array.from({ length: people }, (_, index) => ({
    id: idOf(index),
    market: places[index % places.length]!,
  }));
  await givenMarkets(db, [{ id: 'author', market: 'brazil' }, ...readers]);
  const wishes = new Map<PersonId, DigestWish>();
  for (const { id } of readers) {
    const every = random() < 0.3 ? 'day' : 'week';
    const wish: DigestWish = { every, weekday: 1 + below(7), minute: 15 * below(96) };
    wishes.set(id, wish);
    const said = { channels: null, quiet: null, hourCycle: null, digest: wish };
    await savePreferences(db, { person: id, at: startsAt - dayMs, said });
  }
  for (let number = 0; number < practices; number++) {
    await givenPractice(db, {
      author: 'author',
      publishedAt: startsAt - dayMs + number,
      countries: ['DE', 'JP', 'US', 'BR'],
      text: { title: titleOf(number) },
    });
  }
  return wishes;
}

/** What each is owed, by the rule alone. */
async function owed(wishes: ReadonlyMap<PersonId, DigestWish>): Promise<readonly string[]> {
  const calendars = await loadCalendars(database.db, [...wishes.keys()]);
  return [...wishes].flatMap(([id, wish]) => {
    const calendar = calendars.get(id)!;
    const reader = { calendar, clock: openCalendar(calendar), quiet: null };
    const came: string[] = [];
    let had: { day: number | null; period: number | null } = { day: null, period: null };
    let plan: DigestPlan | null = null;
    for (let now = startsAt; now <= endsAt;) {
      const person = { wish, isActive: true, reader, had, revision: '1' };
      const turn = takeTurn(plan, person, now);
      if (turn.what === 'wait') {
        plan = turn.plan;
        now = plan.due?.at ?? endsAt + 1;
        continue;
      }
      came.push(`${id} ${wish.every} ${dayText(turn.due.period)}`);
      had = { day: wallTime(now, calendar.zone).day, period: turn.due.period };
      plan = planAfter({ since: plan?.since ?? now, what: 'compose' }, { ...person, had }, now);
    }
    return came;
  });
}

const script = fileURLToPath(new URL('../support/digester-process.ts', import.meta.url));

async function startDigester(order: DigesterOrder) {
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const died = once(child, 'exit');
  const doubts: string[] = [];
  const ready = Promise.withResolvers<undefined>();
  createInterface(child.stdout).on('line', (line) => {
    if (line === 'ready') ready.resolve(undefined);
    else if (line.startsWith('doubt ')) doubts.push(line.slice('doubt '.length));
  });
  await Promise.race([ready.promise, died]);
  return { died, doubts, kill: () => child.kill('SIGKILL') };
}

/** Whatever a dead worker had claimed: it may have been taken without its being told. */
const claimedIds = async (): Promise<readonly string[]> => {
  const rows = await database.db
    .selectFrom('notice')
    .select('id')
    .where('status', '=', 'sending')
    .execute();
  return rows.map(({ id }) => id);
};

const sorted = (list: Iterable<string>) => [...list].toSorted((a, b) => (a < b ? -1 : 1));

/** Every practice is withdrawn: who is told of which, by its title. */
async function calledBack(): Promise<readonly string[]> {
  const { db } = database;
  const practices = await db.selectFrom('practice').select('id').execute();
  for (const { id } of practices) {
    const called = { kind: 'withdrawn', severity: 'safety', beforeVersion: 2 } as const;
    await db.transaction().execute((tx) => recall(tx, { id: id as LoopId, at: endsAt, ...called }));
  }
  await tellRecalls(db, endsAt);
  const rows = await db
    .selectFrom('notice')
    .innerJoin('practice', 'practice.id', 'notice.loop_id')
    .innerJoin('content', 'content.id', 'practice.content_id')
    .select(['recipient_id', 'body'])
    .where('notice.key', '=', 'practice.recall_withdrawn')
    .execute();
  return rows.map(({ recipient_id: to, body }) => `${to} ${(body as { title: string }).title}`);
}

test(
  'while workers die at random, each person has exactly one digest a period, and a recall would find exactly those who were sent a practice',
  { timeout: proofSize(120_000, 3_000_000) },
  async () => {
    reportProof('digests under kills, people', people);
    const expected = await owed(await given());
    const { url: databaseUrl, db } = database;
    const order = { databaseUrl, smtpUrl: sink.smtpUrl, startsAt, endsAt };
    const doubtful = new Set<string>();
    const share = Math.floor((expected.length * 0.6) / (kills + 1));
    for (let death = 0; death < kills; death++) {
      const digester = await startDigester(order);
      const taking = sink.takes(1 + below(share));
      // None ends by itself: that would be waited for without end.
      expect(await Promise.race([taking, digester.died])).toBeUndefined();
      digester.kill();
      await digester.died;
      for (const id of [...(await claimedIds()), ...digester.doubts]) doubtful.add(id);
    }
    const last = await startDigester(order);
    expect(await last.died).toEqual([0, null]);
    for (const id of last.doubts) doubtful.add(id);

    const digests = await db.selectFrom('digest').selectAll().where('at', '<=', endsAt).execute();
    const keys = digests.map((one) => `${one.person_id} ${one.every} ${one.period}`);
    expect(sorted(keys.filter((key) => !key.startsWith('author')))).toEqual(sorted(expected));
    const notices = await db.selectFrom('notice').select(['id', 'status']).execute();
    expect(new Set(notices.map(({ status }) => status))).toEqual(new Set(['sent']));

    const taken = Map.groupBy(
      sink.taken,
      ({ messageId }) => messageId.slice(1).split('.')[0] ?? '',
    );
    expect(sorted(taken.keys())).toEqual(sorted(notices.map(({ id }) => id)));
    const twice = [...taken].filter(
      ([id, copies]) => !doubtful.has(id) && !copies.slice(0, -1).every((copy) => copy.isUntold),
    );
    expect(twice).toEqual([]);
    const told = new Set(
      sink.taken.flatMap(({ raw }) => {
        const text = raw.toString().replace(/=\r\n/g, '');
        const to = /^To: .*<?(reader-\d+)@/m.exec(text)?.[1] ?? '';
        return (text.match(/PRACTICE\d{3}X/g) ?? []).map((title) => `${to} ${title}`);
      }),
    );
    const rows = await db
      .selectFrom('practice_delivery')
      .innerJoin('practice', 'practice.id', 'practice_delivery.practice_id')
      .innerJoin('content', 'content.id', 'practice.content_id')
      .select(['person_id', 'body'])
      .execute();
    const recorded = rows.map(
      ({ person_id: person, body }) => `${person} ${(body as { title: string }).title}`,
    );
    expect(sorted(recorded)).toEqual(sorted(told));
    expect(sorted(await calledBack())).toEqual(sorted(told));
  },
);
