import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findCalendarChange, recordCalendarChange } from '../../db/calendar-changes.ts';
import { lackingIn } from '../support/catalogue.ts';
import { account, berlin, operator, tokyo } from '../support/handoff-organisation.ts';
import { apiWorld, type ApiWorld } from '../support/api.ts';

const day = 86_400_000;
let world: ApiWorld;
beforeEach(async () => {
  world = await apiWorld();
});
afterEach(() => world.drop());

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Days of leave from `from` on, entered now. */
const leave = (who: string, from: number, days: number): Promise<string | null> =>
  world.db.transaction().execute(async (tx) => {
    await tx
      .insertInto('absence')
      .values({
        id: randomUUID(),
        person_id: who,
        first_day: dayOf(from),
        last_day: dayOf(from + (days - 1) * day),
      })
      .execute();
    return recordCalendarChange(tx, { reason: 'absence', people: [who], at: world.clock.now() });
  });

const news = () =>
  world.db
    .selectFrom('notice')
    .select(['recipient_id', 'params'])
    .where('key', '=', 'handoff.deadline_moved')
    .execute();

const found = async (change: string | null) => findCalendarChange(world.db, change ?? '');

test('whose deadline a day of leave moves is told why, of which account, and of both times', async () => {
  const handoff = await world.offered();
  await leave(tokyo.lead, world.clock.now(), 2);
  expect(await handoff.replans()).toBe('recorded');
  const [told, ...others] = await news();
  expect(others).toEqual([]);
  expect(told?.recipient_id).toBe(tokyo.lead);
  expect(told?.params).toMatchObject({
    account: { account },
    reason: { term: 'reason.calendar.absence' },
  });
  for (const part of ['subject', 'body']) {
    expect(lackingIn(`handoff.deadline_moved.${part}`, told?.params as never)).toEqual([]);
  }
});

test('a receiver who moves to another zone has their working day there, and is told of the moved deadline', async () => {
  const handoff = await world.offered();
  const dueBefore = handoff.moments.at(-1)?.at ?? 0;
  await world.db.transaction().execute(async (tx) => {
    await tx
      .updateTable('person')
      .set({ zone: 'America/New_York' })
      .where('id', '=', tokyo.lead)
      .execute();
    await recordCalendarChange(tx, {
      reason: 'directory',
      people: [tokyo.lead],
      at: world.clock.now(),
    });
  });
  expect(await handoff.replans()).toBe('recorded');
  const dueAfter = handoff.moments.at(-1)?.at ?? 0;
  const hourThere = new Date(dueAfter).toLocaleString('en-US', {
    timeZone: 'America/New_York',
    hour: 'numeric',
    hourCycle: 'h23',
  });
  // Eight hours of theirs: an evening in New York, and not in Tokyo any more.
  expect([hourThere, dueAfter === dueBefore]).toEqual(['17', false]);
  expect((await news()).map(({ recipient_id: told }) => told)).toEqual([tokyo.lead]);
  expect(handoff.state.asked?.person).toBe(tokyo.lead);
});

test('a step that comes before the re-plan tells of the moved deadline, once', async () => {
  const handoff = await world.offered();
  const change = await leave(tokyo.lead, world.clock.now(), 2);
  expect(await found(change)).toMatchObject({ touched: 1, planned: 0, moved: 0 });
  expect(await handoff.fires()).toBe('recorded'); // a reminder
  expect(await news()).toHaveLength(1);
  expect(await handoff.replans()).toBe('unchanged');
  expect(await news()).toHaveLength(1);
  expect(await found(change)).toMatchObject({ touched: 1, planned: 1, moved: 1 });
});

test('whoever the step itself has relieved is told nothing', async () => {
  const handoff = await world.offered();
  const change = await leave(tokyo.lead, world.clock.now(), 2);
  const content = await world.write('handoff.readBack', tokyo.lead);
  expect(await handoff.does({ type: 'readBack', actor: tokyo.lead, content })).toBe('recorded');
  expect(await news()).toEqual([]);
  expect(await found(change)).toMatchObject({ planned: 1, moved: 0 });
});

test('a change that moves no deadline sends nothing and writes no step', async () => {
  const handoff = await world.offered();
  const change = await leave(tokyo.lead, world.clock.now() + 30 * day, 5);
  expect(await handoff.replans()).toBe('unchanged');
  expect(await news()).toEqual([]);
  expect(await found(change)).toMatchObject({ touched: 1, planned: 1, moved: 0 });
});

test('a change touches the loops planned with those it concerns, and no other', async () => {
  const handoff = await world.offered();
  expect(await found(await leave(operator, world.clock.now(), 1))).toMatchObject({ touched: 0 });
  expect(await found(await leave(tokyo.backup, world.clock.now(), 1))).toMatchObject({
    touched: 1,
  });
  const content = await world.write('handoff.withdraw', berlin.lead);
  await handoff.does({ type: 'withdraw', actor: berlin.lead, content });
  expect(await found(await leave(tokyo.lead, world.clock.now(), 1))).toMatchObject({ touched: 0 });
});

test('a deadline that a change brings near leaves an hour of work, also after the next step', async () => {
  await leave(tokyo.lead, world.clock.now(), 10);
  const handoff = await world.offered();
  const due = async (): Promise<number> =>
    (
      await world.db
        .selectFrom('task')
        .select('due_at')
        .where('person_id', '=', tokyo.lead)
        .executeTakeFirstOrThrow()
    ).due_at ?? 0;
  const before = await due();
  // Back at work on the fourth day: of the eight hours most have passed.
  world.clock.moveTo(Date.parse('2026-11-26T07:00Z')); // 16:00 in Tokyo
  await world.db.transaction().execute(async (tx) => {
    await tx.deleteFrom('absence').execute();
    await recordCalendarChange(tx, {
      reason: 'absence',
      people: [tokyo.lead],
      at: world.clock.now(),
    });
  });
  expect(await handoff.replans()).toBe('recorded');
  const kept = Date.parse('2026-11-26T08:00Z'); // 17:00 in Tokyo
  expect(await due()).toBe(kept);
  expect(kept).toBeLessThan(before);
  const hold = { actor: berlin.lead } as const;
  expect(await handoff.fires()).toBe('recorded');
  expect(await due()).toBe(kept);
  expect(await handoff.does({ type: 'hold', ...hold })).toBe('recorded');
});

test('GET /calendar-changes/{id} says which loops moved and by how much, to who keeps the directory', async () => {
  const handoff = await world.offered();
  const change = await leave(tokyo.lead, world.clock.now(), 2);
  await handoff.replans();
  const answer = await world.ask(`/calendar-changes/${change}`, { as: operator });
  expect(answer.status).toBe(200);
  expect(answer.json).toMatchObject({
    id: change,
    reason: 'absence',
    people: 1,
    touched: 1,
    planned: 1,
    moved: 1,
    items: [
      {
        id: handoff.id,
        loop: 'handoff',
        account,
        moved: [{ task: 'handoff.read_back', person: tokyo.lead, minutes: 24 * 60 }],
      },
    ],
    next: null,
  });
  const hidden = await world.ask(`/calendar-changes/${change}`, { as: tokyo.lead });
  expect([hidden.status, hidden.problem.code]).toEqual([404, 'request.not_found']);
  const unknown = await world.ask(`/calendar-changes/${randomUUID()}`, { as: operator });
  expect(unknown.status).toBe(404);
});
