/** What a finding checks and changes in the transaction that records its step. */
import type { Transaction } from 'kysely';
import { loadActors } from '../../db/actors.ts';
import { projectOutlook } from '../../db/outlook.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { may, mayOnBehalfOf, organisation } from '../../domain/authority.ts';
import type { OutlookCommand, OutlookEvent, OutlookState } from '../../domain/outlook/state.ts';
import { problem } from '../../domain/problem.ts';
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
      return guardAsked(tx, step);
    case 'hold':
    case 'resume': {
      const actor = present(step.actor, 'who acts');
      const known = (await loadActors(tx, [actor], step.at)).get(actor);
      const mayHold = known !== undefined && may(known, 'loops.operate', organisation);
      return mayHold ? null : { refused: problem('authority.forbidden') };
    }
  }
}

/** The rules have compared the party with the one asked; here, that they are there and act for them. */
async function guardAsked(tx: Tx, step: Step): Promise<GuardAnswer> {
  const actor = present(step.actor, 'who acts');
  const party = step.onBehalfOf ?? actor;
  const people = await loadActors(tx, [actor, party], step.at);
  for (const person of [actor, party]) {
    const known = people.get(person);
    if (!known) return { refused: problem('person.unknown', { person }) };
    if (!known.isActive) return { refused: problem('person.left', { person }) };
  }
  if (actor === party) return null;
  const delegate = present(people.get(actor), 'who acts');
  const principal = present(people.get(party), 'for whom');
  const asked = { asked: [step.before.waitsFor] };
  return mayOnBehalfOf({ actor: delegate, principal }, 'finding.acknowledge', asked)
    ? null
    : { refused: problem('authority.no_delegation') };
}
