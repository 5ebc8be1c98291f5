/** What a skill audit checks and keeps in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { keepSheet, readSheet } from '../../db/competency-ratings.ts';
import type { DB } from '../../db/schema.ts';
import {
  auditFacts,
  endAudit,
  findSubject,
  openAudit,
  passSubjects,
  settleSubject,
} from '../../db/skill-audits.ts';
import type { LoopId, PersonId } from '../../domain/id.ts';
import type { HoldEvent, Instant } from '../../domain/loop.ts';
import { leftUnrated } from '../../domain/people/rating-sheet.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type {
  AuditCommand,
  AuditEvent,
  AuditFacts,
  AuditState,
} from '../../domain/skill-audit/state.ts';
import { guardActor } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<AuditState, AuditCommand, AuditEvent, AuditFacts>;
type Of<Type extends AuditCommand['type']> = Extract<AuditCommand, { readonly type: Type }>;
type Tx = Transaction<DB>;

export const auditRecord: LoopRecord<AuditState, AuditCommand, AuditEvent, AuditFacts> = {
  facts: (tx, _state, id) => auditFacts(tx, id),
  guard,
  async project(tx, step) {
    for (const event of step.events) await keepEvent(tx, step, event);
  },
};

const stale: GuardAnswer = { stale: problem('loop.stale_plan') };

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world } = step;
  switch (command.type) {
    case 'open':
      // By the clock: the policy of the region asks for it.
      return command.actor === undefined ? null : guardRegion(tx, step, 'skillAudit.open');
    case 'rate':
    case 'skip':
      return (await guardActive(tx, step)) ?? guardSubject(tx, step, command);
    case 'passOn':
      return world.person(command.to).isActive ? null : stale;
    case 'cancel':
    case 'hold':
    case 'resume':
      return guardRegion(tx, step, 'skillAudit.steer');
    case 'drop':
    case 'remind':
    case 'close':
      return null;
  }
}

const guardRegion = (
  tx: Tx,
  step: Step,
  action: 'skillAudit.open' | 'skillAudit.steer',
): Promise<GuardAnswer> =>
  guardActor(tx, step, {
    action,
    subject: () => ({ region: step.after.region }),
    otherwise: 'authority.forbidden',
  });

/** The rules have compared who acts with whom they ask. */
const guardActive = (tx: Tx, step: Step): Promise<GuardAnswer> =>
  guardActor(tx, step, {
    action: 'skillAudit.steer',
    subject: () => ({ region: step.after.region }),
    isOfTheAsked: true,
    otherwise: 'authority.forbidden',
  });

/** Theirs to rate, once, and with all that nobody has rated before. */
async function guardSubject(
  tx: Tx,
  { id }: Step,
  command: Of<'rate'> | Of<'skip'>,
): Promise<GuardAnswer> {
  const subject = await findSubject(tx, { audit: id, person: command.person });
  if (subject === null || subject.rater !== command.actor) {
    return { refused: problem('skillAudit.not_asked') };
  }
  if (subject.isSettled) return { refused: problem('skillAudit.already_settled') };
  if (command.type === 'skip') return null;
  const sheet = await readSheet(tx, command.sheet);
  if (sheet === null) return { refused: problem('content.unknown') };
  const [unrated] = leftUnrated(subject, sheet);
  return unrated === undefined
    ? null
    : { refused: problem('skillAudit.unrated', { competency: unrated }) };
}

async function keepEvent(
  tx: Tx,
  { id, at, after }: Step,
  event: AuditEvent | HoldEvent,
): Promise<void> {
  const settle = (person: PersonId, as: 'rated' | 'tooNew' | 'away' | 'left'): Promise<void> =>
    settleSubject(tx, { audit: id, person, as, at });
  switch (event.type) {
    case 'opened':
      if (!(await openAudit(tx, { id, at, after }))) throw new Refusal(problem('loop.stale_plan'));
      return;
    case 'rated':
      await settle(event.person, 'rated');
      return rate(tx, { id, at, event, mapVersion: after.mapVersion });
    case 'skipped':
      return settle(event.person, event.reason);
    case 'dropped':
      return settle(event.person, 'left');
    case 'passedOn':
      return passSubjects(tx, { audit: id, from: event.from, to: event.to });
    case 'closed':
    case 'cancelled':
      return endAudit(tx, { id, at, status: event.type });
    case 'reminded':
    case 'held':
    case 'resumed':
      return;
  }
}

interface Rated {
  readonly id: LoopId;
  readonly at: Instant;
  readonly event: Extract<AuditEvent, { readonly type: 'rated' }>;
  readonly mapVersion: number;
}

async function rate(tx: Tx, { id, at, event, mapVersion }: Rated): Promise<void> {
  const { sheet, person, by } = event;
  const isKept = await keepSheet(tx, { sheet, person, by, at, mapVersion, loop: id });
  if (!isKept) throw new Refusal(problem('content.unknown'));
}
