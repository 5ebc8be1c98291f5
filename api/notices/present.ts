/** What became of messages, as sentences: nothing is silent without a reason. */
import { type NoticeEvent, noticeEvents, type NoticeReason } from '../../db/notice-events.ts';
import { provisionalDays, type SeenNotice, type Written } from '../../db/notice-list.ts';
import { present } from '../../domain/assert.ts';
import type { PersonId } from '../../domain/id.ts';
import type { Instant, NoticeValue, Sentence } from '../../domain/loop.ts';
import { fallbackLocale, languageName } from '../../locales/catalogue.ts';
import { withWays } from './ways.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';

export interface ToldEvent extends NoticeEvent {
  readonly why: string;
}

export interface ToldNotice extends Omit<SeenNotice, 'written'> {
  readonly written: (Written & { readonly why: string }) | null;
  readonly events: readonly ToldEvent[];
}

const iso = (at: Instant): string => new Date(at).toISOString();

type Parts = Pick<WorkingTimeParts, 'db' | 'clock' | 'tell'>;

/** Each with its events; the last one says where it stands. */
export async function tellNotices(
  { db, clock, tell }: Parts,
  reader: PersonId,
  found: readonly SeenNotice[],
): Promise<readonly ToldNotice[]> {
  const notices = await withWays({ db, clock }, found);
  const events = await noticeEvents(
    db,
    notices.map(({ id }) => id),
  );
  const flat = notices.flatMap((notice) =>
    present(events.get(notice.id), 'its events').map((event) => ({ notice, event })),
  );
  const provisional = await provisionalDays(
    db,
    flat.flatMap(({ event }) => holidayOf(event) ?? []),
  );
  const why = await tell(reader, [
    ...flat.map(({ notice, event: { reason, what, params } }) =>
      sentenceOf({ code: reason ?? what, params }, notice.to.id, provisional),
    ),
    ...notices.map(({ written }) => languageOf(written)),
  ]);
  const languages = why.slice(flat.length);
  const told = flat.map(({ notice, event }, index) => ({
    id: notice.id,
    event: { ...event, why: present(why[index], 'the sentence') },
  }));
  const byNotice = Map.groupBy(told, ({ id }) => id);
  return notices.map(({ written, ...notice }, index) => ({
    ...notice,
    written: written && { ...written, why: present(languages[index], 'the sentence') },
    events: (byNotice.get(notice.id) ?? []).map(({ event }) => event),
  }));
}

export const shownNotice = (told: ToldNotice) => ({
  id: told.id,
  loop: told.loop,
  to: told.to,
  kind: told.key,
  channel: told.channel,
  status: told.status,
  sendAt: iso(told.sendAt),
  written: told.written,
  why: told.events.at(-1)?.why ?? '',
});

const languageOf = (written: Written | null): Sentence => ({
  key: `reason.written_${written?.from ?? 'default'}`,
  params: { language: languageName(written?.locale ?? fallbackLocale) },
});

type HolidayOn = Extract<NoticeValue, { readonly holiday: unknown }>['holiday'];

/** A code with a sentence, and what fills it. */
interface Why {
  readonly code: string;
  readonly params: NoticeEvent['params'];
}

const holidayOf = ({ params }: Pick<Why, 'params'>): HolidayOn | null => {
  const value = params['holiday'];
  return typeof value === 'object' && 'holiday' in value ? value.holiday : null;
};

/** Why somebody is told of something only then, as it is told of a message. */
export async function waitSentences(
  db: WorkingTimeParts['db'],
  recipient: PersonId,
  waits: readonly NoticeReason[],
): Promise<readonly Sentence[]> {
  const events = waits.map(({ reason: code, reasonParams: params }) => ({ code, params }));
  const provisional = await provisionalDays(
    db,
    events.flatMap((event) => holidayOf(event) ?? []),
  );
  return events.map((event) => sentenceOf(event, recipient, provisional));
}

/** A time is shown on the clock of the one it was held for, too. */
function sentenceOf(
  { code, params }: Why,
  recipient: PersonId,
  provisional: ReadonlySet<string>,
): Sentence {
  const holiday = holidayOf({ params });
  const isProvisional = holiday && provisional.has(`${holiday.region}/${holiday.day}`);
  const { until, ...others } = params;
  const shown = typeof until === 'object' && 'instant' in until ? until : null;
  return {
    key: `reason.${isProvisional ? 'holiday_provisional' : code}`,
    params: { ...others, ...(shown && { until: { ...shown, alsoFor: recipient } }) },
  };
}
