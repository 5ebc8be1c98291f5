/** What a calendar program reads: deadlines and absences of a person, or owners of an account. */
import { custodyHistory, findAccount } from '../../db/accounts.ts';
import { listAbsences, type StoredAbsence } from '../../db/absences.ts';
import { addressee } from '../../db/notices.ts';
import { findPerson, type Person } from '../../db/people.ts';
import { listTasks, type TaskRow } from '../../db/tasks.ts';
import { type CalendarEvent, icalendar } from '../../channels/calendar/icalendar.ts';
import { present } from '../../domain/assert.ts';
import type { Actor } from '../../domain/authority.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { dayNumber } from '../../domain/time/calendar.ts';
import { atWall } from '../../domain/time/wall.ts';
import { taskName } from '../../domain/task-kind.ts';
import { taskPath } from '../../locales/links.ts';
import { phrase, recipientFor, type Recipient } from '../../locales/render.ts';
import type { FeedParts } from './feed-operations.ts';

const tasksMax = 200;
const absencesMax = 500;
const periodsMax = 100;
const pastMs = 31 * 86_400_000;

/** In the language and on the clock of whoever made the address. */
const readerOf = async ({ db }: FeedParts, reader: PersonId): Promise<Recipient> =>
  recipientFor(present(await addressee(db, reader), 'the reader'));

export async function personCalendar(
  parts: FeedParts,
  actor: Actor,
  person: PersonId,
): Promise<string> {
  const { db, clock, publicUrl } = parts;
  const at = clock.now();
  const reader = await readerOf(parts, actor.id);
  const found = present(await findPerson(db, actor, person), 'the person');
  const tasks = await listTasks(db, actor, { after: null, limit: tasksMax, people: [person] });
  const since = new Date(at - pastMs).toISOString().slice(0, 10);
  const absences = await listAbsences(db, { person, since, after: null, limit: absencesMax });
  const events: readonly CalendarEvent[] = [
    ...tasks.flatMap((task) => deadline(task, reader, publicUrl)),
    ...absences.map((absence) => away(absence, found, reader)),
  ];
  const name = phrase('calendar.of_person', { person: found.name }, reader);
  return icalendar({ name, zone: reader.zone, locale: reader.locale, events, at });
}

/** On the absent person's wall, whoever reads it. */
function away(absence: StoredAbsence, person: Person, reader: Recipient): CalendarEvent {
  const { firstDay, lastDay, fromMinute, untilMinute } = absence;
  const event = {
    id: `absence-${absence.id}`,
    summary: phrase('calendar.away', { person: person.name }, reader),
  };
  if (fromMinute === null || untilMinute === null) return { ...event, firstDay, lastDay };
  const day = present(dayNumber(firstDay), 'the day');
  const [from, until] = [fromMinute, untilMinute].map((minute) =>
    atWall(person.zone, { day, minute }),
  );
  const isKnown = from && until && !('reason' in from) && !('reason' in until);
  return isKnown ? { ...event, from: from.at, until: until.at } : { ...event, firstDay, lastDay };
}

function deadline(task: TaskRow, reader: Recipient, publicUrl: string): readonly CalendarEvent[] {
  if (task.dueAt === null) return [];
  const step = { term: `page.task.${taskName(task.kind)}` };
  const summary = task.account
    ? phrase('calendar.due_account', { step, account: task.account.name }, reader)
    : phrase('calendar.due', { step }, reader);
  const url = `${publicUrl}${taskPath(task.loopId)}`;
  return [{ id: `task-${task.id}`, summary, from: task.dueAt, url }];
}

export async function accountCalendar(
  parts: FeedParts,
  actor: Actor,
  account: AccountId,
): Promise<string> {
  const { db, clock } = parts;
  const at = clock.now();
  const reader = await readerOf(parts, actor.id);
  const { name: accountName } = present(
    await findAccount(db, { actor, id: account, at }),
    'the account',
  );
  const periods = await custodyHistory(db, { account, limit: periodsMax });
  const events = periods.map(({ owner, from, until }) => ({
    id: `custody-${account}-${from}`,
    summary: phrase('calendar.owns', { person: owner.name, account: accountName }, reader),
    from,
    until: until ?? Math.max(at, from),
  }));
  const name = phrase('calendar.of_account', { account: accountName }, reader);
  return icalendar({ name, zone: reader.zone, locale: reader.locale, events, at });
}
