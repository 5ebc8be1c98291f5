/**
 * One rule for absences: whoever is away and is asked for approvals has them decided by somebody else.
 * And each delegation of the organisation's file gets the loop that tells of its beginning and end.
 */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import {
  type AwayApprover,
  awayApprovers,
  delegationsBetween,
  unrunDelegations,
} from '../../db/delegations.ts';
import type { Database } from '../../db/client.ts';
import { derivedId } from '../../db/derived-id.ts';
import { present } from '../../domain/assert.ts';
import type { DelegationCommand, Given } from '../../domain/delegation/state.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { faultOf } from '../../domain/people/delegation.ts';
import { dayNumber } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { dayMs } from '../../domain/time/zone.ts';
import { createOpenLoop, type OpenLoopParts } from '../open-loop.ts';

const loop = 'delegation';
const daysAhead = 14;
const delegationsPerRunMax = 100;

type Open = ReturnType<typeof createOpenLoop>;

export interface OpenDelegationsParts extends OpenLoopParts {
  readonly db: Database;
}

/** Safe to repeat: the id follows from what asks for it. */
export const createOpenDelegations = (parts: OpenDelegationsParts) => {
  const open = createOpenLoop(parts);
  return async (): Promise<{ readonly opened: number }> => ({
    opened: (await openOfDirectory(parts, open)) + (await openOfAbsences(parts, open)),
  });
};

async function openOfDirectory({ db, clock }: OpenDelegationsParts, open: Open): Promise<number> {
  const found = await unrunDelegations(db, { at: clock.now(), limit: delegationsPerRunMax });
  let opened = 0;
  for (const { id: delegation, principal, delegate, from, until } of found) {
    const key = [principal, delegate, String(from), String(until)];
    const id = derivedId(loop, delegation, ...key) as LoopId;
    const who = { delegation, principal, delegate, from, until };
    if (await give(open, id, { ...who, scope: 'all', source: 'directory', absence: null }))
      opened++;
  }
  return opened;
}

async function openOfAbsences({ db, clock }: OpenDelegationsParts, open: Open): Promise<number> {
  const at = clock.now();
  const [today = '', until = ''] = [-1, daysAhead].map((days) =>
    new Date(at + days * dayMs).toISOString().slice(0, 10),
  );
  const found = await awayApprovers(db, { today, until, limit: delegationsPerRunMax });
  let opened = 0;
  for (const away of found) {
    const window = windowOf(away, at);
    const delegate = window && (await delegateFor(db, away, window));
    if (!window || !delegate) continue;
    const { absence, principal, firstDay, lastDay } = away;
    const id = derivedId(loop, 'absence', absence, firstDay, lastDay, delegate) as LoopId;
    const given = await give(open, id, {
      delegation: id,
      principal,
      delegate,
      scope: 'all',
      source: 'absence',
      absence: { id: absence, firstDay, lastDay },
      ...window,
    });
    if (given) opened++;
  }
  return opened;
}

/** From midnight to midnight of whoever is away; null once it is over. */
function windowOf({ zone, firstDay, lastDay }: AwayApprover, at: Instant) {
  const [first, last] = [firstDay, lastDay].map((day) => present(dayNumber(day), 'the day'));
  const [begin, end] = [first ?? 0, (last ?? 0) + 1].map((day) => atWall(zone, { day, minute: 0 }));
  if (!begin || !end || 'reason' in begin || 'reason' in end || end.at <= at) return null;
  return { from: Math.max(begin.at, at), until: end.at };
}

/** The first who stands in: the backup, then the managers; whoever is there before whoever is away too. */
async function delegateFor(
  db: Database,
  { principal, candidates }: AwayApprover,
  window: { readonly from: Instant; readonly until: Instant },
): Promise<PersonId | null> {
  const links = await delegationsBetween(db, window);
  const fits = candidates.filter(
    ({ id: delegate }) => faultOf({ principal, delegate, scope: 'all', ...window }, links) === null,
  );
  return (fits.find(({ isAway }) => !isAway) ?? fits[0])?.id ?? null;
}

/** False where it was refused: somebody was quicker, or has left meanwhile. */
async function give(open: Open, id: LoopId, given: Given): Promise<boolean> {
  try {
    const command: DelegationCommand = { type: 'give', ...given };
    await open({ loop, id, command });
    return true;
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) return false;
    throw error;
  }
}
