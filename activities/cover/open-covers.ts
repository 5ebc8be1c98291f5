/**
 * One rule for absences: whoever is away has their accounts covered. Two weeks before, colleagues are
 * asked; an absence that is taken back ends the asking.
 */
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { Database } from '../../db/client.ts';
import { coverCandidates } from '../../db/cover-candidates.ts';
import {
  begunLoops,
  coversWithoutAbsence,
  noteTries,
  type UncoveredAbsence,
  uncoveredAbsences,
} from '../../db/cover-absences.ts';
import { keepCandidates } from '../../db/covers.ts';
import { derivedId } from '../../db/derived-id.ts';
import { present } from '../../domain/assert.ts';
import type { CoverCommand } from '../../domain/cover/state.ts';
import type { LoopId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { createOpenLoop, type OpenLoopParts } from '../open-loop.ts';

const loop = 'cover';
const dayMs = 86_400_000;
const daysAhead = 14;
const coversPerRunMax = 100;
/** Looked at in a run; what is refused every time comes last in the next. */
const triesPerRunMax = 500;

export interface OpenCoversParts extends OpenLoopParts {
  readonly db: Database;
  /** As many as a run opens, unless a test says. */
  readonly perRunMax?: number;
  /** As many as a run tries, unless a test says. */
  readonly triesMax?: number;
}

/** Safe to repeat: the id follows from account, absence and day; one that was refused is tried the next day. */
export const createOpenCovers =
  (parts: OpenCoversParts) =>
  async (): Promise<{ readonly opened: number; readonly dropped: number }> => {
    const { db, clock, perRunMax = coversPerRunMax, triesMax = triesPerRunMax } = parts;
    const open = createOpenLoop(parts);
    const [today = '', until = ''] = [-1, daysAhead].map((days) =>
      new Date(clock.now() + days * dayMs).toISOString().slice(0, 10),
    );
    const found = await uncoveredAbsences(db, { today, until, limit: triesMax });
    let opened = 0;
    const ids = found.map((absence) => idOf(absence, today));
    const begun = await begunLoops(db, ids);
    const tried: UncoveredAbsence[] = [];
    try {
      for (const [index, absence] of found.entries()) {
        const id = present(ids[index], 'the id');
        if (opened >= perRunMax) break;
        tried.push(absence);
        if (begun.has(id) || absence.window.until <= clock.now()) continue;
        await ask(db, open, { absence, id, at: clock.now() }).then(() => opened++, ignoreRefused);
      }
    } finally {
      await noteTries(db, tried, clock.now());
    }
    const needless = await coversWithoutAbsence(db, coversPerRunMax);
    for (const id of needless) await drop(parts, id);
    return { opened, dropped: needless.length };
  };

interface Uncovered {
  readonly absence: UncoveredAbsence;
  readonly id: LoopId;
  readonly at: Instant;
}

/** One opening a day: what was opened today and has ended is asked for again tomorrow. */
const idOf = ({ account, absence, owner }: UncoveredAbsence, today: string): LoopId =>
  derivedId(loop, account, absence, owner, today) as LoopId;

async function ask(
  db: Database,
  open: ReturnType<typeof createOpenLoop>,
  { absence: found, id, at }: Uncovered,
): Promise<void> {
  const { absence, account, owner, manager, window } = found;
  const candidates = await coverCandidates(db, { account, owner, ...window });
  await keepCandidates(db, { cover: id, at, candidates });
  const command: CoverCommand = {
    type: 'request',
    account,
    owner,
    manager,
    reason: 'absence',
    candidates: candidates.map((candidate) => candidate.id),
    note: null,
    absence,
    ...window,
  };
  await open({ loop, id, command });
}

/** Somebody was quicker: the account is covered then already, or is another's. */
function ignoreRefused(error: unknown): void {
  if (!(error instanceof WorkflowUpdateFailedError)) throw error;
}

async function drop({ client, clock, address }: OpenCoversParts, id: LoopId): Promise<void> {
  const workflow = present(address.workflows[loop], 'the workflow of a cover');
  const envelope = { commandId: 'drop', command: { type: 'drop' }, at: clock.now() };
  try {
    await client.workflow
      .getHandle(workflow.workflowId(id))
      .executeUpdate('dropCover', { updateId: 'drop', args: [envelope] });
  } catch (error) {
    // It has just begun or ended, or the reconciliation starts it again.
    const hasGoneOn =
      error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError;
    if (!hasGoneOn) throw error;
  }
}
