import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { type account, berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder, type RecordedHandoff } from '../support/handoff-recorder.ts';

let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
beforeAll(async () => {
  recorder = await handoffRecorder();
});
afterAll(() => recorder.drop());

let week = 0;
let handoff: RecordedHandoff;

/** Each test has a week of its own; Tokyo works from 00:00 to 08:00 UTC. */
const on = (day: number, time: string): number =>
  Date.parse(`2026-11-${22 + day}T${time}Z`) + week * 7 * 86_400_000;

/** On Monday after work in Tokyo. */
async function offered(): Promise<void> {
  week++;
  const id = `account-${week}` as typeof account;
  await givenAccount(recorder.db, { id, owner: berlin.lead, since: on(1, '00:00') });
  recorder.clock.moveTo(on(1, '09:00'));
  handoff = await recorder.offered({ account: id });
}

async function does(at: number, type: 'ask' | 'answer' | 'readBack' | 'sendBack', actor: PersonId) {
  recorder.clock.moveTo(at);
  const content = await recorder.write(`handoff.${type}`, actor);
  expect(await handoff.does({ type, actor, content })).toBe('recorded');
}

const kept = () =>
  recorder.db
    .selectFrom('handoff')
    .select(['accepted_by', 'accept_minutes'])
    .where('id', '=', handoff.id)
    .executeTakeFirstOrThrow();
const acceptance = (by: PersonId | null, minutes: number | null) => ({
  accepted_by: by,
  accept_minutes: minutes,
});

test('the time to accept is what its receiver has worked since being asked', async () => {
  await offered();
  expect(await kept()).toEqual(acceptance(null, null));
  await does(on(2, '01:30'), 'readBack', tokyo.lead); // 10:30 on Tuesday: since nine
  expect(await kept()).toEqual(acceptance(tokyo.lead, 90));
});

test('while a question waits for its answer no time is counted', async () => {
  await offered();
  await does(on(2, '01:00'), 'ask', tokyo.lead);
  await does(on(2, '05:00'), 'answer', berlin.lead);
  await does(on(2, '05:20'), 'readBack', tokyo.lead);
  expect(await kept()).toEqual(acceptance(tokyo.lead, 80));
});

test('while a handoff is on hold no time is counted', async () => {
  await offered();
  recorder.clock.moveTo(on(2, '01:00'));
  await handoff.does({ type: 'hold', actor: berlin.lead });
  recorder.clock.moveTo(on(2, '03:00'));
  await handoff.does({ type: 'resume', actor: berlin.lead });
  await does(on(2, '03:10'), 'readBack', tokyo.lead);
  expect(await kept()).toEqual(acceptance(tokyo.lead, 70));
});

test('what is read back at night took no working time', async () => {
  await offered();
  await does(on(1, '14:00'), 'readBack', tokyo.lead);
  expect(await kept()).toEqual(acceptance(tokyo.lead, 0));
});

test('a read-back that went back keeps the time of the first', async () => {
  await offered();
  await does(on(2, '00:30'), 'readBack', tokyo.lead);
  await does(on(2, '08:00'), 'sendBack', berlin.lead);
  await does(on(3, '02:00'), 'readBack', tokyo.lead);
  expect(await kept()).toEqual(acceptance(tokyo.lead, 30));
});

test('whoever was asked next has a time of their own', async () => {
  await offered();
  recorder.clock.moveTo(on(2, '01:00'));
  await handoff.does({ type: 'reassign', actor: berlin.lead, to: tokyo.backup });
  await does(on(2, '01:45'), 'readBack', tokyo.backup);
  expect(await kept()).toEqual(acceptance(tokyo.backup, 45));
});
