/** Reviews of provisional holidays as a story, straight to the workflow. */
import { WithStartWorkflowOperation } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { loops } from '../../activities/loops.ts';
import type { HolidayReviewCommand } from '../../domain/holiday-review/state.ts';
import type { LoopId, PersonId, RegionId } from '../../domain/id.ts';
import {
  holidayReviewWorkflow,
  holidayReviewWorkflowId,
} from '../../workflows/holiday-review/id.ts';
import { holidayReviewUpdates } from '../../workflows/holiday-review/messages.ts';
import { openLoopUpdate } from '../../workflows/messages.ts';
import { type Send, sender } from './loop-sender.ts';
import { givenPeople, person } from './people.ts';
import { createWorld, type World, type WorldOptions } from './world.ts';

const dayMs = 86_400_000;
export const region = 'world' as RegionId;
/** Of the region, whoever stands above, and somebody who works there. */
export const manager = person('riyadh-manager');
export const director = person('managing-director');
export const lead = person('riyadh-lead');
export const operator = person('operator');

export async function holidayWorld(options: Partial<WorldOptions> = {}): Promise<World> {
  const world = await createWorld({ loops, workflows: 'workflows/index.ts', ...options });
  await givenPeople(world.database.db, [
    { id: manager, zone: 'Asia/Riyadh', locale: 'ar', manager: director },
    { id: director, zone: 'Europe/Berlin', locale: 'de' },
    { id: lead, zone: 'Asia/Riyadh', locale: 'ar', manager },
    { id: operator, zone: 'Etc/UTC', roles: ['operator'] },
  ]);
  return world;
}

export const dayAfter = ({ clock }: World, days: number): string =>
  new Date(Math.floor(clock.now() / dayMs + days) * dayMs).toISOString().slice(0, 10);

export async function givenHoliday(world: World, day: string): Promise<void> {
  await world.database.db
    .insertInto('holiday')
    .values({
      region_id: region,
      day,
      kind: 'off',
      name: 'عيد الفطر',
      source: 'Umm al-Qura',
      status: 'provisional',
    })
    .execute();
}

export interface Review {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<HolidayReviewCommand>;
}

export function reviewOf(world: World, id: LoopId): Review {
  const workflowId = holidayReviewWorkflowId(id);
  return {
    id,
    workflowId,
    send: sender<HolidayReviewCommand>(world, workflowId, holidayReviewUpdates),
  };
}

/** The manager is asked about a provisional day some days ahead. */
export async function asksAbout(
  world: World,
  days = 21,
  reviewer: PersonId = manager,
): Promise<Review> {
  const day = dayAfter(world, days);
  await givenHoliday(world, day);
  return reviews(world, { region, day, beginsAt: Date.parse(day), reviewer });
}

type Ask = Extract<HolidayReviewCommand, { readonly type: 'ask' }>;

/** About a day that is in the table. */
export async function reviews(
  world: World,
  asked: Pick<Ask, 'region' | 'day' | 'beginsAt' | 'reviewer'>,
): Promise<Review> {
  const id = randomUUID() as LoopId;
  const command: HolidayReviewCommand = { type: 'ask', ...asked, allowanceMinutes: 2_400 };
  const { client, clock, taskQueue } = world;
  await client.workflow.executeUpdateWithStart(openLoopUpdate, {
    updateId: 'open',
    startWorkflowOperation: new WithStartWorkflowOperation(holidayReviewWorkflow, {
      workflowId: holidayReviewWorkflowId(id),
      taskQueue,
      args: [{ id, open: { commandId: 'open', command, at: clock.now() } }],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowTaskTimeout: '5s',
    }),
  });
  return reviewOf(world, id);
}
