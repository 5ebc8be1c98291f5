/**
 * `POST /mail/bounces` for a mail service's reports and `POST /mail/inbound` for mails as they came.
 * Signed as Standard Webhooks has it; without a secret of ours there are no such addresses.
 */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { ParsedMail } from 'mailparser';
import { Webhook } from 'standardwebhooks';
import { complaintOf } from '../../channels/inbound/complaint.ts';
import { bouncesOf } from '../../channels/inbound/delivery-status.ts';
import { parseHead, parseMail } from '../../channels/inbound/parse-mail.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { ApiEnvironment, ApiParts } from '../environment.ts';
import type { Metrics } from '../metrics.ts';
import { limitBody, limitMail } from '../middleware/json.ts';
import { type MailOutcome, mailReports } from './schema.ts';
import { takeReply } from './take-reply.ts';
import { type Report, takeReport } from './take-report.ts';

export interface IntakeParts extends Pick<
  ApiParts,
  'db' | 'clock' | 'startDeliveries' | 'replies' | 'mailIntakeSecret' | 'mailProofSecret'
> {
  readonly metrics: Pick<Metrics, 'countMail'>;
}

export function registerMailIntake(app: OpenAPIHono<ApiEnvironment>, parts: IntakeParts): void {
  const { mailIntakeSecret, metrics } = parts;
  if (mailIntakeSecret === undefined) return;
  // The secret is text of the organisation's choice, and not the library's own `whsec_…`.
  const webhook = new Webhook(Buffer.from(mailIntakeSecret), { format: 'raw' });
  const serve = (
    path: string,
    limit: MiddlewareHandler,
    take: (body: Buffer) => Promise<readonly MailOutcome[]>,
  ) =>
    app.post(path, limit, async (c) => {
      const outcomes = await take(await signed(c, webhook));
      for (const outcome of outcomes) metrics.countMail(outcome);
      return c.json({ outcomes });
    });

  serve('/mail/bounces', limitBody, (body) => {
    const read = mailReports.safeParse(jsonOf(body));
    if (!read.success) throw new Refusal(problem('request.invalid'));
    return takeReports(parts, read.data.reports);
  });
  serve('/mail/inbound', limitMail, (body) => takeMail(parts, body));
}

async function takeMail(parts: IntakeParts, raw: Buffer): Promise<readonly MailOutcome[]> {
  const read = await parseMail(raw);
  // Whose it is can be told from its headers, so that its author hears of it.
  if ('fault' in read) {
    const head = await parseHead(raw);
    return head ? takeAnswer(parts, { mail: head, isWhole: false }) : ['unreadable'];
  }
  const { mail } = read;
  const complaint = complaintOf(mail);
  if (complaint) return takeReports(parts, [complaint]);
  const bounces = bouncesOf(mail);
  return bounces.length > 0
    ? takeReports(parts, bounces)
    : takeAnswer(parts, { mail, isWhole: true });
}

async function takeAnswer(
  { replies, ...parts }: IntakeParts,
  read: { readonly mail: ParsedMail; readonly isWhole: boolean },
): Promise<readonly MailOutcome[]> {
  return replies ? [await takeReply({ ...parts, replies }, read)] : ['unknown'];
}

async function takeReports(
  parts: IntakeParts,
  reports: readonly Report[],
): Promise<readonly MailOutcome[]> {
  const outcomes: MailOutcome[] = [];
  for (const report of reports) outcomes.push(await takeReport(parts, report));
  return outcomes;
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
