import { createRoute, type z } from '@hono/zod-openapi';
import { personSubject } from '../../db/actors.ts';
import { turnedOnMax, turnMailOn } from '../../db/channel-off.ts';
import { may } from '../../domain/authority.ts';
import type { PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { mailAddressBody, mailAnswer } from './schema.ts';

export const turnOnMailRoute = createRoute({
  method: 'post',
  path: '/people/{id}/mail/turn-on',
  operationId: 'turnOnMail',
  tags: ['messages'],
  summary: 'Mail is sent again to an address that had been found to reach nobody',
  description:
    'By the person, whoever stands over them, and those who look after their region. The first mail says that it is on ' +
    'again: at once where the person did it, else when they work; if it comes back, mail is off again.',
  request: {
    params: idParams,
    body: { required: true, content: { 'application/json': { schema: mailAddressBody } } },
  },
  responses: {
    200: {
      description: 'Mail is on, whether it was off or not.',
      content: { 'application/json': { schema: mailAnswer } },
    },
  },
});

type Parts = Pick<DirectoryParts, 'db' | 'clock' | 'startDeliveries'>;
type Input = { readonly id: string } & z.output<typeof mailAddressBody>;

export async function turnOnMail(
  { db, clock, startDeliveries }: Parts,
  { actor, input, seen }: Asked<Input> & { readonly seen?: number },
): Promise<z.input<typeof mailAnswer>> {
  const id = input.id as PersonId;
  const person = await personSubject(db, id);
  if (!person || !may(actor, 'person.view', person)) {
    throw new Refusal(problem('request.not_found'));
  }
  if (!may(actor, 'mail.turnOn', person)) throw new Refusal(problem('authority.forbidden'));
  const { address } = input;
  const told = await turnMailOn(db, { person: id, address, by: actor.id, at: clock.now(), seen });
  if (told === 'other_address') throw new Refusal(problem('preferences.other_address'));
  if (told === 'too_often') {
    throw new Refusal(problem('preferences.turned_on_often', { max: turnedOnMax }));
  }
  if ('found' in told) {
    throw new Refusal(problem('request.revision_stale', { seen: seen ?? 0, revision: told.found }));
  }
  startDeliveries?.(told);
  return { id, isOff: false };
}
