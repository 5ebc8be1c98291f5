/** What mail servers and mail services tell us, and what becomes of it. */
import { createRoute, z } from '@hono/zod-openapi';

const reportsMax = 100;

const messageId = z
  .string()
  .regex(/^<?[\w.-]{1,130}(?:@[^\s<>]{1,255})?>?$/)
  .openapi({ description: 'As it stands in the mail, with or without its angle brackets.' });
const report = z.strictObject({
  messageId,
  address: z.string().min(3).max(320),
  kind: z.enum(['permanent', 'refused', 'temporary', 'complaint']).openapi({
    description:
      '`permanent`: the address reaches nobody. `refused`: this one mail was given up, for whatever reason. ' +
      '`temporary`: it is still tried.',
  }),
});
export const mailReports = z
  .strictObject({ reports: z.array(report).min(1).max(reportsMax) })
  .openapi('MailReports');

const mailOutcomes = [
  'turned_off',
  'digests_ended',
  'known',
  'commented',
  'held',
  'dropped',
  'automatic',
  'unknown',
  'unreadable',
] as const;
export type MailOutcome = (typeof mailOutcomes)[number];

const outcomesAnswer = z
  .object({
    outcomes: z.array(z.enum(mailOutcomes)).openapi({
      description:
        'What became of each. `turned_off`: nothing is mailed to that address any more. `digests_ended`: ' +
        'after a complaint. `commented`: a reply is a comment now. `held`: a reply that is none, and its ' +
        'reader is told why; `dropped`: too many of those. `automatic`: nobody wrote it. `known`: nothing ' +
        'new. `unknown`: about no message of ours. `unreadable`: no mail.',
    }),
  })
  .openapi('MailOutcomes');

const signature = z.object({
  'webhook-id': z.string(),
  'webhook-timestamp': z.string(),
  'webhook-signature': z.string().openapi({
    description: 'Of Standard Webhooks, with the secret in MAIL_INTAKE_SECRET as it is.',
  }),
});

const answered = {
  200: {
    description: 'Taken in; to be sent no second time.',
    content: { 'application/json': { schema: outcomesAnswer } },
  },
};

/** Served only where there is a secret to sign with; nobody signs in there. */
export const mailRoutes = [
  createRoute({
    method: 'post',
    path: '/mail/bounces',
    operationId: 'takeMailReports',
    tags: ['mail'],
    security: [],
    summary: 'Mail that did not arrive or was complained of, as a mail service tells it',
    request: {
      headers: signature,
      body: { required: true, content: { 'application/json': { schema: mailReports } } },
    },
    responses: answered,
  }),
  createRoute({
    method: 'post',
    path: '/mail/inbound',
    operationId: 'takeMail',
    tags: ['mail'],
    security: [],
    summary: 'A mail as it came: a delivery report, a complaint, or a reply',
    request: {
      headers: signature,
      body: {
        required: true,
        content: { 'message/rfc822': { schema: z.string().openapi({ format: 'binary' }) } },
      },
    },
    responses: answered,
  }),
] as const;
