import { createRoute, type z } from '@hono/zod-openapi';
import { loadCalendars } from '../../db/calendars.ts';
import { type NamedDay, namedDays } from '../../db/holiday-reviews.ts';
import { findPerson } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import { hoursText } from '../../domain/directory/hours.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { dayNumber, dayText, type WorkingCalendar } from '../../domain/time/calendar.ts';
import { dayExplainer, type LayerStep, minutesOf } from '../../domain/time/explain.ts';
import { atWall } from '../../domain/time/wall.ts';
import { openCalendar } from '../../domain/time/working-time.ts';
import { zones } from '../../domain/time/zone.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { localTime } from '../local-time.ts';
import type { WorkingTimeParts } from './parts.ts';
import { daysMax, workingTimeAnswer, workingTimeQuery } from './schema.ts';

export const readWorkingTimeRoute = createRoute({
  method: 'get',
  path: '/people/{id}/working-time',
  operationId: 'readWorkingTime',
  tags: ['working time'],
  summary: 'When somebody works, day by day, and what decided it',
  request: { params: idParams, query: workingTimeQuery },
  responses: {
    200: {
      description: 'As every deadline of theirs is counted.',
      content: { 'application/json': { schema: workingTimeAnswer } },
    },
  },
});

type Input = { readonly id: string } & z.output<typeof workingTimeQuery>;
type Answer = z.input<typeof workingTimeAnswer>;

export async function readWorkingTime(
  parts: WorkingTimeParts,
  { actor, input }: Asked<Input>,
): Promise<Answer> {
  const person = input.id as PersonId;
  const found = await findPerson(parts.db, actor, person);
  if (!found) throw new Refusal(problem('request.not_found'));
  const range = daysOf(input);
  const calendar = present((await loadCalendars(parts.db, [person])).get(person), 'the calendar');
  const stretches = stretchesOf(calendar, range);
  const days = await explained(parts, {
    calendar,
    range,
    reader: actor.id,
    region: found.region,
  });
  return {
    person,
    zone: calendar.zone,
    computedWith: { zoneData: zones.version, calendarRevision: calendar.revision },
    minutes: stretches.reduce((sum, { from, until }) => sum + (until - from) / 60_000, 0),
    stretches: stretches.map(({ from, until }) => ({
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      localFrom: localTime(from, calendar.zone),
      localUntil: localTime(until, calendar.zone),
    })),
    days,
  };
}

/** Days since 1970-01-01, both included. */
interface DayRange {
  readonly first: number;
  readonly last: number;
}

function daysOf({ from, to }: Input): DayRange {
  const [first, last] = [dayNumber(from), dayNumber(to)];
  if (first === null || last === null) throw new Refusal(problem('time.horizon'));
  if (last < first) throw new Refusal(problem('time.range_reversed', { from, to }));
  if (last - first >= daysMax) throw new Refusal(problem('time.range_too_long', { max: daysMax }));
  return { first, last };
}

interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** From the first instant of the first day until the first of the day after the last. */
function stretchesOf(calendar: WorkingCalendar, { first, last }: DayRange): readonly Stretch[] {
  const [opens, closes] = [first, last + 1].map((day) => atWall(calendar.zone, { day, minute: 0 }));
  if (!opens || !closes || 'reason' in opens || 'reason' in closes) {
    throw new Refusal(problem('time.horizon'));
  }
  const found = openCalendar(calendar).stretches({ from: opens.at, until: closes.at });
  if (!(found instanceof Float64Array)) throw new Refusal(problem('time.horizon'));
  return Array.from({ length: found.length / 2 }, (_, index) => ({
    from: present(found[2 * index], 'a start'),
    until: present(found[2 * index + 1], 'an end'),
  }));
}

async function explained(
  { db, tell }: WorkingTimeParts,
  asked: {
    readonly calendar: WorkingCalendar;
    readonly range: DayRange;
    readonly reader: PersonId;
    readonly region: RegionId;
  },
): Promise<Answer['days']> {
  const { region, range } = asked;
  const { first, last } = range;
  const holidays = await namedDays(db, region, { first: dayText(first), last: dayText(last) });
  const explain = dayExplainer(asked.calendar);
  const days = Array.from({ length: last - first + 1 }, (_, index) => {
    const { steps, ...day } = explain(first + index);
    const on = dayText(first + index);
    const holiday = shownHoliday(holidays.get(on));
    return { day: on, ...day, steps: steps.map(shownStep), holiday };
  });
  const sentences = days.map(({ day, decidedBy, holiday }): Sentence => {
    if (holiday === null || decidedBy !== holiday.kind) {
      return { key: `calendar.decided.${decidedBy}`, params: {} };
    }
    const { status, kind } = holiday;
    return {
      key: `calendar.holiday.${status}.${kind}`,
      params: { holiday: { holiday: { region, day } } },
    };
  });
  const why = await tell(asked.reader, sentences);
  return days.map((day, index) => ({ ...day, why: present(why[index], 'the sentence') }));
}

function shownHoliday(found: NamedDay | undefined): Answer['days'][number]['holiday'] {
  if (!found) return null;
  const { name, kind, status, source } = found;
  return { name, kind, status, source };
}

const shownStep = ({
  layer,
  removed,
  added,
}: LayerStep): Answer['days'][number]['steps'][number] => ({
  layer,
  removedMinutes: minutesOf(removed),
  addedMinutes: minutesOf(added),
  removed: removed.map(hoursText),
  added: added.map(hoursText),
});
