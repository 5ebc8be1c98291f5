/** What the day count says of somebody's own stay; to nobody but them. */
import type { AssignmentNames, AssignmentRow } from '../../db/assignment-list.ts';
import type { Query } from '../../db/client.ts';
import { staysOf } from '../../db/short-stays.ts';
import { present } from '../../domain/assert.ts';
import { isAtHost } from '../../domain/assignment/state.ts';
import {
  checkStay,
  isInSchengen,
  type Stay,
  stayDaysMax,
} from '../../domain/assignment/schengen.ts';
import { termsOf } from '../../domain/assignment/signers.ts';
import type { PersonId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { dayNumber, dayText } from '../../domain/time/calendar.ts';

const stayOf = (days: { readonly firstDay: string; readonly lastDay: string }): Stay => ({
  firstDay: present(dayNumber(days.firstDay), 'a day'),
  lastDay: present(dayNumber(days.lastDay), 'a day'),
});

/** Null for everybody else, and for what leads nobody from elsewhere into the Schengen area. */
export async function mobilitySentence(
  query: Query,
  reader: PersonId,
  { id, state }: AssignmentRow,
  { regions }: AssignmentNames,
): Promise<Sentence | null> {
  const terms = state.pending?.terms ?? termsOf(state);
  const countryOf = (id: string) => regions.find((region) => region.id === id)?.country ?? null;
  if (reader !== state.participant || !isAtHost(state.kind) || terms === null) return null;
  const isEntry = (from: string | null, to: string | null): boolean =>
    isInSchengen(to) && !isInSchengen(from);
  if (!isEntry(countryOf(state.homeRegion), countryOf(state.hostRegion))) return null;
  const stays = await staysOf(query, { person: reader, except: id });
  const others = stays
    .filter((stay) => stay.isOwnWord || isEntry(stay.from, stay.country))
    .map(stayOf);
  const { days, firstOver } = checkStay(others, stayOf(terms));
  const params = { days, max: stayDaysMax };
  return firstOver === null
    ? { key: 'assignment.stay_within', params }
    : { key: 'assignment.stay_over', params: { ...params, day: { day: dayText(firstOver) } } };
}
