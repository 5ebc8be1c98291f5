/** Three people of one handoff, and what any of its messages can be filled with. */
import { textsOf } from '../../locales/checks.ts';
import { recipientFor, type Recipient, type RenderValues } from '../../locales/render.ts';

export const readers = {
  berlin: recipientFor({ locale: 'de', zone: 'Europe/Berlin' }),
  riyadh: recipientFor({ locale: 'ar', zone: 'Asia/Riyadh' }),
  tokyo: recipientFor({ locale: 'ja', zone: 'Asia/Tokyo' }),
} as const satisfies Record<string, Recipient>;

/** Keys of every message there is: whatever the English catalogue has a subject for, however deep. */
export const messageKeys: readonly string[] = [...textsOf('en').keys()]
  .filter((key) => key.endsWith('.subject'))
  .map((key) => key.slice(0, -'.subject'.length));

/** 09:00 in Berlin, 11:00 in Riyadh, 17:00 in Tokyo, all of one day. */
export const instant = Date.UTC(2027, 0, 4, 8);

export function valuesWith(name: string): RenderValues {
  const at = { instant, alsoZone: 'Europe/Berlin', alsoName: name };
  const people = { account: name, giver: name, receiver: name, person: name, raiser: name };
  const reason = { term: 'reason.calendar.several' };
  const holiday = { region: name, holiday: name, day: { day: '2027-03-10' } };
  return {
    ...people,
    ...holiday,
    severity: name,
    reason,
    percent: 50,
    messages: 3,
    files: 2,
    items: 3,
    people: 7,
    received: 4,
    coach: name,
    line: name,
    host: name,
    chat: { term: 'preferences.channel_of.teams' },
    language: name,
    at,
    dueAt: at,
    formerlyAt: at,
    meetsAt: at,
    owner: name,
    offer: name,
    from: at,
    until: at,
    principal: name,
    delegate: name,
    away: name,
    scope: { term: 'delegation.scope.all' },
    step: { term: 'page.task.settle' },
    participant: name,
    firstDay: { day: '2027-03-10' },
    lastDay: { day: '2027-06-09' },
    finding: { term: 'outlook.kind.gap' },
    what: { term: 'change.kind.region_merged' },
    change: { sentence: 'change.what.region_merged', values: { region: name, into: name } },
    problem: { sentence: 'problems.cover.window_past.title', values: {} },
    why: { sentence: 'problems.cover.window_past.detail', values: {} },
    into: name,
    team: name,
    countries: 'DE, CH',
    key: 'message.channels',
    requester: name,
    subject: name,
    closesAt: at,
    kind: { term: 'budgetRequest.kind.course' },
    amount: { money: { minor: '480000', currency: 'EUR' } },
    title: name,
    task: { term: 'page.task.verify' },
    place: { country: 'DE' },
    country: { country: 'JP' },
    product: name,
    of: name,
    quarter: '2026-Q4',
    review: { term: 'practice.review_of.clinical' },
    verdict: { term: 'practice.verdict_of.worked' },
  };
}
