/** Looks at what may have changed, and at every account once a night: opens, tells anew, settles. */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Database } from '../../db/client.ts';
import { derivedId } from '../../db/derived-id.ts';
import { findAhead } from '../../db/look-ahead.ts';
import {
  dueAccounts,
  findingId,
  type KnownFinding,
  knownFindings,
  queueNight,
  removeDue,
} from '../../db/outlook.ts';
import { present } from '../../domain/assert.ts';
import type { AccountId, LoopId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { type Finding, findingKey, type Severity } from '../../domain/outlook/finding.ts';
import type { ClockCommand, OutlookCommand } from '../../domain/outlook/state.ts';
import { isOlderZoneData } from '../../domain/time/zone-version.ts';
import { type ZoneData, zones } from '../../domain/time/zone.ts';
import { keptVersion } from '../../db/zone-data.ts';
import { createOpenLoop, type OpenLoopParts } from '../open-loop.ts';

const loop = 'outlook';
/** Looked at with one set of statements. */
export const accountsPerBatch = 200;
/** In one run; more wait for the next one. */
const batchesPerRunMax = 50;
const stepsPerRunMax = 1_000;
/** Loops that are spoken to at once. */
const stepsAtOnce = 8;
/** Two days of work for what is urgent, five for what is not, in the working time of the one asked. */
const allowanceMinutes: Readonly<Record<Severity, number>> = {
  high: 960,
  medium: 2_400,
  low: 2_400,
};

export interface LookAheadParts extends OpenLoopParts {
  readonly db: Database;
  readonly zoneData?: ZoneData;
}

export interface LookedAhead {
  readonly accounts: number;
  readonly opened: number;
  readonly observed: number;
  readonly settled: number;
}

export type LookAhead = () => Promise<LookedAhead>;

/** Safe to repeat and to run twice at once: what is opened has an id that follows from what was found. */
export const createLookAhead = (parts: LookAheadParts): LookAhead => {
  const { db, clock, zoneData = zones } = parts;
  const take = createTakeStep(parts);
  return async () => {
    const told = { accounts: 0, opened: 0, observed: 0, settled: 0 };
    // A worker with newer zone data is there: it looks, and this one would see what is past.
    if (isOlderZoneData(zoneData.version, await keptVersion(db))) return told;
    await queueNight(db, new Date(clock.now()).toISOString().slice(0, 10));
    // Accounts with a loop whose run is gone stay due, for the run after the reconciliation's.
    const failed = new Set<AccountId>();
    for (let batch = 0; batch < batchesPerRunMax && stepsOf(told) < stepsPerRunMax; batch++) {
      const due = await dueAccounts(db, accountsPerBatch, [...failed]);
      if (due.length === 0) break;
      const ids = due.map(({ account }) => account);
      const steps = await stepsFor(parts, ids, clock.now());
      for (let first = 0; first < steps.length; first += stepsAtOnce) {
        const some = steps.slice(first, first + stepsAtOnce);
        const isTold = await Promise.all(some.map(take));
        for (const [index, { account, what }] of some.entries()) {
          if (isTold[index]) told[what]++;
          else failed.add(account);
        }
      }
      const done = due.filter(({ account }) => !failed.has(account));
      await removeDue(db, done);
      told.accounts += done.length;
    }
    return told;
  };
};

const stepsOf = ({ opened, observed, settled }: LookedAhead): number => opened + observed + settled;

interface Step {
  readonly account: AccountId;
  readonly what: 'opened' | 'observed' | 'settled';
  readonly id: LoopId;
  readonly commandId: string;
  readonly command: OutlookCommand;
}

async function stepsFor(
  { db, zoneData }: LookAheadParts,
  accounts: readonly AccountId[],
  now: Instant,
): Promise<readonly Step[]> {
  const findings = await findAhead(db, { accounts, now, zoneData });
  const keys = findings.map(findingKey);
  const known = new Map((await knownFindings(db, { accounts, keys })).map((row) => [row.key, row]));
  const found = new Set(keys);
  const gone = [...known.values()].filter(({ key }) => !found.has(key));
  return [
    ...findings.flatMap((finding) => stepFor(finding, known.get(findingKey(finding)))),
    ...gone.map(({ id, account }): Step => {
      return { account, what: 'settled', id, commandId: 'settle', command: { type: 'settle' } };
    }),
  ];
}

function stepFor(finding: Finding, known: KnownFinding | undefined): readonly Step[] {
  const { account, severity, from, until, asked } = finding;
  if (!known || known.status === 'settled') {
    const id = findingId(findingKey(finding), known ? known.turn + 1 : 0);
    const command = { type: 'open', ...finding, allowanceMinutes: allowanceMinutes[severity] };
    return [{ account, what: 'opened', id, commandId: 'open', command: command as OutlookCommand }];
  }
  const isSame =
    known.severity === severity &&
    known.from === from &&
    known.until === until &&
    known.asked === asked;
  if (isSame) return [];
  const { id, revision } = known;
  const command: ClockCommand = { type: 'observe', severity, from, until, asked };
  const commandId = derivedId('observe', String(revision), JSON.stringify(command));
  return [{ account, what: 'observed', id, commandId, command }];
}

/** False where the loop's run is gone: the reconciliation starts it again, and it is told then. */
function createTakeStep(parts: LookAheadParts): (step: Step) => Promise<boolean> {
  const { client, clock, address } = parts;
  const open = createOpenLoop(parts);
  const workflow = () => present(address.workflows[loop], 'the workflow of a finding');
  const names = { observed: 'observeFinding', settled: 'settleFinding' } as const;
  return async ({ what, id, commandId, command }) => {
    try {
      if (what === 'opened') {
        await open({ loop, id, command });
        return true;
      }
      await client.workflow.getHandle(workflow().workflowId(id)).executeUpdate(names[what], {
        updateId: commandId,
        args: [{ commandId, command, at: clock.now() }],
      });
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      // Held, or settled by another run just now: the next night looks again.
      if (error instanceof WorkflowUpdateFailedError) return true;
      throw error;
    }
  };
}
