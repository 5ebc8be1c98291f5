/** An offer as somebody wrote it, made into what the loop is opened with. */
import type { z } from '@hono/zod-openapi';
import { acceptanceMinutes } from '../../db/acceptance-minutes.ts';
import { findAccount, type Account } from '../../db/accounts.ts';
import { accountSubject } from '../../db/actors.ts';
import { findPerson, visiblePeople, type Person } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import type { Packet } from '../../domain/handoff/packet.ts';
import type { HandoffCommand } from '../../domain/handoff/state.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { problem, Refusal, type Problem } from '../../domain/problem.ts';
import { actingAs, authorise } from '../authorise.ts';
import type { Asked } from '../directory/parts.ts';
import type { HandoffParts } from './parts.ts';
import type { offerBody } from './schema.ts';

export type OfferInput = z.output<typeof offerBody>;
type OfferCommand = Extract<HandoffCommand, { readonly type: 'offer'; readonly actor: PersonId }>;

export interface Offer {
  readonly account: Account;
  /** Whose account it is now: a manager may start for them. */
  readonly giver: PersonId;
  readonly receiver: Person;
  readonly packet: Packet;
  readonly command: Omit<OfferCommand, 'packet'>;
}

const refuse = (code: Problem['code'], params: Problem['params'] = {}): never => {
  throw new Refusal(problem(code, params));
};

export async function offerOf(
  parts: HandoffParts,
  { actor, input }: Asked<OfferInput>,
): Promise<Offer> {
  const { db, clock } = parts;
  const id = input.account as AccountId;
  const account =
    (await findAccount(db, { actor, id, at: clock.now() })) ?? refuse('handoff.account_unknown');
  const subject = present(await accountSubject(db, id), 'the account that was found');
  const { onBehalfOf } = input;
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'handoff.start', subject, otherwise });
  await refuseUnknown(parts, actor, [
    input.receiver as PersonId,
    ...input.actions.map(({ owner }) => owner as PersonId),
  ]);
  const receiver = present(await findPerson(db, actor, input.receiver as PersonId), 'the receiver');
  const giver = subject.owner.id;
  const { severity } = input;
  const command = {
    type: 'offer',
    ...actingAs(actor, onBehalfOf),
    account: id,
    giver,
    receiver: receiver.id,
    severity,
    allowanceMinutes: await acceptanceMinutes(db, receiver.id, clock.now()),
  } as const;
  return { account, giver, receiver, packet: packetOf(input), command };
}

/** Everyone named is known to whoever names them, and with us. */
export async function refuseUnknown(
  { db }: Pick<HandoffParts, 'db'>,
  actor: Actor,
  ids: readonly PersonId[],
): Promise<void> {
  const people = await visiblePeople(db, actor, ids);
  for (const person of ids) {
    const found = people.get(person) ?? refuse('person.unknown', { person });
    if (!found.isActive) refuse('person.left', { person });
  }
}

export const packetOf = ({
  severity,
  summary,
  actions,
  situation,
  contingencies,
}: Omit<OfferInput, 'account' | 'receiver'>): Packet => ({
  severity,
  summary,
  actions: actions.map(({ text, owner, dueAt }) => ({
    text,
    owner: owner as PersonId,
    dueAt: Date.parse(dueAt),
  })),
  situation,
  contingencies,
});
