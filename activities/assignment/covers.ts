/** The covers of an assignment: asked for as its terms say, and given up when they say so no more. */
import type { Transaction } from 'kysely';
import { accountsToCover, openCoversOf } from '../../db/assignments.ts';
import type { DB } from '../../db/schema.ts';
import { present } from '../../domain/assert.ts';
import { askedUnder, followTerms } from '../../domain/assignment/covers.ts';
import type {
  AssignmentCommand,
  AssignmentEvent,
  AssignmentFacts,
  AssignmentState,
  Span,
} from '../../domain/assignment/state.ts';
import type { AccountId } from '../../domain/id.ts';
import type { Opening, RecordedStep } from '../loop-record.ts';
import { releaseCover, requestCover } from '../request-cover.ts';

type Step = RecordedStep<AssignmentState, AssignmentCommand, AssignmentEvent, AssignmentFacts>;
type Tx = Transaction<DB>;

/** Of these accounts, or all that are still open. */
export async function releaseCovers(
  tx: Tx,
  { id, at }: Pick<Step, 'id' | 'at'>,
  accounts?: readonly AccountId[],
): Promise<readonly Opening[]> {
  const covers = await openCoversOf(tx, { id, at, accounts });
  return covers.map((cover) => releaseCover(id, cover, at));
}

export async function askCovers(
  tx: Tx,
  { id, at, after }: Step,
  { from, until, accounts }: Span & { readonly accounts: readonly AccountId[] },
): Promise<readonly Opening[]> {
  const { participant } = after;
  const found = await accountsToCover(tx, { participant, accounts, from });
  const openings: Opening[] = [];
  for (const account of found) {
    const asked = {
      by: id,
      at,
      account,
      owner: participant,
      from,
      until,
      terms: askedUnder(after),
    };
    openings.push(await requestCover(tx, asked));
  }
  return openings;
}

/** With terms that all three have signed. */
export async function moveCovers(
  tx: Tx,
  step: Step,
  { coversAnew }: Extract<AssignmentEvent, { type: 'agreed' }>,
): Promise<readonly Opening[]> {
  const { at, before, after, world } = step;
  const { released, asked, parts } = followTerms({
    before: before.terms,
    after: present(after.terms, 'the terms in force'),
    at,
    days: present(world.facts.days, 'the days of these terms'),
    coveredUntil: after.coveredUntil,
    isAnew: coversAnew === true,
  });
  const openings = [...(await releaseCovers(tx, step, released))];
  for (const part of parts) {
    openings.push(...(await askCovers(tx, step, { ...part, accounts: asked })));
  }
  return openings;
}
