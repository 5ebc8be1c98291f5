/** What the look-ahead finds, as a story: on the real server, with the product's own activities. */
import { randomUUID } from 'node:crypto';
import { createOpenLoop } from '../../activities/open-loop.ts';
import { createLookAhead, type LookAhead } from '../../activities/outlook/look-ahead.ts';
import { insertContent } from '../../db/contents.ts';
import type { ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { Receipt } from '../../domain/loop.ts';
import type { Finding } from '../../domain/outlook/finding.ts';
import type { OutlookCommand } from '../../domain/outlook/state.ts';
import type { Range } from '../../domain/time/range.ts';
import { type ZoneData, zones } from '../../domain/time/zone.ts';
import { loopWorkflows } from '../../workflows/addresses.ts';
import { outlookWorkflowId } from '../../workflows/outlook/id.ts';
import { outlookUpdates } from '../../workflows/outlook/messages.ts';
import { asksForCover } from './cover-story.ts';
import { account, berlin, tokyo } from './handoff-organisation.ts';
import { type Send, sender } from './loop-sender.ts';
import type { World } from './world.ts';

const dayMs = 86_400_000;

const partsOf = ({ client, clock, taskQueue, database }: World) => ({
  client,
  clock,
  db: database.db,
  address: { taskQueue, workflows: loopWorkflows },
});

export const lookAheadOf = (world: World, zoneData: ZoneData = zones): LookAhead =>
  createLookAhead({ ...partsOf(world), zoneData });

export interface FindingStory {
  readonly id: LoopId;
  readonly workflowId: string;
  readonly send: Send<OutlookCommand>;
  accepts(by: PersonId, days: number): Promise<Receipt>;
}

/** Berlin's lead is on leave in ten days, and nobody covers: their manager is asked. */
export async function findsLeave(
  world: World,
  given: Partial<Finding & { readonly allowanceMinutes: number }> = {},
): Promise<FindingStory> {
  const id = randomUUID() as LoopId;
  const from = world.clock.now() + 10 * dayMs;
  const command: OutlookCommand = {
    type: 'open',
    account,
    kind: 'leave',
    subject: berlin.lead,
    firstDay: new Date(from).toISOString().slice(0, 10),
    severity: 'high',
    from,
    until: from + 7 * dayMs,
    owner: berlin.lead,
    asked: berlin.manager,
    about: null,
    allowanceMinutes: 960,
    ...given,
  };
  await createOpenLoop(partsOf(world))({ loop: 'outlook', id, command });
  return findingOf(world, id);
}

export function findingOf(world: World, id: LoopId): FindingStory {
  const { clock, database } = world;
  const workflowId = outlookWorkflowId(id);
  const send = sender<OutlookCommand>(world, workflowId, outlookUpdates);
  return {
    id,
    workflowId,
    send,
    async accepts(by, days) {
      const reason = randomUUID() as ContentId;
      const body = { text: 'The director stands in.' };
      const at = clock.now();
      await insertContent(database.db, {
        id: reason,
        author: by,
        kind: 'outlook.reason',
        body,
        at,
      });
      return send({ type: 'acknowledge', actor: by, until: at + days * dayMs, reason });
    },
  };
}

/** Berlin's account is asked of Tokyo for that time; answers who takes it. */
export async function asksTokyo(
  world: World,
  window: Range,
): Promise<{ takes(): Promise<Receipt> }> {
  const { takes } = await asksForCover(world, { candidates: [tokyo.lead], ...window });
  return { takes: () => takes(tokyo.lead) };
}
