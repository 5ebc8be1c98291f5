import { createRoute, type z } from '@hono/zod-openapi';
import { findAccount } from '../../db/accounts.ts';
import { alertsOf } from '../../db/alerts.ts';
import type { AccountId, LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import type { AlertParts } from './parts.ts';
import { type Alert, presentAlert, summaryOf } from './present.ts';
import { alertAnswer, alertParams, alertsAnswer } from './schema.ts';

export const readAlertRoute = createRoute({
  method: 'get',
  path: '/alerts/{id}',
  operationId: 'readAlert',
  tags: ['alerts'],
  summary: 'An alert: who was called, why them, and who took it',
  request: { params: alertParams },
  responses: {
    200: {
      description: 'The alert, with its ETag.',
      content: { 'application/json': { schema: alertAnswer } },
    },
  },
});

export const listAlertsRoute = createRoute({
  method: 'get',
  path: '/accounts/{id}/alerts',
  operationId: 'listAlerts',
  tags: ['alerts'],
  summary: 'The alerts of an account that you take part in or stand over',
  request: { params: idParams },
  responses: {
    200: {
      description: 'The newest first.',
      content: { 'application/json': { schema: alertsAnswer } },
    },
  },
});

type ById = Asked<{ readonly id: string }>;

export const readAlert = (parts: AlertParts, { actor, input }: ById): Promise<Alert> =>
  presentAlert(parts, actor, input.id as LoopId);

export async function listAlerts(
  { db, clock }: AlertParts,
  { actor, input }: ById,
): Promise<z.input<typeof alertsAnswer>> {
  const account = input.id as AccountId;
  if (!(await findAccount(db, { actor, id: account, at: clock.now() }))) {
    throw new Refusal(problem('request.not_found'));
  }
  const rows = await alertsOf(db, actor, account);
  return { items: rows.map(summaryOf) };
}
