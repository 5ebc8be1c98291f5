/** What a finding checks and changes in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { projectOutlook } from '../../db/outlook.ts';
import type { DB } from '../../db/schema.ts';
import type { OutlookCommand, OutlookEvent, OutlookState } from '../../domain/outlook/state.ts';
import { problem } from '../../domain/problem.ts';
import { guardActor, guardOperator } from '../guard-actor.ts';
import type { GuardAnswer, LoopRecord, RecordedStep } from '../loop-record.ts';

type Step = RecordedStep<OutlookState, OutlookCommand, OutlookEvent>;
type Tx = Transaction<DB>;

export const outlookRecord: LoopRecord<OutlookState, OutlookCommand, OutlookEvent> = {
  guard,
  project: projectOutlook,
};

async function guard(tx: Tx, step: Step): Promise<GuardAnswer> {
  const { command, world } = step;
  switch (command.type) {
    case 'open':
    case 'observe':
    case 'remind':
    case 'askAgain':
    case 'settle':
      return null;
    case 'escalate':
      return world.person(command.to).isActive ? null : { stale: problem('loop.stale_plan') };
    case 'acknowledge':
      return guardActor(tx, step, {
        action: 'finding.acknowledge',
        subject: () => ({ asked: [step.before.waitsFor] }),
        isOfTheAsked: true,
        otherwise: 'authority.no_delegation',
      });
    case 'hold':
    case 'resume':
      return guardOperator(tx, step);
  }
}
