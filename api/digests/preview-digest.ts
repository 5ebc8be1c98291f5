import { createRoute, type z } from '@hono/zod-openapi';
import { personSubject } from '../../db/actors.ts';
import { loadCalendars } from '../../db/calendars.ts';
import { readContents } from '../../db/contents.ts';
import { digestsOf } from '../../db/digest-list.ts';
import { openMaterial } from '../../db/digest-material.ts';
import { type DigestFacts, digestFacts, digestPerson } from '../../db/digests.ts';
import { type NoticeReason, readerFacts } from '../../db/notice-events.ts';
import { addressee } from '../../db/notices.ts';
import { readableTexts } from '../../db/practice-deliveries.ts';
import { present } from '../../domain/assert.ts';
import { may } from '../../domain/authority.ts';
import { endedSentence, noneSentence, reasonSentence } from '../../domain/digest/explain.ts';
import type { Chosen } from '../../domain/digest/choose.ts';
import { type Due, takeTurn } from '../../domain/digest/turn.ts';
import { sourceParts, type TranslatedText } from '../../domain/exchange/practice.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import { restMs, sendTime, waitingParams } from '../../domain/notice/send-time.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { dayText } from '../../domain/time/calendar.ts';
import { weekdays } from '../../domain/time/weekday.ts';
import { zones } from '../../domain/time/zone.ts';
import { readingMinutes } from '../../locales/reading.ts';
import type { Asked } from '../directory/parts.ts';
import { idParams } from '../directory/schema.ts';
import { localTime } from '../local-time.ts';
import { waitSentences } from '../notices/present.ts';
import { timeOf } from '../preferences/read-preferences.ts';
import type { WorkingTimeParts } from '../working-time/parts.ts';
import { digestPreviewAnswer } from './schema.ts';

export const previewDigestRoute = createRoute({
  method: 'get',
  path: '/people/{id}/digest-preview',
  operationId: 'previewDigest',
  tags: ['exchange'],
  summary: 'What somebody’s next digest would tell them, when, and why',
  description:
    'With the planner that makes it, and without any effect. Seen by the person, those above them, and who leads the learning of their region.',
  request: { params: idParams },
  responses: {
    200: {
      description: 'As it would be now.',
      content: { 'application/json': { schema: digestPreviewAnswer } },
    },
  },
});

export type DigestPreview = z.input<typeof digestPreviewAnswer>;

const earlierMax = 10;

export async function previewDigest(
  parts: WorkingTimeParts,
  { actor, input }: Asked<{ readonly id: string }>,
): Promise<DigestPreview> {
  const { db } = parts;
  const id = input.id as PersonId;
  const subject = await personSubject(db, id);
  if (!subject || !may(actor, 'digest.preview', subject)) {
    throw new Refusal(problem('request.not_found'));
  }
  const facts = present(await digestFacts(db, id, parts.clock.now()), 'who is planned for');
  const { name, zone } = present(await addressee(db, id), 'whose digest it is');
  const due = await nextOf(parts, { person: id, region: subject.region, facts });
  const choice = await (await openMaterial(db, [id])).choiceOf(id);
  const items = await shownItems(parts, { viewer: actor.id, reader: id, items: choice.items });
  const { wish } = facts;
  return {
    person: { id, name },
    wish: { every: wish.every, weekday: weekdays[wish.weekday - 1]!, at: timeOf(wish.minute) },
    next: due && (await nextShown(parts, due, { viewer: actor.id, person: id, zone })),
    sentences: [...(await parts.tell(actor.id, sentencesOf(facts, due, choice.items.length)))],
    items,
    more: choice.more,
    hidden: choice.items.length - items.length,
    earlier: await earlierOf(parts, actor.id, id),
  };
}

interface Planned {
  readonly person: PersonId;
  readonly region: RegionId;
  readonly facts: DigestFacts;
}

interface Next extends Pick<Due, 'at' | 'period'> {
  readonly why: NoticeReason | null;
}

/** When it reaches its reader: a plan knows no rest, which holds what was composed. */
async function nextOf(
  { db, clock }: WorkingTimeParts,
  { person, region, facts }: Planned,
): Promise<Next | null> {
  const calendar = present((await loadCalendars(db, [person])).get(person), 'a calendar');
  const { reader, ...others } = digestPerson(facts, calendar, zones);
  const turn = takeTurn(facts.plan, { ...others, reader }, clock.now());
  const due = turn.what === 'wait' ? turn.plan.due : turn.due;
  if (due === null) return null;
  const { period } = due;
  const wakesAt = Math.max(due.at, clock.now());
  const asked = (await readerFacts(db, person, wakesAt))?.askedUntil ?? null;
  const rested = { ...reader, restsUntil: asked && asked + restMs };
  const held = sendTime('digest', wakesAt, rested);
  const { at, why } = held.sendAt > wakesAt ? { at: held.sendAt, why: held.why } : due;
  return {
    at,
    period,
    why: why && { reason: why.code, reasonParams: waitingParams(why, at, region) },
  };
}

function sentencesOf(facts: DigestFacts, due: Next | null, items: number): readonly Sentence[] {
  if (due === null) return [noneSentence(facts)];
  return [
    { key: 'digest.preview.comes', params: { at: { instant: due.at } } },
    { key: items === 0 ? 'digest.preview.nothing_new' : 'digest.preview.as_of', params: {} },
  ];
}

interface Shown {
  readonly viewer: PersonId;
  readonly person: PersonId;
  readonly zone: string;
}

async function nextShown(
  parts: WorkingTimeParts,
  { at, period, why }: Next,
  { viewer, person, zone }: Shown,
): Promise<DigestPreview['next']> {
  const waits = await waitSentences(parts.db, person, why ? [why] : []);
  const [sentence] = await parts.tell(viewer, waits);
  return {
    at: new Date(at).toISOString(),
    localAt: localTime(at, zone),
    period: dayText(period),
    moved: why && { code: why.reason, sentence: sentence ?? '' },
  };
}

interface Showing {
  readonly viewer: PersonId;
  readonly reader: PersonId;
  readonly items: readonly Chosen[];
}

/** Whoever looks passes the gate as well as whoever it is for. */
async function shownItems(
  { db, tell }: WorkingTimeParts,
  { viewer, reader, items }: Showing,
): Promise<DigestPreview['items']> {
  const ids = items.map(({ id }) => id);
  const [mine, theirs] = [
    await readableTexts(db, viewer, ids),
    await readableTexts(db, reader, ids),
  ];
  const shown = items.flatMap((item) => {
    const text = theirs.get(item.id);
    return text && mine.has(item.id) ? [{ ...item, text }] : [];
  });
  const bodies = await readContents(
    db,
    shown.map(({ text }) => text.content),
  );
  return Promise.all(
    shown.map(async ({ id, text, reasons }) => {
      const body = bodies.get(text.content)?.body as TranslatedText | null | undefined;
      const whole = sourceParts.map((part) => body?.[part] ?? '').join('\n');
      const sentences = await tell(viewer, reasons.map(reasonSentence));
      return {
        practice: id,
        title: body?.title ?? '',
        locale: text.locale,
        isFallback: text.isFallback,
        readingMinutes: Math.max(1, Math.ceil(readingMinutes(whole, text.locale))),
        reasons: reasons.map(({ code }, index) => ({ code, sentence: sentences[index] ?? '' })),
      };
    }),
  );
}

async function earlierOf(
  { db, tell }: WorkingTimeParts,
  viewer: PersonId,
  person: PersonId,
): Promise<DigestPreview['earlier']> {
  const rows = await digestsOf(db, person, earlierMax);
  const held = rows.flatMap((row) => row.held ?? []);
  const waits = (await waitSentences(db, person, held)).values();
  const sentences = await tell(
    viewer,
    rows.map((row) =>
      row.held === null ? endedSentence(row) : present(waits.next().value, 'why'),
    ),
  );
  return rows.map(({ period, every, dueAt, status, items }, index) => ({
    period,
    every,
    dueAt: new Date(dueAt).toISOString(),
    status,
    items,
    sentence: sentences[index] ?? '',
  }));
}
