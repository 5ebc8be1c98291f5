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
          'The incoming webhook of a chat that you alone read: whoever reads there reads what your messages ' +
          'are about, or all of them where the policy `message.chatText` has them shown whole. It is a ' +
          'secret: it is kept and never shown.',
      }),
  })
  .openapi('NewChannelAddress');

const mailAddressLengthMax = 320;

export const mailAddressBody = z
  .strictObject({
    address: z.string().min(3).max(mailAddressLengthMax).openapi({
      description: 'The address in the directory, as whoever turns it on knows it to be right.',
    }),
  })
  .openapi('ConfirmedMailAddress');
export const mailAnswer = z.object({ id: z.string(), isOff: z.boolean() }).openapi('MailTurnedOn');

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
