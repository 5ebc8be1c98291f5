import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadActor } from '../../db/actors.ts';
import {
  type Assignment,
  assignmentWorld,
  dayAfter,
  host,
  proposes,
  statusOf,
  termsFor,
} from '../support/assignment-story.ts';
import { berlin, tokyo } from '../support/handoff-organisation.ts';
import { custodian, inbox } from '../support/handoff-story.ts';
import { coverOf } from '../support/cover-story.ts';
import type { LoopId } from '../../domain/id.ts';
import { runLengths } from '../support/run-lengths.ts';
import type { World } from '../support/world.ts';

const dayMs = 86_400_000;
let world: World;
beforeAll(async () => {
  world = await assignmentWorld();
});
afterAll(() => world.stop());

/** The first instant of a day on Berlin's wall, as the runtime's own formatter has it. */
function midnight(day: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: 'Europe/Berlin',
    timeZoneName: 'longOffset',
  });
  const utc = Date.parse(`${day}T00:00:00Z`);
  const name = format.formatToParts(utc).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return utc - Number(/\+(\d\d):/.exec(name)?.[1] ?? 0) * 3_600_000;
}

const isGuest = async (at: number): Promise<boolean> =>
  (await loadActor(world.database.db, berlin.lead, at))?.grants.some(
    ({ role, region }) => role === 'guest' && region === host,
  ) ?? false;

const coversOf = ({ id }: Assignment) =>
  world.database.db
    .selectFrom('loop_opening')
    .innerJoin('cover', 'cover.id', 'loop_opening.id')
    .select(['cover.id', 'cover.status'])
    .where('opened_by', '=', id)
    .execute();

test('a quarter abroad: signed by three, covered, a guest until its last day, and closed by what it taught', async () => {
  const terms = termsFor(world);
  const assignment = await proposes(world, { terms });
  expect(await inbox(world, tokyo.manager)).toEqual(['assignment.sign']);
  await assignment.isSignedByAll();
  expect(await statusOf(world, assignment.id)).toBe('agreed');

  await world.advance(15 * dayMs);
  const [cover] = await coversOf(assignment);
  await coverOf(world, cover?.id as LoopId).takes(tokyo.lead);
  const from = midnight(terms.firstDay);
  await world.advanceTo(from - 60_000);
  expect([await custodian(world), await isGuest(from - 60_000)]).toEqual([berlin.lead, false]);
  await world.advanceTo(from);
  expect(await statusOf(world, assignment.id)).toBe('running');
  expect([await custodian(world), await isGuest(from + 60_000)]).toEqual([tokyo.lead, true]);

  await world.advance(46 * dayMs);
  expect(await inbox(world, berlin.lead)).toContain('assignment.check_in');
  await assignment.answers('answerCheckIn', berlin.lead);

  const end = midnight(dayAfter({ clock: { now: () => Date.parse(terms.lastDay) } }, 1));
  expect([await isGuest(end - 1), await isGuest(end)]).toEqual([true, false]);
  await world.advanceTo(end);
  expect(await statusOf(world, assignment.id)).toBe('closing');
  expect(await custodian(world)).toBe(berlin.lead);

  await assignment.isClosed();
  expect(await statusOf(world, assignment.id)).toBe('closed');
  const runs = await runLengths(world.client, assignment.workflowId);
  for (const events of runs) expect(events).toBeLessThanOrEqual(40);
});
