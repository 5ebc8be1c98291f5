/** Zone data that changes under open loops: who is planned again, who is told, and who may not plan. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { adoptZoneData } from '../../activities/adopt-zone-data.ts';
import { findCalendarChange } from '../../db/calendar-changes.ts';
import type { AccountId } from '../../domain/id.ts';
import { type ZoneData, zones } from '../../domain/time/zone.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';
import { olderZones } from '../support/older-zones.ts';
import { person } from '../support/people.ts';

const winnipeg = person('new-york-lead');
const hour = 3_600_000;
let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
beforeEach(async () => {
  recorder = await handoffRecorder();
  await recorder.db
    .updateTable('person')
    .set({ zone: 'America/Winnipeg' })
    .where('id', '=', winnipeg)
    .execute();
});
afterEach(() => recorder.drop());

const adopt = (zoneData: ZoneData) =>
  adoptZoneData({ db: recorder.db, clock: recorder.clock, zoneData });

async function anotherAccount(): Promise<AccountId> {
  const id = 'another' as AccountId;
  await givenAccount(recorder.db, { id, owner: berlin.lead, since: recorder.clock.now() - hour });
  return id;
}

const changes = () => recorder.db.selectFrom('calendar_change').selectAll().execute();

const deadlineOf = async (who: string): Promise<number> => {
  const row = await recorder.db
    .selectFrom('task')
    .select('due_at')
    .where('person_id', '=', who)
    .where('closed_sequence', 'is', null)
    .executeTakeFirstOrThrow();
  return row.due_at ?? 0;
};

const told = async (): Promise<readonly string[]> => {
  const rows = await recorder.db
    .selectFrom('notice')
    .select(['recipient_id', 'params'])
    .where('key', '=', 'handoff.deadline_moved')
    .execute();
  return rows.map(
    ({ recipient_id, params }) =>
      `${recipient_id} ${(params as { reason: { term: string } }).reason.term}`,
  );
};

test('the first worker of an organisation adopts its zone data, and nothing is planned again', async () => {
  expect(await adopt(zones)).toEqual({ moved: [], change: null });
  expect(await changes()).toEqual([]);
});

test('newer zone data moves the deadlines of the people in the zones it moves, and tells them once', async () => {
  await adopt(olderZones);
  recorder.plansWith(olderZones);
  const moving = await recorder.offered({ receiver: winnipeg });
  const staying = await recorder.offered({
    receiver: tokyo.lead,
    account: await anotherAccount(),
  });
  const before = { moving: await deadlineOf(winnipeg), staying: await deadlineOf(tokyo.lead) };

  const adoption = await adopt(zones);
  recorder.plansWith(zones);
  expect(adoption).toMatchObject({ moved: [{ zone: 'America/Winnipeg', hours: 1 }] });
  expect(await changes()).toMatchObject([{ reason: 'zone_data', people: [winnipeg] }]);
  const { change } = adoption as { change: string };
  expect(await findCalendarChange(recorder.db, change)).toMatchObject({ touched: 1 });

  expect(await moving.replans()).toBe('recorded');
  expect(await staying.replans()).toBe('unchanged');
  expect(await deadlineOf(winnipeg)).toBe(before.moving - hour);
  expect(await deadlineOf(tokyo.lead)).toBe(before.staying);
  expect(await told()).toEqual([`${winnipeg} reason.calendar.zone_data`]);
});

test('a second worker with the same zone data changes nothing', async () => {
  await adopt(olderZones);
  expect(await adopt(zones)).toMatchObject({ moved: [{ zone: 'America/Winnipeg' }] });
  expect(await adopt(zones)).toEqual({ moved: [], change: null });
  expect(await changes()).toHaveLength(1);
});

test('loops in a zone that came into use after the last worker started are planned again', async () => {
  recorder.plansWith(olderZones);
  await recorder.offered({ receiver: winnipeg });
  const adoption = await adopt(zones);
  expect(adoption).toMatchObject({ moved: [] });
  const [change] = await changes();
  expect(change?.people).toContain(winnipeg);
  expect(await adopt(zones)).toEqual({ moved: [], change: null });
});

test('a worker with older zone data is told so, and plans nothing', async () => {
  const handoff = await recorder.offered({ receiver: winnipeg });
  await adopt(zones);
  expect(await adopt(olderZones)).toEqual({ olderThan: zones.version });
  recorder.plansWith(olderZones);
  await expect(handoff.replans()).rejects.toThrow(/knows zone data 2026c and may not plan/);
  recorder.plansWith(zones);
  expect(await handoff.replans()).toBe('unchanged');
});
