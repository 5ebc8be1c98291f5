/** Who hears of what. The keys are those of `locales/<locale>/practice.json`. Nobody reads who wrote it. */
import { present } from '../assert.ts';
import type { ReviewKind } from '../exchange/practice.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams, PlanningWorld } from '../loop.ts';
import { Refusal } from '../problem.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import { openAsks } from './asks.ts';
import {
  type AskKey,
  allowanceMinutes,
  type Assignment,
  type PracticeEvent,
  type PracticeState,
} from './state.ts';

interface Letter {
  readonly to: PersonId | null;
  readonly key: MessageOf<'practice'>;
  readonly params?: NoticeParams;
  /** The key of what it asks. */
  readonly asks?: AskKey;
}

export function practiceNotices(
  event: PracticeEvent | HoldEvent,
  state: PracticeState,
  world: PlanningWorld,
): readonly NoticeDraft[] {
  const { content } = present(state.terms, 'the terms of a practice');
  const title: NoticeParams = { title: { title: content } };
  const told = new Set<string>();
  return letters(event, state, world).flatMap(({ to, key, params, asks }): NoticeDraft[] => {
    // Of one kind each reads one message a step.
    if (told.has(`${to}/${key}`)) return [];
    told.add(`${to}/${key}`);
    if (to === null) return [];
    const draft: NoticeDraft = {
      to,
      key: `practice.${key}`,
      params: { ...title, ...params },
      urgency: 'working',
    };
    return [asks === undefined ? draft : { ...draft, asks: `practice.${asks}` }];
  });
}

const reviewTerm = (kind: ReviewKind): NoticeParams => ({
  review: { term: `practice.review_of.${kind}` },
});

function letters(
  event: PracticeEvent | HoldEvent,
  state: PracticeState,
  world: PlanningWorld,
): readonly Letter[] {
  const { author } = state;
  switch (event.type) {
    case 'assigned':
      return assigned(state, event.assignments, world);
    case 'passedOn':
      return [asked(state, event.key, event.to, world)];
    case 'reminded':
      return [{ ...asked(state, event.key, event.person, world), key: 'reminder' }];
    case 'escalated':
      return [{ to: event.to, key: 'late' }];
    case 'reviewed': {
      const { country, product, kind } = event;
      const params = { country: { country }, product, ...reviewTerm(kind) };
      return event.isApproved ? [] : [{ to: author, key: 'refused', params }];
    }
    case 'cleared': {
      const { country, product } = event;
      return [{ to: author, key: 'cleared', params: { country: { country }, product } }];
    }
    case 'fellDue':
      return [asked(state, `verify/${event.country}`, event.expert, world)];
    case 'lapsed': {
      const params = { country: { country: event.country } };
      return [...new Set([event.expert, event.to])].map((to) => ({ to, key: 'stale', params }));
    }
    case 'expertNamed':
    case 'handedOn': {
      const to = event.type === 'handedOn' ? event.to : event.person;
      return [{ to, key: 'duty', params: { country: { country: event.country } } }];
    }
    case 'verified':
      return event.isValid ? [] : [reopened(author, event.country, 'clinical')];
    case 'reopened':
      return [reopened(author, event.country, event.kind)];
    case 'translationRefused': {
      const params = { language: { language: event.locale } };
      return [{ to: event.proposer, key: 'translation_refused', params }];
    }
    case 'judged': {
      const { verdict, region } = event;
      const params = { verdict: { term: `practice.verdict_of.${verdict}` }, region: { region } };
      return [{ to: author, key: 'judged', params }];
    }
    case 'withdrawn':
      return [author, ...state.duties.map(({ expert }) => expert)]
        .filter((person, index, all) => person !== event.by && all.indexOf(person) === index)
        .map((to) => ({ to, key: 'withdrawn' }));
    case 'held':
    case 'resumed':
      return [{ to: author, key: event.type }];
    case 'drafted':
      return event.openedBy === undefined ? [] : [{ to: author, key: 'lesson' }];
    case 'revised':
    case 'submitted':
    case 'translated':
    case 'translationApproved':
      return [];
  }
}

/** One message each, however much of it is asked of them. */
function assigned(
  state: PracticeState,
  assignments: readonly Assignment[],
  world: PlanningWorld,
): readonly Letter[] {
  const people = new Set(assignments.flatMap(({ to }) => to ?? []));
  const stewards = new Set(assignments.flatMap(({ to, steward }) => (to ? [] : (steward ?? []))));
  return [
    ...[...people].map((to): Letter => {
      const [first, ...more] = assignments.filter((one) => one.to === to);
      const letter = asked(state, present(first, 'what is asked').key, to, world);
      if (more.length === 0) return letter;
      const { asks: _, params, ...rest } = letter;
      const tasks = more.length + 1;
      return { ...rest, key: 'asked_several', params: { ...params, tasks } };
    }),
    ...[...stewards].map((to): Letter => ({ to, key: 'nobody' })),
  ];
}

const reopened = (to: PersonId, country: string, kind: ReviewKind): Letter => ({
  to,
  key: 'reopened',
  params: { country: { country }, ...reviewTerm(kind) },
});

/** From the key of what is asked: `clinical_review/DE/stent`, `verify/DE`, `check_translation/fr`. */
export function aboutAsk(key: string): NoticeParams {
  const [what = '', place = '', product] = key.split('/');
  const task = { task: { term: `page.task.${what}` } };
  if (what.endsWith('_translation')) return { ...task, place: { language: place } };
  return {
    ...task,
    place: { country: place },
    ...(product !== undefined && { product }),
  };
}

function asked(state: PracticeState, key: AskKey, to: PersonId, world: PlanningWorld): Letter {
  const due = dueAt(state, key, world);
  const params = { ...aboutAsk(key), ...(due !== null && { dueAt: { instant: due } }) };
  return { to, key: due === null ? 'asked_openly' : 'asked', params, asks: key };
}

/** Null for whoever never works. */
function dueAt(state: PracticeState, key: string, world: PlanningWorld): number | null {
  const open = openAsks(state).find((one) => one.key === key);
  if (!open || open.ask.person === null) return null;
  try {
    const { person, since } = open.ask;
    return world.working(person).add(since, allowanceMinutes[open.allowance]);
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}
