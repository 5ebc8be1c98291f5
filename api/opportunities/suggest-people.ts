import { createRoute, type z } from '@hono/zod-openapi';
import { loadCalendars } from '../../db/calendars.ts';
import { lendingBetween } from '../../db/lending.ts';
import { seekersOf } from '../../db/seekers.ts';
import { rankSeekers, type SuggestionReason } from '../../domain/assignment/matching.ts';
import { spanOf } from '../../domain/assignment/place.ts';
import { may } from '../../domain/authority.ts';
import type { Sentence } from '../../domain/loop.ts';
import { dayText } from '../../domain/time/calendar.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { dayMs } from '../../domain/time/zone.ts';
import type { AssignmentParts, ById } from '../assignments/parts.ts';
import type { Asked } from '../directory/parts.ts';
import { seenOpportunity, weeksOf } from './present.ts';
import { opportunityParams, suggestionsAnswer } from './schema.ts';

export const suggestPeopleRoute = createRoute({
  method: 'get',
  path: '/opportunities/{id}/suggestions',
  operationId: 'suggestPeople',
  tags: ['assignments'],
  summary: 'Who could take it, with the reasons; nothing begins by it',
  description:
    'Of yourself, of those below you, and of the people of regions whose learning you look after: where somebody ' +
    'has a gap is told to nobody else.',
  request: { params: opportunityParams },
  responses: {
    200: {
      description: 'The best first.',
      content: { 'application/json': { schema: suggestionsAnswer } },
    },
  },
});

const suggestionsMax = 50;
/** Of what is offered for longer, the hours of its first weeks are compared. */
const comparedDays = 90;
/** Of what regions lent each other. */
const ledgerDays = 365;

const sentenceOf = ({ code, amount }: SuggestionReason): Sentence => ({
  key: `assignment.suggestion.${code}`,
  params: amount === undefined ? {} : { amount },
});

export async function suggestPeople(
  parts: AssignmentParts,
  { actor, input }: Asked<ById>,
): Promise<z.input<typeof suggestionsAnswer>> {
  const { db, clock } = parts;
  const row = await seenOpportunity(parts, actor, input.id);
  const at = clock.now();
  const host = (await loadCalendars(db, [row.host.id])).get(row.host.id);
  const span = spanOf(row, host?.zone ?? 'Etc/UTC');
  const range = { ...span, until: Math.min(span.until, span.from + comparedDays * dayMs) };
  const work = host && openCalendar(host).stretches(range);
  const offer = {
    ...row,
    hostRegion: row.hostRegion.id,
    homeRegions: row.homeRegions.map(({ id }) => id),
    weeks: Math.min(weeksOf(row), comparedDays / 7),
    work: work && !('reason' in work) ? work : new Float64Array(),
  };
  const asked = { regions: offer.homeRegions, goals: row.goals, range, at };
  const seekers = await seekersOf(db, asked, (person) => may(actor, 'assignment.suggest', person));
  const [firstDay = '', lastDay = ''] = [at - ledgerDays * dayMs, at].map((one) =>
    dayText(Math.floor(one / dayMs)),
  );
  const lent = await lendingBetween(db, { firstDay, lastDay });
  const ledger = new Map(
    [...lent].map(([region, one]) => [region, (one.borrowedMinutes - one.lentMinutes) / 60]),
  );
  const found = rankSeekers(offer, seekers, { ledger, limit: suggestionsMax });
  const told = await parts.tell(
    actor.id,
    found.flatMap(({ reasons }) => reasons.map(sentenceOf)),
  );
  const names = new Map(seekers.map(({ id, name }) => [id, name]));
  let next = 0;
  return {
    items: found.map(({ id, reasons }) => ({
      person: { id, name: names.get(id) ?? id },
      reasons: told.slice(next, (next += reasons.length)),
    })),
  };
}
