/** One's own channels: which there are, and where a chat is reached. */
import { createRoute, type z } from '@hono/zod-openapi';
import { isAddressOf } from '../../channels/chat/hosts.ts';
import { findRoutes, removeContact, saveContact } from '../../db/routes.ts';
import { addressee } from '../../db/notices.ts';
import { present } from '../../domain/assert.ts';
import type { PersonId } from '../../domain/id.ts';
import { channelNames } from '../../domain/people/preferences.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { wallDay } from '../../domain/time/wall.ts';
import type { Asked, DirectoryParts } from '../directory/parts.ts';
import { listMailOff, listMailOffRoute } from './mail-off.ts';
import { turnOnMail, turnOnMailRoute } from './turn-on-mail.ts';
import { channelBody, channelParams, channelsAnswer } from './schema.ts';

const answers = {
  200: {
    description: 'Every channel, and whether it reaches you.',
    content: { 'application/json': { schema: channelsAnswer } },
  },
} as const;
const tags = ['messages'];

const listRoute = createRoute({
  method: 'get',
  path: '/me/channels',
  operationId: 'listChannels',
  tags,
  summary: 'By which ways you are reached',
  responses: answers,
});

const writeRoute = createRoute({
  method: 'put',
  path: '/me/channels/{channel}',
  operationId: 'writeChannel',
  tags,
  summary: 'Where your chat is reached',
  request: {
    params: channelParams,
    body: { required: true, content: { 'application/json': { schema: channelBody } } },
  },
  responses: answers,
});

const removeRoute = createRoute({
  method: 'delete',
  path: '/me/channels/{channel}',
  operationId: 'removeChannel',
  tags,
  summary: 'Forgets where your chat is reached',
  request: { params: channelParams },
  responses: answers,
});

type Parts = Pick<DirectoryParts, 'db' | 'clock'>;
type Answer = z.input<typeof channelsAnswer>;

export async function channelsOf({ db, clock }: Parts, person: PersonId): Promise<Answer> {
  const now = clock.now();
  const { zone } = present(await addressee(db, person), 'oneself');
  const day = wallDay(now, zone);
  const routes = present(await findRoutes(db, { person, notice: null, now, day }), 'oneself');
  return {
    items: channelNames.map((channel) => ({
      channel,
      hasAddress: routes.reachable.includes(channel),
      isAllowed: routes.allowed.includes(channel),
      isOff: routes.off.includes(channel),
    })),
  };
}

type Written = Asked<z.output<typeof channelParams> & z.output<typeof channelBody>>;

export async function writeChannel(parts: Parts, { actor, input }: Written): Promise<Answer> {
  if (!isAddressOf(input.channel, input.address)) {
    throw new Refusal(problem('preferences.address_refused'));
  }
  await saveContact(parts.db, actor.id, input);
  return channelsOf(parts, actor.id);
}

export async function removeChannel(
  parts: Parts,
  { actor, input }: Asked<z.output<typeof channelParams>>,
): Promise<Answer> {
  const isRemoved = await removeContact(parts.db, actor.id, input.channel);
  if (!isRemoved) throw new Refusal(problem('request.not_found'));
  return channelsOf(parts, actor.id);
}

export const channelOperations = {
  list: {
    route: listRoute,
    run: (parts: Parts, { actor }: Asked<unknown>) => channelsOf(parts, actor.id),
  },
  write: { route: writeRoute, run: writeChannel },
  remove: { route: removeRoute, run: removeChannel },
  listMailOff: { route: listMailOffRoute, run: listMailOff },
  turnOnMail: { route: turnOnMailRoute, run: turnOnMail },
} as const;
