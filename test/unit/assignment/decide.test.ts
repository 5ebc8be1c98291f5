import { expect, test } from 'vitest';
import { assignmentRules as rules } from '../../../domain/assignment/decide.ts';
import { explainAssignment } from '../../../domain/assignment/explain.ts';
import { assignmentPlan } from '../../../domain/assignment/plan.ts';
import type { AssignmentCommand, AssignmentState } from '../../../domain/assignment/state.ts';
import type { ContentId, PersonId } from '../../../domain/id.ts';
import {
  eve,
  home,
  host,
  other,
  proposal,
  type Proposal,
  terms,
} from '../../support/assignment-terms.ts';
import { lackingIn } from '../../support/catalogue.ts';

const content = 'content' as ContentId;

/** The state after those that are accepted, or the code of the first refusal. */
function told(...commands: readonly AssignmentCommand[]): AssignmentState | string {
  let state = rules.initial;
  for (const [at, command] of commands.entries()) {
    const decision = rules.decide(state, command, at);
    if (!decision.ok) return decision.problem.code;
    state = decision.events.reduce((so, event) => rules.evolve(so, event, at), state);
  }
  return state;
}
const by = (type: 'sign' | 'start' | 'cancel' | 'returnEarly' | 'approve', actor: PersonId) =>
  ({ type, actor }) as const;
const shadowing = { ...proposal, kind: 'shadowing', compliance: other } as Proposal;
const approve = by('approve', other);
const signatures = [by('sign', eve), by('sign', home), by('sign', host)] as const;
const running = [proposal, ...signatures, { type: 'begin' }] as const;
const over = [...running, { type: 'end' }] as const;
const lesson = { type: 'giveLesson', actor: eve, lesson: 'failure', content } as const;
const feedback = (actor: PersonId) => ({ type: 'giveFeedback', actor, content }) as const;
const rate = (competency: 'clinical-fluency' | 'accurate-forecasting') =>
  ({ type: 'rate', actor: home, ratings: [{ competency, level: 'advanced' }], content }) as const;
const statusOf = (state: AssignmentState | string) =>
  typeof state === 'string' ? state : state.status;

test('it binds once all three have signed, in whichever order', () => {
  expect(statusOf(told(proposal, by('sign', host), by('sign', eve)))).toBe('proposed');
  expect(statusOf(told(proposal, by('sign', host), by('sign', eve), by('sign', home)))).toBe(
    'agreed',
  );
});

test.for<readonly [string, string, readonly AssignmentCommand[]]>([
  [
    'a host region that is the home region',
    'assignment.host_is_home',
    [{ ...proposal, hostRegion: proposal.homeRegion }],
  ],
  [
    'an end before the start',
    'assignment.end_before_start',
    [{ ...proposal, terms: { ...terms, lastDay: '2027-02-28' } }],
  ],
  [
    'one person on two sides',
    'assignment.same_person',
    [{ ...proposal, terms: { ...terms, host: eve } }],
  ],
  [
    'more hours together than hours',
    'assignment.overlap_over_hours',
    [{ ...proposal, terms: { ...terms, overlapHours: 9 } }],
  ],
  [
    'shadowing without anybody who judges it',
    'assignment.approver_missing',
    [{ ...proposal, kind: 'shadowing' }],
  ],
  ['a signature of somebody else', 'assignment.not_signer', [proposal, by('sign', other)]],
  [
    'a second signature of one side',
    'assignment.already_done',
    [proposal, by('sign', eve), by('sign', eve)],
  ],
  [
    'a signature after it has lapsed',
    'loop.closed',
    [proposal, { type: 'lapse' }, by('sign', eve)],
  ],
  [
    'a signature where nothing is proposed',
    'assignment.nothing_to_sign',
    [...running, by('sign', eve)],
  ],
  [
    'a signature before regulations are known to allow shadowing',
    'assignment.not_approved',
    [shadowing, by('sign', eve)],
  ],
  [
    'a signature before days of stay are looked into',
    'assignment.mobility_open',
    [{ ...proposal, kind: 'onsite' }, by('sign', eve)],
  ],
  [
    'a signature for shadowing before its days of stay are looked into',
    'assignment.mobility_open',
    [shadowing, approve, by('sign', eve)],
  ],
  [
    'another first day once it has begun',
    'assignment.has_begun',
    [...running, { type: 'change', actor: home, terms: { ...terms, firstDay: '2027-03-02' } }],
  ],
  ['cancelling what has begun', 'assignment.has_begun', [...running, by('cancel', eve)]],
  [
    'returning early from what has not',
    'assignment.not_running',
    [proposal, ...signatures, by('returnEarly', eve)],
  ],
  ['a lesson while it is under way', 'assignment.not_asked', [...running, lesson]],
  ['a lesson by somebody else', 'assignment.not_signer', [...over, { ...lesson, actor: home }]],
  [
    'feedback twice from one side',
    'assignment.already_done',
    [...over, feedback(eve), feedback(eve)],
  ],
  [
    'a rating that leaves a goal out',
    'assignment.goal_unrated',
    [...over, rate('accurate-forecasting')],
  ],
  [
    'a rating by the participant',
    'assignment.not_signer',
    [...over, { ...rate('clinical-fluency'), actor: eve }],
  ],
])('%s is refused', ([, code, commands]) => {
  expect(told(...commands)).toBe(code);
});

const forOther = (command: AssignmentCommand, actor: PersonId, onBehalfOf: PersonId) =>
  ({ ...command, actor, onBehalfOf }) as AssignmentCommand;

test('three signatures come from three people, whomever they act for', () => {
  const code = (...commands: readonly AssignmentCommand[]) => told(proposal, ...commands);
  const sign = by('sign', eve);
  expect(code(sign, forOther(sign, eve, host))).toBe('assignment.other_side');
  expect(code(forOther(sign, host, home))).toBe('assignment.other_side');
  expect(code(forOther(sign, other, home), forOther(sign, other, host))).toBe(
    'assignment.other_side',
  );
  const byDeputy = code(sign, forOther(sign, other, home), by('sign', host));
  expect(statusOf(byDeputy)).toBe('agreed');
  expect(told(shadowing, forOther(approve, eve, other))).toBe('assignment.other_side');
  expect(told(shadowing, approve, forOther(sign, other, home))).toBe('assignment.other_side');
});

test('nobody rates themselves or gives the feedback of the other side, as a deputy neither', () => {
  const rated = rate('clinical-fluency');
  expect(told(...over, forOther(rated, eve, home))).toBe('assignment.other_side');
  expect(told(...over, forOther(rated, host, home))).toBe('assignment.other_side');
  expect(told(...over, forOther(feedback(host), eve, host))).toBe('assignment.other_side');
  expect(told(...over, forOther(rated, other, home))).toMatchObject({ isRated: true });
});

test('a change asks all three again, and the old terms count until they have signed', () => {
  const longer = { ...terms, lastDay: '2027-06-30' };
  const change = { type: 'change', actor: host, terms: longer } as const;
  const pending = told(...running, change, by('sign', eve), by('sign', home));
  expect(pending).toMatchObject({ status: 'running', terms, pending: { terms: longer } });
  expect(told(...running, change, ...signatures)).toMatchObject({ terms: longer, pending: null });
  expect(told(...running, change, { type: 'lapse' })).toMatchObject({ status: 'running', terms });
  const declined = { type: 'decline', actor: home, content: null } as const;
  expect(told(...running, change, declined)).toMatchObject({ status: 'running', terms });
});

test('a new proposal drops earlier signatures, and a signature alone changes no revision', () => {
  const change = { type: 'change', actor: home, terms: { ...terms, weeklyHours: 6 } } as const;
  const state = told(proposal, by('sign', eve), change);
  expect(state).toMatchObject({ pending: { number: 2, signed: [] } });
  const isMaterial = (type: 'signed' | 'agreed' | 'changeProposed') =>
    assignmentPlan.isMaterial({ type } as never);
  expect([isMaterial('signed'), isMaterial('agreed'), isMaterial('changeProposed')]).toEqual([
    false,
    true,
    true,
  ]);
});

test('a signer who leaves is replaced: the dates stay, and so does what was signed for that side', () => {
  const replaced = { type: 'replaceSigner', role: 'home', person: home, to: other } as const;
  const state = told(proposal, by('sign', home), replaced, by('sign', eve), by('sign', host));
  expect(state).toMatchObject({ status: 'agreed', terms: { ...terms, home: other } });
});

test('days that go beyond those looked into are looked into again, and what counted stays until they are signed', () => {
  const change = (last: string) =>
    ({ type: 'change', actor: home, terms: { ...terms, lastDay: last } }) as const;
  const mobility = { type: 'finishDuty', actor: eve, duty: 'mobility' } as const;
  const insurance = { type: 'finishDuty', actor: home, duty: 'insurance' } as const;
  const onsite = [{ ...proposal, kind: 'onsite' } as Proposal, mobility, ...signatures] as const;
  const begun = [...onsite, insurance, { type: 'begin' }] as const;
  const longer = change('2027-08-31');
  expect(told(...begun, longer, by('sign', eve))).toBe('assignment.mobility_open');
  expect(statusOf(told(...begun, change('2027-05-30'), by('sign', eve)))).toBe('running');
  const extended = told(...begun, longer, mobility, ...signatures);
  expect(extended).toMatchObject({ doneDuties: ['mobility'], terms: longer.terms });
  const kept = { doneDuties: ['mobility', 'insurance'], pending: null, terms };
  expect(told(...begun, longer, { type: 'lapse' })).toMatchObject(kept);

  const shadows = [shadowing, approve, mobility, ...signatures, { type: 'begin' }] as const;
  expect(told(...shadows, longer, by('sign', host))).toBe('assignment.not_approved');
  const allowed = [...shadows, longer, approve] as const;
  expect(told(...allowed, by('sign', host))).toBe('assignment.mobility_open');
  expect(told(...allowed, mobility, ...signatures)).toMatchObject({ terms: longer.terms });
  const forbid = { type: 'forbid', actor: other, content: null } as const;
  expect(told(...shadows, longer, forbid)).toMatchObject({ status: 'running', terms });
  expect(told(...shadows, forbid)).toBe('assignment.has_begun');
  // Shorter than was proposed is within what was looked into; longer than that is not.
  const shorter = [shadowing, approve, mobility, change('2027-05-01'), by('sign', eve)] as const;
  expect(told(...shorter)).toMatchObject({});
  expect(told(shadowing, approve, longer, by('sign', eve))).toBe('assignment.not_approved');
});

/** To whom the clock gives the place of whoever has left, where one manager stands above everybody. */
function successorIn(state: AssignmentState | string, gone: PersonId, above: PersonId) {
  const [moment] = assignmentPlan.moments(
    state as AssignmentState,
    {
      person: (id: PersonId) => ({ isActive: id !== gone, manager: id === gone ? above : null }),
      facts: { days: null, signBy: null, managers: { home: null, host: null }, approvers: [] },
    } as never,
  );
  return moment?.command.type === 'replaceSigner' ? moment.command.to : null;
}

test('whoever takes the place of a signer takes no second one, in what is proposed neither', () => {
  const change = { type: 'change', actor: eve, terms: { ...terms, host: other } } as const;
  const changing = told(proposal, ...signatures, change);
  expect(successorIn(changing, home, host)).toBeNull();
  expect(successorIn(changing, home, other)).toBeNull();
  expect(successorIn(changing, home, 'above' as PersonId)).toBe('above');
  expect(successorIn(told(shadowing), home, other)).toBeNull();
});

test('whoever takes the place of somebody who has yet to sign has all the days to sign, and a reminder', () => {
  const replace = (role: 'home' | 'host', person: PersonId) =>
    ({ type: 'replaceSigner', role, person, to: other }) as const;
  const late = [proposal, by('sign', home), { type: 'remindSign' }] as const;
  expect(told(...late, replace('host', host))).toMatchObject({
    pending: { since: 3, isReminded: false, signed: ['home'] },
  });
  expect(told(...late, replace('home', home))).toMatchObject({
    pending: { since: 0, isReminded: true },
  });
});

test('it closes with a lesson, feedback of both sides and a rating, in any order, and not before', () => {
  const all = [lesson, feedback(eve), feedback(host), rate('clinical-fluency')] as const;
  for (const last of all) {
    const others = all.filter((one) => one !== last);
    expect(statusOf(told(...over, ...others))).toBe('closing');
    expect(statusOf(told(...over, ...others, last))).toBe('closed');
  }
});

/** What the clock does about trainings of what runs from 1000 to 900000. */
function ofTrainings(given: {
  readonly trainedUntil: Readonly<Record<string, number>>;
  readonly renewBy?: Readonly<Record<string, number>>;
  readonly lapsed?: AssignmentState['lapsedTrainings'];
}) {
  const state = told(...running) as AssignmentState;
  const { trainedUntil, renewBy = {}, lapsed = [] } = given;
  const days = { from: 1_000, until: 900_000 };
  const moments = assignmentPlan.moments({ ...state, startedAt: 1_000, lapsedTrainings: lapsed }, {
    person: () => ({ isActive: true, manager: null }),
    facts: { days, untrained: [], stallAt: null, trainedUntil, renewBy },
  } as never);
  return moments.flatMap(({ at, command }) =>
    'person' in command && command.type !== 'replaceSigner'
      ? [[command.type, command.person, at]]
      : [],
  );
}
const all = { eve: 900_000, home: 900_000, host: 900_000 };

test('whoever comes to sign without a training, or with one that ends before the last day, is asked for it then', () => {
  expect(ofTrainings({ trainedUntil: all })).toEqual([]);
  expect(ofTrainings({ trainedUntil: { eve: 900_000, home: 500_000 } })).toEqual([
    ['lapseTraining', home, 500_000],
    ['lapseTraining', host, 1_000],
  ]);
});

test('a training that has lapsed is missed again after its days, and is over once it counts beyond that', () => {
  const lapsed = [{ person: host, since: 500_000, isReminded: false }];
  const renewBy = { host: 600_000 };
  const still = { ...all, host: 500_000 };
  expect(ofTrainings({ trainedUntil: still, renewBy, lapsed })).toEqual([
    ['remindRenewal', host, 600_000],
  ]);
  const reminded = lapsed.map((one) => ({ ...one, isReminded: true }));
  expect(ofTrainings({ trainedUntil: still, renewBy, lapsed: reminded })).toEqual([]);
  expect(ofTrainings({ trainedUntil: all, renewBy, lapsed })).toEqual([
    ['renewTraining', host, 500_000],
  ]);
});

/** The names of what it explains, each of which every language has. */
function explained(state: AssignmentState | string, ...next: readonly AssignmentCommand[]) {
  const moments = next.map((command, at) => ({ id: `${at}`, at, rank: 0, command }));
  const held = { state: state as AssignmentState, heldSince: null, pauses: [] };
  const sentences = explainAssignment(held, moments);
  for (const { key, params } of sentences) expect(lackingIn(key, params)).toEqual([]);
  return sentences.map(({ key, params }) => {
    const { person } = (params['person'] ?? {}) as { readonly person?: PersonId };
    return [key.split('.').at(-1), ...(person === undefined ? [] : [person])].join(' ');
  });
}

test('whom it waits for is said at each stage, and what the clock does next', () => {
  expect(explained(told(shadowing), { type: 'remindSign' }, { type: 'lapse' })).toEqual([
    'waits_allow other',
    'waits_sign eve',
    'waits_sign home',
    'waits_sign host',
    'next_remind',
    'next_lapse',
  ]);
  const agreed = told(proposal, ...signatures);
  expect(explained(agreed, { type: 'askCovers', from: 1, until: 2 }, { type: 'begin' })).toEqual([
    'next_covers',
    'next_begin',
  ]);
  expect(explained(agreed, { type: 'block' })).toEqual(['next_block']);
  expect(explained(told(proposal, ...signatures, { type: 'block' }))).toEqual(['waits_begin']);
  const during = told(...running, { type: 'checkIn' }, { type: 'lapseTraining', person: host });
  expect(
    explained(
      during,
      { type: 'checkInLate' },
      { type: 'remindRenewal', person: host },
      { type: 'stall' },
      { type: 'lapseTraining', person: home },
      { type: 'checkIn' },
      { type: 'end' },
    ),
  ).toEqual([
    'waits_check_in eve',
    'waits_training host',
    'next_check_in_late',
    'next_remind',
    'next_stall',
    'next_training home',
    'next_check_in',
    'next_end',
  ]);
  expect(explained(told(...over, feedback(eve)), { type: 'remindClosing' })).toEqual([
    'waits_lesson eve',
    'waits_feedback host',
    'waits_rating home',
    'next_remind',
  ]);
  const ends = [
    told(...over, lesson, feedback(eve), feedback(host), rate('clinical-fluency')),
    told(proposal, by('cancel', eve)),
    told(proposal, { type: 'lapse' }),
    told(proposal, { type: 'decline', actor: home, content: null }),
  ];
  expect(ends.map((state) => explained(state))).toEqual([
    ['is_closed'],
    ['is_cancelled'],
    ['is_lapsed'],
    ['is_declined'],
  ]);
});
