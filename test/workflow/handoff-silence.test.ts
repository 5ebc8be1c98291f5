/**
 * Five weeks of silence on the real server, held and resumed, while New York (14 March 2027) and
 * then London and Berlin (28 March) change their clocks.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { berlin, custodian, handoffWorld, offers, type Handoff } from '../support/handoff-story.ts';
import { person } from '../support/people.ts';
import { transitions } from '../support/toy/errand-story.ts';
import type { World } from '../support/world.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const newYork = person('new-york-lead');
const eightDays = 8 * 480;

let world: World;
let handoff: Handoff;
beforeAll(async () => {
  world = await handoffWorld({ startsAt: at('2027-03-08T09:00') });
  handoff = await offers(world, { to: newYork, allowanceMinutes: eightDays });
  await world.advanceTo(at('2027-03-10T15:00'));
  await handoff.send({ type: 'hold', actor: berlin.lead });
  await world.advanceTo(at('2027-03-12T15:00'));
  await handoff.send({ type: 'resume', actor: berlin.lead });
  await world.advanceTo(at('2027-04-13T00:00'));
}, 60_000);
afterAll(() => world.stop());

test('every step comes in the working time of the one it waits for, through both clock changes', async () => {
  const steps = await transitions(world, handoff.id);
  expect(
    steps.map(
      ({ command_type, at }) => `${new Date(at).toISOString().slice(0, 16)} ${command_type}`,
    ),
  ).toEqual([
    '2027-03-08T09:00 offer',
    '2027-03-10T15:00 hold',
    '2027-03-12T15:00 resume',
    '2027-03-15T21:00 remind', // 17:00 in New York, now an hour nearer to UTC
    '2027-03-18T16:12 remind',
    '2027-03-19T21:00 passOn', // eight days of work, two of them on hold left out
    '2027-03-25T17:00 remind', // 17:00 in London, in winter time
    '2027-03-30T11:12 remind', // 12:12 in London, in summer time
    '2027-03-31T16:00 passOn',
    '2027-04-06T15:00 remind', // 17:00 in Berlin
    '2027-04-09T10:12 remind',
    '2027-04-12T15:00 bounce',
  ]);
  expect(await custodian(world)).toBe(berlin.manager);
});

test('every message waits for the working hours of its reader', async () => {
  const notices = await world.database.db
    .selectFrom('notice')
    .innerJoin('person', 'person.id', 'notice.recipient_id')
    .select(['notice.key', 'notice.send_at', 'person.zone'])
    .where('notice.loop_id', '=', handoff.id)
    .execute();
  expect(notices.length).toBeGreaterThan(15);
  for (const { key, send_at, zone } of notices) {
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }).format(send_at);
    expect(`${key} ${wall}`).toMatch(/ (Mon|Tue|Wed|Thu|Fri),? (09|1[0-6]):\d\d$/);
  }
});
