/** Who hears of what. The keys are those of `locales/<locale>/handoff.json`. */
import { present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams, PlanningWorld } from '../loop.ts';
import type { TaskNameOf } from '../task-kind.ts';
import { waitOf } from './decide.ts';
import { dueAt } from './due.ts';
import type { HandoffEvent, HandoffState } from './state.ts';

const noticeKeys = [
  'offered',
  'reminder',
  'question',
  'question_reminder',
  'question_lapsed',
  'question_unanswered',
  'answered',
  'read_back',
  'reader_left',
  'confirm_reminder',
  'confirm_overdue',
  'sent_back',
  'sent_back_giver',
  'call',
  'revised',
  'transferred',
  'declined',
  'escalated',
  'passed_on',
  'reassigned',
  'withdrawn',
  'dropped',
  'overtaken',
  'bounced',
  'bounced_giver',
  'held',
  'resumed',
] as const;

interface Letter {
  readonly to: PersonId | null | undefined;
  readonly key: (typeof noticeKeys)[number];
  readonly asks?: TaskNameOf<'handoff'>;
  readonly params?: NoticeParams;
}

/** People who are not to hear of it (nobody, or the same person twice) are left out. */
export function handoffNotices(
  event: HandoffEvent | HoldEvent,
  state: HandoffState,
  world: PlanningWorld,
): readonly NoticeDraft[] {
  const common = commonParams(state, world);
  return letters(event, state, world).flatMap(({ to, key, asks, params }) => {
    if (!to) return [];
    // What is urgent wakes whom it asks to take it, and nobody else.
    const wakes = state.severity === 'urgent' && asks === 'read_back';
    const urgency = wakes ? 'now' : 'working';
    const draft = { to, key: `handoff.${key}`, params: { ...common, ...params }, urgency } as const;
    return [asks === undefined ? draft : { ...draft, asks: `handoff.${asks}` }];
  });
}

function commonParams(state: HandoffState, world: PlanningWorld): NoticeParams {
  const wait = waitOf(state);
  return {
    account: { account: present(state.account, 'the account') },
    giver: { person: state.giver },
    receiver: { person: state.receiver },
    severity: { term: `handoff.severity.${state.severity}` },
    at: { instant: world.at },
    ...(wait && { dueAt: { instant: dueAt(wait, state, 100, world), alsoFor: state.giver } }),
  };
}

const person = (id: PersonId): NoticeParams => ({ person: { person: id } });

function letters(
  event: HandoffEvent | HoldEvent,
  state: HandoffState,
  world: PlanningWorld,
): readonly Letter[] {
  const { giver } = state;
  const asked = state.asked?.person;
  switch (event.type) {
    case 'offered':
      return [{ to: event.receiver, key: 'offered', asks: 'read_back' }];
    case 'asked':
      return [{ to: giver, key: 'question', asks: 'answer', params: person(event.by) }];
    case 'answered':
      return [{ to: asked, key: 'answered', asks: 'read_back', params: person(event.by) }];
    case 'questionLapsed':
      return [
        { to: asked, key: 'question_lapsed', asks: 'read_back' },
        { to: world.person(giver).manager, key: 'question_unanswered' },
      ];
    case 'readBack':
      return [{ to: giver, key: 'read_back', asks: 'confirm', params: person(event.by) }];
    case 'readBackDropped':
      return [{ to: giver, key: 'reader_left', params: person(event.by) }];
    case 'confirmationEscalated':
      return [{ to: event.to, key: 'confirm_overdue', asks: 'confirm' }];
    case 'sentBack':
      return [
        { to: event.to, key: 'sent_back', asks: 'read_back', params: person(event.by) },
        ...others([giver], event.by).map((to): Letter => ({
          to,
          key: 'sent_back_giver',
          params: person(event.by),
        })),
      ];
    case 'callProposed':
      return [call(event, giver, event.to), call(event, event.to, giver)];
    case 'revised':
      return [{ to: asked, key: 'revised', ...(state.question === null && { asks: 'read_back' }) }];
    case 'transferred':
      return [giver, event.to].map((to) => ({ to, key: 'transferred', params: person(event.to) }));
    case 'declined':
      return [{ to: giver, key: 'declined', params: person(event.by) }];
    case 'withdrawn':
      return others([event.from, giver], event.by).map((to): Letter => ({
        to,
        key: 'withdrawn',
        params: person(event.by),
      }));
    case 'dropped': {
      const { to: owner } = event;
      if (owner === undefined) {
        return [...new Set([event.from, giver])].map((to) => ({ to, key: 'dropped' }));
      }
      const told = new Set([event.from, giver, owner]);
      return [...told].map((to) => ({ to, key: 'overtaken', params: person(owner) }));
    }
    case 'reassigned':
      return [
        { to: event.from, key: 'passed_on', params: person(event.to) },
        { to: event.to, key: 'reassigned', asks: 'read_back' },
      ];
    case 'reminded':
      return [reminder(event, state)];
    case 'passedOn': {
      const before = event.from ?? state.receiver;
      return [
        { to: event.from, key: 'passed_on', params: person(event.to) },
        { to: event.to, key: 'escalated', asks: 'read_back', params: person(before) },
      ];
    }
    case 'bounced':
      return [
        ...others([event.from], event.to).map((to): Letter => ({
          to,
          key: 'passed_on',
          params: person(event.to),
        })),
        ...others([event.to], giver).map((to): Letter => ({ to, key: 'bounced' })),
        { to: giver, key: 'bounced_giver', params: person(event.to) },
      ];
    case 'held':
    case 'resumed':
      return [...new Set([giver, waitOf(state)?.person])].map((to) => ({ to, key: event.type }));
  }
}

/** On the clocks of both; `meetsAt` and `meetsUntil` put it into the reader's calendar. */
const call = (
  { startsAt, endsAt }: Extract<HandoffEvent, { type: 'callProposed' }>,
  to: PersonId,
  other: PersonId,
): Letter => ({
  to,
  key: 'call',
  params: {
    ...person(other),
    meetsAt: { instant: startsAt, alsoFor: other },
    meetsUntil: { instant: endsAt, alsoFor: other },
  },
});

const others = (people: readonly (PersonId | null)[], but: PersonId): readonly PersonId[] =>
  people.flatMap((id) => (id === null || id === but ? [] : [id]));

function reminder(
  event: { readonly person: PersonId; readonly percent: number },
  state: HandoffState,
): Letter {
  const params = { percent: event.percent };
  const to = event.person;
  if (state.status === 'readBack') return { to, key: 'confirm_reminder', asks: 'confirm', params };
  if (state.status === 'questioned') {
    return { to, key: 'question_reminder', asks: 'answer', params };
  }
  return { to, key: 'reminder', asks: 'read_back', params };
}
