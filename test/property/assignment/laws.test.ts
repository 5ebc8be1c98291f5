/** Assignments under whatever people and clocks do: what must hold after every step. */
import { expect, test } from 'vitest';
import { assignmentRules } from '../../../domain/assignment/decide.ts';
import { spanOf } from '../../../domain/assignment/place.ts';
import { assignmentPlan } from '../../../domain/assignment/plan.ts';
import { signerOf, signersOf, unsignedBy } from '../../../domain/assignment/signers.ts';
import {
  type AssignmentCommand,
  type AssignmentEvent,
  type AssignmentFacts,
  type AssignmentState,
  signerRoles,
  type Terms,
} from '../../../domain/assignment/state.ts';
import type { AccountId, PersonId, RegionId } from '../../../domain/id.ts';
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

const [first, later, last, longer] = [
  '1970-02-20',
  '1970-02-24',
  '1970-05-20',
  '1970-06-20',
] as const;
const terms: Terms = {
  firstDay: first,
  lastDay: last,
  weeklyHours: 8,
  overlapHours: 2,
  goals: [{ competency: 'clinical-fluency', level: 'advanced' }],
  accounts: ['account' as AccountId],
  home: ben,
  host: cleo,
};
/** Of these: until then a training counts, and from then on another one does. */
const renewed = { ends: Date.parse('1970-03-20'), again: Date.parse('1970-04-10') };

const commands: readonly AssignmentCommand[] = [
  ...[ana, ben, cleo].map((actor) => ({ type: 'sign', actor }) as const),
  { type: 'change', ...by(ben), terms: { ...terms, lastDay: longer } },
  { type: 'change', ...by(cleo), terms: { ...terms, weeklyHours: 4 } },
  // Its first day moves, and back again.
  { type: 'change', ...by(cleo), terms: { ...terms, firstDay: later } },
  { type: 'change', ...by(ana), terms },
  { type: 'block' },
  { type: 'decline', ...by(cleo), content: null },
  { type: 'start', ...by(ana) },
  { type: 'returnEarly', ...by(ana) },
  { type: 'confirmTraining', ...by(cleo) },
  { type: 'answerCheckIn', ...by(ana), content },
  { type: 'giveLesson', ...by(ana), lesson: 'failure', content },
  { type: 'giveFeedback', ...by(ana), content },
  { type: 'giveFeedback', ...by(cleo), content },
  {
    type: 'rate',
    ...by(ben),
    ratings: [{ competency: 'clinical-fluency', level: 'advanced' }],
    content,
  },
  // Of a clock that is late: planned in another state than it comes in.
  { type: 'begin' },
  { type: 'end' },
  { type: 'stall' },
  { type: 'checkIn' },
  { type: 'remindSign' },
  { type: 'lapseTraining', person: cleo },
  { type: 'renewTraining', person: cleo },
  { type: 'remindRenewal', person: cleo },
];

type State = AssignmentState;
type AssignmentTold = Told<State, AssignmentCommand, AssignmentEvent>;

const story: Story<State, AssignmentCommand, AssignmentEvent, AssignmentFacts> = {
  rules: assignmentRules,
  plan: assignmentPlan,
  open: {
    type: 'propose',
    ...by(ben),
    kind: 'virtual',
    participant: ana,
    homeRegion: 'home' as RegionId,
    hostRegion: 'host' as RegionId,
    compliance: null,
    opportunity: null,
    terms,
  },
  factsOf(state, at) {
    const { pending, terms: inForce, checkIn, status, startedAt, stalledAt, endedAt } = state;
    const days = inForce && spanOf(inForce, 'Europe/Berlin');
    const since = Math.max(startedAt, stalledAt ?? 0);
    const ends = at < renewed.again ? renewed.ends : (days?.until ?? 0);
    return {
      days,
      signBy: pending && unsignedBy(state).length > 0 ? pending.since + 7 * day : null,
      untrained: [],
      trainedUntil: Object.fromEntries(
        signersOf(state).map((who) => [who, who === cleo ? ends : (days?.until ?? 0)]),
      ),
      renewBy: { [cleo]: renewed.ends + 7 * day },
      checkInDueAt: checkIn && checkIn.since + 7 * day,
      checkInLateAt: checkIn && checkIn.since + 9 * day,
      stallAt: status === 'running' ? since + 20 * day : null,
      remindClosingAt: status === 'closing' ? endedAt + 7 * day : null,
      managers: { home: null, host: null },
      approvers: [],
    };
  },
};

/** Half of them signed by all three at once, else most end before they begin. */
const assignmentLaw = (
  comesTo: readonly AssignmentEvent['type'][],
  holds: (told: AssignmentTold) => boolean,
) => law(story, { begins: commands.slice(0, 3), commands }, comesTo, holds);

test('whatever is done, the clock of an assignment plans only steps that its rules take, each once', () => {
  reportLaws('the clocks of assignments');
  expect(
    assignmentLaw(
      ['coversAsked', 'checkInLate', 'closingReminded', 'trainingLapsed', 'trainingRenewed'],
      firesOnce,
    ),
  ).toEqual([]);
});

test('whoever is reminded to sign is at work at that very moment', () => {
  expect(assignmentLaw(['signReminded'], remindsAtWork(['remindSign']))).toEqual([]);
});

test('terms count once each of the three has signed that very revision, and change in no other way', () => {
  expect(
    assignmentLaw(['agreed', 'changeProposed', 'changeDeclined', 'changeLapsed'], ({ taken }) => {
      let proposed: Terms = terms;
      let signed = new Set<PersonId>();
      return taken.every(({ before, command, events, after }) => {
        for (const event of events) {
          if (event.type === 'proposed' || event.type === 'changeProposed') {
            [proposed, signed] = [event.terms, new Set()];
          }
          if (event.type === 'signed') signed.add(command.actor as PersonId);
          if (event.type === 'agreed') {
            const three = signerRoles.map((role) => signerOf(before, proposed, role));
            return three.every((person) => signed.has(person)) && after.terms === proposed;
          }
        }
        const isMoved = events.some(({ type }) => type === 'signerReplaced');
        return isMoved || after.terms === before.terms;
      });
    }),
  ).toEqual([]);
});

test('it begins once and ends once, by itself or early, and after that nothing of its course happens any more', () => {
  const course: readonly AssignmentEvent['type'][] = [
    'begun',
    'coversAsked',
    'checkInAsked',
    'checkInAnswered',
    'stalled',
    'trainingLapsed',
    'trainingRenewed',
    'renewalReminded',
    'agreed',
    'ended',
  ];
  expect(
    assignmentLaw(['begun', 'ended', 'closed', 'stalled', 'checkInAnswered'], ({ taken }) => {
      const types = taken.flatMap(({ events }) => events.map(({ type }) => type));
      const [begun, ended] = [types.indexOf('begun'), types.indexOf('ended')];
      const isOnce = (['begun', 'ended', 'closed'] as const).every(
        (type) => types.filter((one) => one === type).length <= 1,
      );
      const isOver = ended < 0 || types.slice(ended + 1).every((type) => !course.includes(type));
      return isOnce && isOver && (ended < 0 || (begun >= 0 && begun < ended));
    }),
  ).toEqual([]);
});

test('it closes only over, with a lesson, feedback of both sides and a rating, each given once', () => {
  expect(
    assignmentLaw(['closed'], ({ taken }) => {
      const events = taken.flatMap((one) => one.events);
      const types = events.map(({ type }) => type);
      const feedback = events.flatMap((event) =>
        event.type === 'feedbackGiven' ? [event.role] : [],
      );
      const given = [
        types.filter((type) => type === 'lessonGiven').length,
        types.filter((type) => type === 'rated').length,
        feedback.length,
      ];
      const isTwice = given[0]! > 1 || given[1]! > 1 || new Set(feedback).size < feedback.length;
      const isWhole =
        types.includes('ended') && given.join() === '1,1,2' && new Set(feedback).size === 2;
      return !isTwice && types.includes('closed') === (isWhole && types.at(-1) === 'closed');
    }),
  ).toEqual([]);
});

test('a training that lapses is told once until it is there again, and only while it runs', () => {
  expect(
    assignmentLaw(['trainingLapsed', 'renewalReminded', 'trainingRenewed'], ({ taken }) => {
      let [isLapsed, isReminded] = [false, false];
      return taken.every(({ before, events }) =>
        events.every(({ type }) => {
          const [was, wasReminded] = [isLapsed, isReminded];
          if (type === 'trainingLapsed') {
            [isLapsed, isReminded] = [true, false];
            return !was && before.status === 'running';
          }
          if (type === 'renewalReminded') {
            isReminded = true;
            return was && !wasReminded;
          }
          if (type !== 'trainingRenewed') return true;
          isLapsed = false;
          return was;
        }),
      );
    }),
  ).toEqual([]);
});
