/** By which ways somebody is reached, as the API takes and answers it. An address is never answered. */
import { z } from '@hono/zod-openapi';
import { channelNames } from '../../domain/people/preferences.ts';

const addressLengthMax = 2_000;
/** Those whose address is not kept in the directory. */
export const chatNames = ['slack', 'teams'] as const;

export const channelParams = z.object({ channel: z.enum(chatNames) });
export const channelBody = z
  .strictObject({
    address: z
      .url({ protocol: /^https$/ })
      .max(addressLengthMax)
      .openapi({
        description:
          'The incoming webhook of your chat. It is a secret: it is kept and never shown.',
      }),
  })
  .openapi('NewChannelAddress');

export const channelsAnswer = z
  .object({
    items: z.array(
      z.object({
        channel: z.enum(channelNames),
        hasAddress: z.boolean(),
        isAllowed: z.boolean().openapi({ description: 'Your region permits it.' }),
        isOff: z.boolean().openapi({ description: 'Its address is known to reach nobody.' }),
      }),
    ),
  })
  .openapi('Channels');
