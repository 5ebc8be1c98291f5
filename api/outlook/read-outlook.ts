import { createRoute, type z } from '@hono/zod-openapi';
import { findAccount } from '../../db/accounts.ts';
import { findAhead } from '../../db/look-ahead.ts';
import { type KnownFinding, knownFindings } from '../../db/outlook.ts';
import type { AccountId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { daysAhead } from '../../domain/outlook/facts.ts';
import { findingKey, findingSentence } from '../../domain/outlook/finding.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import type { OutlookParts } from './parts.ts';
import { outlookAnswer } from './schema.ts';

export const readOutlookRoute = createRoute({
  method: 'get',
  path: '/accounts/{id}/outlook',
  operationId: 'readOutlook',
  tags: ['accounts'],
  summary: 'What somebody must see to within 90 days, so that the account stays in good hands',
  request: { params: idParams },
  responses: {
    200: {
      description: 'As it is now, also where nobody has been asked about it yet.',
      content: { 'application/json': { schema: outlookAnswer } },
    },
  },
});

export type Outlook = z.input<typeof outlookAnswer>;

const iso = (at: Instant): string => new Date(at).toISOString();
export const isoOrNull = (at: Instant | null): string | null => (at === null ? null : iso(at));

export async function readOutlook(
  { db, clock, tell }: OutlookParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<Outlook> {
  const now = clock.now();
  const account = input.id as AccountId;
  if (!(await findAccount(db, { actor, id: account, at: now }))) {
    throw new Refusal(problem('request.not_found'));
  }
  const findings = await findAhead(db, { accounts: [account], now });
  const keys = findings.map(findingKey);
  const known = new Map(
    (await knownFindings(db, { accounts: [], keys })).map((row) => [row.key, row]),
  );
  const sentences = await tell(actor.id, findings.map(findingSentence));
  return {
    account,
    from: iso(now),
    until: iso(now + daysAhead * 86_400_000),
    items: findings.map((finding, index) => ({
      kind: finding.kind,
      severity: finding.severity,
      from: isoOrNull(finding.from),
      until: isoOrNull(finding.until),
      sentence: sentences[index] ?? '',
      asked: askedOf(known.get(findingKey(finding))),
    })),
  };
}

/** One that was gone and has come back is asked about anew: until then, nobody is. */
function askedOf(known: KnownFinding | undefined): Outlook['items'][number]['asked'] {
  if (!known || known.status === 'settled') return null;
  const { id, status, waitsFor, acceptedUntil } = known;
  return { id, status, waitsFor, acceptedUntil: isoOrNull(acceptedUntil) };
}
