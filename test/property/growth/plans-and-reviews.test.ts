/** Plans and reviews under whatever people and clocks do: what must hold after every step. */
import { expect, test } from 'vitest';
import { planRules } from '../../../domain/development-plan/decide.ts';
import { planPlan } from '../../../domain/development-plan/plan.ts';
import { isMissing } from '../../../domain/development-plan/roles.ts';
import {
  needs,
  type PlanCommand,
  type PlanEvent,
  type PlanFacts,
  type PlanState,
} from '../../../domain/development-plan/state.ts';
import type { LoopId, PersonId, RegionId } from '../../../domain/id.ts';
import { reviewRules } from '../../../domain/quarterly-review/decide.ts';
import { explainReview } from '../../../domain/quarterly-review/explain.ts';
import { reviewPlan } from '../../../domain/quarterly-review/plan.ts';
import type {
  ReviewCommand,
  ReviewEvent,
  ReviewFacts,
  ReviewState,
} from '../../../domain/quarterly-review/state.ts';
import {
  ana,
  ben,
  by,
  cleo,
  content,
  day,
  firesOnce,
  law,
  remindsAtWork,
  reportLaws,
  type Story,
  type Told,
} from '../../support/loop-laws.ts';

const loops = ['one', 'two'].map((id) => id as LoopId);

const terms = {
  goals: [{ competency: 'clinical-fluency', from: null, to: 'advanced', gap: null }],
  lastDay: '2027-01-01',
  endsAt: 100 * day,
  reviewDays: 20,
  coach: cleo,
} as const;
const planCommands: readonly PlanCommand[] = [
  { type: 'agree', ...by(ana) },
  { type: 'agree', ...by(ben) },
  { type: 'change', ...by(ben), terms: { ...terms, endsAt: 120 * day, coach: null } },
  { type: 'refuse', ...by(ana), content: null },
  ...loops.map((loop) => ({ type: 'link', ...by(ana), need: 'formal', loop }) as const),
  { type: 'link', ...by(ana), need: 'onTheJob', loop: 'work' as LoopId },
  { type: 'hear', loop: 'work' as LoopId, standing: 'failed' },
  { type: 'hear', loop: 'one' as LoopId, standing: 'done' },
  { type: 'review', ...by(ana), content },
  { type: 'coach', ...by(cleo), content },
  { type: 'stepDown', ...by(cleo) },
  { type: 'close', ...by(ana), ratings: [], evidence: 'result', content },
  { type: 'close', ...by(ben), ratings: [], evidence: 'result', content },
  // Of a clock that is late: planned in another state than it comes in.
  { type: 'stall' },
  { type: 'remindAgree' },
  { type: 'remindNeed', need: 'onTheJob' },
  { type: 'lateReview' },
  { type: 'remindCoach' },
  { type: 'remindClose' },
];
const planStory: Story<PlanState, PlanCommand, PlanEvent, PlanFacts> = {
  rules: planRules,
  plan: planPlan,
  open: { type: 'start', ...by(ben), subject: ana, manager: ben, version: 1, terms },
  factsOf: ({ looking, review, coachAsked, reviewedAt, movedAt, pending, ...state }) => ({
    agreeBy: pending && pending.since + 7 * day,
    findBy: {
      formal: looking.formal && looking.formal.since + 14 * day,
      onTheJob: looking.onTheJob && looking.onTheJob.since + 14 * day,
    },
    reviewAt: state.status === 'running' ? reviewedAt + 28 * day : null,
    reviewDueAt: review && review.since + 7 * day,
    coachDueAt: coachAsked && coachAsked.since + 7 * day,
    closeDueAt:
      state.status === 'closing' ? state.endedAt + 7 * day * (state.closeReminders + 1) : null,
    stallAt: state.status === 'running' ? movedAt + 21 * day : null,
  }),
};

const slotAt = (at: number) => ({ from: at, until: at + day / 24 });
const reviewCommands: readonly ReviewCommand[] = [
  ...[ana, ben, cleo].map((actor) => ({ type: 'confirm', actor }) as const),
  { type: 'move', ...by(ana), slot: slotAt(200 * day) },
  { type: 'addAction', ...by(ben), owner: ana, day: '2027-01-01', dueAt: 150 * day, content },
  { type: 'finishAction', ...by(ana), number: 1, content: null },
  { type: 'finishAction', ...by(ana), number: 2, content: null },
  { type: 'conclude', ...by(ana) },
  { type: 'conclude', ...by(ben) },
  { type: 'meet' },
  { type: 'remindAttend' },
  { type: 'remindConclude' },
  { type: 'remindAction', number: 1 },
  { type: 'overdueAction', number: 1 },
  { type: 'excuse', person: cleo },
];
const reviewStory: Story<ReviewState, ReviewCommand, ReviewEvent, ReviewFacts> = {
  rules: reviewRules,
  plan: reviewPlan,
  open: {
    type: 'open',
    kind: 'region',
    region: 'here' as RegionId,
    team: null,
    quarter: '2026-Q4',
    chair: ben,
    participants: [ben, ana, cleo],
    slot: slotAt(10 * day),
  },
  factsOf: ({ slot, metAt }) => ({
    nextSlot: slotAt(slot.until + 7 * day),
    concludeBy: metAt === 0 ? null : metAt + 3 * day,
    regionManager: cleo,
  }),
};

type PlanTold = Told<PlanState, PlanCommand, PlanEvent>;
type ReviewTold = Told<ReviewState, ReviewCommand, ReviewEvent>;

/** Half of them agreed upon at once; else a single word would end most. */
const planLaw = (comesTo: readonly PlanEvent['type'][], holds: (told: PlanTold) => boolean) =>
  law(planStory, { begins: planCommands.slice(0, 1), commands: planCommands }, comesTo, holds);

const reviewLaw = (comesTo: readonly ReviewEvent['type'][], holds: (told: ReviewTold) => boolean) =>
  law(
    reviewStory,
    { begins: reviewCommands.slice(0, 2), commands: reviewCommands },
    comesTo,
    holds,
  );

test('whatever is done, the clock of a plan or a review plans only steps that its rules take, each once', () => {
  reportLaws('the clocks of plans and reviews');
  expect(planLaw(['stalled', 'reviewAsked'], firesOnce)).toEqual([]);
  expect(reviewLaw(['actionReminded', 'lapsed'], firesOnce)).toEqual([]);
});

test('whoever is reminded of a plan, a review or an action is at work at that very moment', () => {
  const isAtWork = remindsAtWork(['remindAgree', 'remindAttend', 'remindAction']);
  expect(planLaw(['agreeReminded'], isAtWork)).toEqual([]);
  expect(reviewLaw(['attendReminded', 'actionReminded'], isAtWork)).toEqual([]);
});

test('a plan that runs looks for exactly what is missing, and none closes without both', () => {
  expect(
    planLaw(['reopened', 'closed'], ({ taken }) =>
      taken.every(({ after }) => {
        const isEvenly = needs.every(
          (need) => (after.looking[need] !== null) === isMissing(after, need),
        );
        const hasBoth = !needs.some((need) => isMissing(after, need));
        return (after.status !== 'running' || isEvenly) && (after.status !== 'closed' || hasBoth);
      }),
    ),
  ).toEqual([]);
});

test('a plan stands still once, while it runs, and until somebody does something in it or what serves it moves', () => {
  expect(
    planLaw(['stalled'], ({ taken }) => {
      let isStill = false;
      return taken.every(({ before, command, events, after }) => {
        const isStalled = events.some(({ type }) => type === 'stalled');
        if (isStalled && (isStill || before.status !== 'running')) return false;
        // A coach who steps down moves nothing.
        const isByPerson = command.actor !== undefined && command.type !== 'stepDown';
        const isMoved = isByPerson || command.type === 'hear';
        isStill = isStalled || (isStill && !isMoved);
        return isStill || after.status !== 'running' || after.stalledAt === null;
      });
    }),
  ).toEqual([]);
});

/** Of each side the other, and of both somebody who is neither. */
const inPlaceOf: readonly PlanCommand[] = [
  ...(
    [
      [ana, ben],
      [ben, ana],
      [cleo, ana],
      [cleo, ben],
    ] as const
  ).map(([actor, onBehalfOf]) => ({ type: 'agree', actor, onBehalfOf }) as const),
  { type: 'change', ...by(ana), onBehalfOf: ben, terms: { ...terms, coach: null } },
  { type: 'close', ...by(ana), onBehalfOf: ben, ratings: [], evidence: 'result', content },
  { type: 'coach', ...by(ana), onBehalfOf: cleo, content },
  { type: 'stepDown', ...by(ana), onBehalfOf: cleo },
];
const handsLaw = (comesTo: readonly PlanEvent['type'][], holds: (told: PlanTold) => boolean) => {
  const commands = [...planCommands, ...inPlaceOf];
  return law(planStory, { begins: [...inPlaceOf, ...planCommands], commands }, comesTo, holds);
};

test('terms of a plan count once two people have agreed to them, whomever they act for, and nobody is reminded twice of the same', () => {
  expect(
    handsLaw(
      ['agreed', 'changeProposed', 'agreeReminded', 'managerReplaced', 'coached'],
      ({ taken }) => {
        let [agreed, reminded] = [new Map<PersonId, PersonId>(), new Set<string>()];
        return taken.every(({ before, command, events }) =>
          events.every((event) => {
            const actor = command.actor as PersonId;
            const party = command.onBehalfOf ?? actor;
            if (event.type === 'started' || event.type === 'changeProposed') {
              [agreed, reminded] = [new Map([[party, actor]]), new Set()];
            }
            if (event.type === 'consented') agreed.set(party, actor);
            if (event.type === 'managerReplaced') {
              agreed.delete(event.from);
              reminded = new Set();
            }
            if (event.type === 'agreed') {
              const [subject, manager] = [agreed.get(before.subject), agreed.get(before.manager)];
              const isSwapped = subject === before.manager || manager === before.subject;
              return (
                subject !== undefined && manager !== undefined && subject !== manager && !isSwapped
              );
            }
            const isAboutThem = ['closed', 'coached', 'coachGone'].includes(event.type);
            if (isAboutThem) return actor !== before.subject;
            const isAgain = event.type === 'agreeReminded' && reminded.has(event.type);
            reminded.add(event.type);
            return !isAgain;
          }),
        );
      },
    ),
  ).toEqual([]);
});

/** Whoever takes part comes for another of them, and somebody else for two. */
const forOthers: readonly ReviewCommand[] = [
  ...(
    [
      [ana, ben],
      [cleo, ana],
      [cleo, ben],
    ] as const
  ).map(([actor, onBehalfOf]) => ({ type: 'confirm', actor, onBehalfOf }) as const),
  { type: 'move', ...by(cleo), onBehalfOf: ana, slot: slotAt(210 * day) },
  {
    type: 'addAction',
    ...by(cleo),
    onBehalfOf: ben,
    owner: ana,
    day: '2027-01-01',
    dueAt: 150 * day,
    content,
  },
];
const headsLaw = (
  comesTo: readonly ReviewEvent['type'][],
  holds: (told: ReviewTold) => boolean,
) => {
  const commands = [...reviewCommands, ...forOthers];
  return law(reviewStory, { begins: forOthers.slice(0, 2), commands }, comesTo, holds);
};

test('a time that everybody who is left has confirmed is sure, unless one alone comes for all of them', () => {
  const holds = ({ taken }: ReviewTold): boolean =>
    taken.every(({ after: { status, participants, confirmed, hands } }) => {
      const heads = new Set(confirmed.map((one) => hands?.[one] ?? one)).size;
      const isAlone = heads < Math.min(2, participants.length);
      return (
        status !== 'proposed' || isAlone || participants.some((one) => !confirmed.includes(one))
      );
    });
  expect(reviewLaw(['confirmed', 'excused'], holds)).toEqual([]);
  expect(headsLaw(['confirmed', 'excused'], holds)).toEqual([]);
});

test('a review that too few come to asks somebody to come, and says whom it waits for', () => {
  const there = { person: () => ({ isActive: true }) } as never;
  expect(
    headsLaw(['attending', 'moved', 'excused'], ({ taken }) =>
      taken.every(({ after }) => {
        const { status, participants, confirmed, hands } = after;
        const heads = new Set(confirmed.map((one) => hands?.[one] ?? one)).size;
        if (status !== 'proposed' || heads >= Math.min(2, participants.length)) return true;
        const asked = reviewPlan.tasks(after, there).map(({ person }) => person);
        const waits = explainReview({ state: after } as never, []).flatMap(({ key, params }) =>
          key.endsWith('waits_attend') ? [(params['person'] as { person: PersonId }).person] : [],
        );
        const isNew = asked.some((one) => !confirmed.includes(one) || hands?.[one] !== undefined);
        return isNew && asked.join() === waits.join();
      }),
    ),
  ).toEqual([]);
});

test('a review closes only when it has met and nothing that was agreed is left, and what is done stays done', () => {
  expect(
    reviewLaw(['closed', 'actionDone'], ({ taken }) => {
      const done = taken.map(({ after }) => after.actions.filter(({ isDone }) => isDone).length);
      const isEnded = taken.every(
        ({ after: { status, metAt, actions, isConcluded } }) =>
          status !== 'closed' ||
          (metAt > 0 && isConcluded && actions.every(({ isDone }) => isDone)),
      );
      return isEnded && done.every((count, index) => count >= (done[index - 1] ?? 0));
    }),
  ).toEqual([]);
});

/** They come for nobody else either. */
function leaves(comes: Map<PersonId, PersonId>, gone: PersonId): void {
  for (const [person, hand] of comes) if (person === gone || hand === gone) comes.delete(person);
}

test('a review meets where two come at its hour, whomever they come for, is concluded once and after that by its chair, and asks for nothing before', () => {
  expect(
    headsLaw(['met', 'concluded', 'concludeReminded', 'excused', 'actionDone'], ({ taken }) => {
      let comes = new Map<PersonId, PersonId>();
      const seen = new Set<string>();
      return taken.every(({ before, command, events }) =>
        events.every((event) => {
          const { type } = event;
          const { actor, onBehalfOf = actor } = command;
          const wasSeen = seen.has(type);
          seen.add(type);
          if (type === 'opened' || type === 'moved') {
            comes = new Map(actor && onBehalfOf ? [[onBehalfOf, actor]] : []);
          }
          if (event.type === 'attending' && actor) comes.set(event.by, actor);
          if (event.type === 'excused') leaves(comes, event.person);
          if (event.type === 'chairReplaced') leaves(comes, event.from);
          const [hasMet, isConcluded] = [seen.has('met'), seen.has('concluded')];
          if (type === 'met') {
            const heads = new Set(comes.values()).size;
            return heads >= Math.min(2, before.participants.length) && !wasSeen;
          }
          if (type === 'concluded') return hasMet && !wasSeen && actor === before.chair;
          if (type === 'concludeReminded') return hasMet && !isConcluded && !wasSeen;
          if (type === 'actionAdded') return hasMet && !isConcluded;
          if (event.type === 'actionDone') {
            const { number } = event;
            return before.actions.some((one) => one.number === number && one.owner === actor);
          }
          const isAhead = ['opened', 'moved', 'attending', 'excused', 'confirmed'].includes(type);
          return !isAhead || !hasMet;
        }),
      );
    }),
  ).toEqual([]);
});

test('of what a review agreed, its owner is reminded once and told once that it is overdue', () => {
  expect(
    reviewLaw(['actionReminded', 'actionOverdue'], ({ taken }) => {
      const events = taken.flatMap((one) => one.events);
      return (['actionReminded', 'actionOverdue'] as const).every((type) => {
        const told = events.flatMap((event) => (event.type === type ? [event.number] : []));
        const passed = events.some((event) => event.type === 'actionPassed');
        return passed || new Set(told).size === told.length;
      });
    }),
  ).toEqual([]);
});
