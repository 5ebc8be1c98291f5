/**
 * `POST /mail/bounces` for a mail service's reports and `POST /mail/inbound` for mails as they came.
 * Signed as Standard Webhooks has it; without a secret of ours there are no such addresses.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { bouncesOf } from '../../channels/inbound/delivery-status.ts';
import { parseMail } from '../../channels/inbound/parse-mail.ts';
import type { Database } from '../../db/client.ts';
import type { Instant } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ApiEnvironment } from '../environment.ts';
import { limitBody } from '../middleware/json.ts';
import { type Report, takeReport } from './take-report.ts';

export interface IntakeParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  /** Absent, nothing is taken in. */
  readonly mailIntakeSecret?: string | undefined;
}

const reportsMax = 100;
const reportSchema = z.strictObject({
  messageId: z.string().regex(/^<?[\w.-]{1,100}(?:@[^\s<>]{1,255})?>?$/),
  address: z.string().min(3).max(320),
  kind: z.enum(['permanent', 'temporary', 'complaint']),
});
const reportsSchema = z.strictObject({ reports: z.array(reportSchema).min(1).max(reportsMax) });

export function registerMailIntake(
  app: OpenAPIHono<ApiEnvironment>,
  { mailIntakeSecret, ...parts }: IntakeParts,
): void {
  if (mailIntakeSecret === undefined) return;
  // The secret is text of the organisation's choice, and not the library's own `whsec_…`.
  const webhook = new Webhook(Buffer.from(mailIntakeSecret), { format: 'raw' });

  app.post('/mail/bounces', limitBody, async (c) => {
    const body = await signed(c, webhook);
    const read = reportsSchema.safeParse(jsonOf(body));
    if (!read.success) throw new Refusal(problem('request.invalid'));
    return answer(c, parts, read.data.reports);
  });
  app.post('/mail/inbound', limitBody, async (c) => {
    const read = await parseMail(await signed(c, webhook));
    if ('fault' in read) throw new Refusal(problem('request.invalid'));
    return answer(c, parts, bouncesOf(read.mail));
  });
}

/** Whoever cannot sign it learns no more than a stranger. */
async function signed(c: Context<ApiEnvironment>, webhook: Webhook): Promise<Buffer> {
  const body = Buffer.from(await c.req.arrayBuffer());
  const header = (name: string): string => c.req.header(`webhook-${name}`) ?? '';
  const headers = {
    'webhook-id': header('id'),
    'webhook-timestamp': header('timestamp'),
    'webhook-signature': header('signature'),
  };
  try {
    webhook.verify(body, headers, { jsonParse: false });
  } catch {
    throw new Refusal(problem('request.not_found'));
  }
  return body;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Refusal(problem('request.malformed_json'));
  }
}

const bare = (messageId: string): string => messageId.replace(/^<|>$/g, '').split('@')[0] ?? '';

async function answer(
  c: Context<ApiEnvironment>,
  parts: Omit<IntakeParts, 'mailIntakeSecret'>,
  reports: readonly Report[],
): Promise<Response> {
  const outcomes: string[] = [];
  for (const report of reports) {
    outcomes.push(await takeReport(parts, { ...report, messageId: bare(report.messageId) }));
  }
  return c.json({ outcomes });
}
