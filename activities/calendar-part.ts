/** What a message brings for its reader's calendar, and what it withdraws from it. */
import type { Letter, LetterEvent } from '../channels/channel.ts';
import type { BundledNotice } from '../db/bundles.ts';
import { type CalendarEntry, entriesOf, isCalledOff } from '../db/calendar-entries.ts';
import type { Query } from '../db/client.ts';
import type { ClaimedNotice } from '../db/notices.ts';
import type { Recipient } from '../locales/render.ts';
import { wordsOf } from './compose-notice.ts';
import { calledOffAt, entryOf, letterEvent, timedPart, withdrawnEvent } from './letter-event.ts';

type Told = readonly [BundledNotice, ...(readonly BundledNotice[])];

export interface CalendarSubject {
  readonly notice: Pick<ClaimedNotice, 'recipient' | 'isAsking' | 'dueAt'>;
  readonly recipient: Recipient;
  readonly publicUrl: string;
  /** Of the whole message. */
  readonly subject: string;
}

export interface CalendarPart {
  readonly letter: Pick<Letter, 'event' | 'withdrawn'>;
  readonly entry: CalendarEntry | null;
}

export async function calendarPart(
  db: Query,
  told: Told,
  about: CalendarSubject,
): Promise<CalendarPart> {
  const own = await ownEntry(db, told, about);
  const withdrawn = await withdrawnEvents(db, told, { ...about, own: own?.entry ?? null });
  const event = own && letterEvent(own.entry, about.notice.recipient, own.summary);
  return {
    letter: { ...(event && { event }), ...(withdrawn.length > 0 && { withdrawn }) },
    entry: own?.entry ?? null,
  };
}

/** A part's own subject, also within a bundle. */
async function summaryOf(
  db: Query,
  part: BundledNotice,
  { told, recipient, publicUrl, subject }: CalendarSubject & { readonly told: Told },
): Promise<string> {
  if (told.length === 1) return subject;
  return (await wordsOf(db, [part], { recipient, publicUrl })).rendered.subject;
}

/** Not what a later step has called off before this message went out. */
async function ownEntry(db: Query, told: Told, about: CalendarSubject) {
  const { recipient, isAsking, dueAt } = about.notice;
  const to = { to: recipient, isAsking, dueAt };
  const part = timedPart(told, to);
  if (part === null) return null;
  const entry = entryOf(part, to);
  if (entry.kind !== 'deadline' && (await isCalledOff(db, entry))) return null;
  return { entry, summary: await summaryOf(db, part, { ...about, told }) };
}

interface Withdrawing extends CalendarSubject {
  readonly own: CalendarEntry | null;
}

async function withdrawnEvents(
  db: Query,
  told: Told,
  about: Withdrawing,
): Promise<readonly LetterEvent[]> {
  const { own, notice, recipient } = about;
  const found: LetterEvent[] = [];
  for (const part of told) {
    const at = calledOffAt(part);
    const { loopId: loop, sequence } = part;
    if (at === null || loop === null) continue;
    const entries = await entriesOf(db, { loop, person: notice.recipient });
    // What this very message puts there is not what it calls off.
    const others = entries.filter(
      (one) => one.sequence < sequence && !(own?.loop === loop && own.kind === one.kind),
    );
    const summary = others.length === 0 ? '' : await summaryOf(db, part, { ...about, told });
    const off = { at, zone: recipient.zone, sequence, to: notice.recipient, summary };
    found.push(...others.flatMap((entry) => withdrawnEvent(entry, off) ?? []));
  }
  return found;
}
