/** Who would fit what is offered, the best first, each with the reasons; nothing begins by it. */
import { loadCalendars } from '../../db/calendars.ts';
import { lendingBetween } from '../../db/lending.ts';
import type { OpportunityRow } from '../../db/opportunities.ts';
import { seekersOf } from '../../db/seekers.ts';
import { rankSeekers, type SuggestionReason } from '../../domain/assignment/matching.ts';
import { daysOf, spanOf } from '../../domain/assignment/place.ts';
import type { PersonId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import type { Placed } from '../../domain/subjects.ts';
import { dayText } from '../../domain/time/calendar.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { dayMs } from '../../domain/time/zone.ts';
import type { AssignmentParts } from '../assignments/parts.ts';

const suggestionsMax = 50;
/** Of what is offered for longer, the hours of its first weeks are compared. */
const comparedDays = 90;
/** Of what regions lent each other. */
const ledgerDays = 365;
const daysAWeek = 7;

export const weeksOf = (days: Pick<OpportunityRow, 'firstDay' | 'lastDay'>): number =>
  daysOf(days) / daysAWeek;

const sentenceOf = ({ code, amount }: SuggestionReason): Sentence => ({
  key: `assignment.suggestion.${code}`,
  params: amount === undefined ? {} : { amount },
});

interface Asked {
  readonly reader: PersonId;
  /** Of nobody else; absent: of everybody whom it is for. */
  readonly only?: PersonId;
  mayBeSuggested(person: Placed): boolean;
}

export interface Fitting {
  readonly person: { readonly id: PersonId; readonly name: string };
  /** In the reader's language. */
  readonly reasons: string[];
}

export async function whoFits(
  { db, clock, tell }: Pick<AssignmentParts, 'db' | 'clock' | 'tell'>,
  row: OpportunityRow,
  { reader, only, mayBeSuggested }: Asked,
): Promise<readonly Fitting[]> {
  const at = clock.now();
  const host = (await loadCalendars(db, [row.host.id])).get(row.host.id);
  const span = spanOf(row, host?.zone ?? 'Etc/UTC');
  const range = { ...span, until: Math.min(span.until, span.from + comparedDays * dayMs) };
  const work = host && openCalendar(host).stretches(range);
  const offer = {
    ...row,
    hostRegion: row.hostRegion.id,
    homeRegions: row.homeRegions.map(({ id }) => id),
    weeks: Math.min(weeksOf(row), comparedDays / daysAWeek),
    work: work && !('reason' in work) ? work : new Float64Array(),
  };
  const asked = { regions: offer.homeRegions, goals: row.goals, range, at, only };
  const seekers = await seekersOf(db, asked, mayBeSuggested);
  const [firstDay = '', lastDay = ''] = [at - ledgerDays * dayMs, at].map((one) =>
    dayText(Math.floor(one / dayMs)),
  );
  const lent = await lendingBetween(db, { firstDay, lastDay });
  const ledger = new Map(
    [...lent].map(([region, one]) => [region, (one.borrowedMinutes - one.lentMinutes) / 60]),
  );
  const found = rankSeekers(offer, seekers, { ledger, limit: suggestionsMax });
  const told = await tell(
    reader,
    found.flatMap(({ reasons }) => reasons.map(sentenceOf)),
  );
  const names = new Map(seekers.map(({ id, name }) => [id, name]));
  let next = 0;
  return found.map(({ id, reasons }) => ({
    person: { id, name: names.get(id) ?? id },
    reasons: told.slice(next, (next += reasons.length)),
  }));
}
