import { describe, expect, test } from 'vitest';
import { handoffRules, isCallDue } from '../../../domain/handoff/decide.ts';
import { questionsMax, revisionsMax, type HandoffCommand } from '../../../domain/handoff/state.ts';
import type { PersonId } from '../../../domain/id.ts';
import {
  backup,
  giver,
  giverManager,
  receiver,
  receiverManager,
  stranger,
} from '../../support/handoff-people.ts';
import {
  decided,
  evolved,
  monday,
  outcome,
  played,
  says,
  type Step,
} from '../../support/handoff-rules.ts';

const { offer, ask, answer, readBack, sendBack, revise, confirm, decline, withdraw, reassign } =
  says;
const passOn: Step = { type: 'passOn', to: backup, rung: 'backup' };
const bounce: Step = { type: 'bounce', to: giverManager };
const escalate: Step = { type: 'escalateConfirmation', to: giverManager };
const lapse: Step = { type: 'lapseQuestion' };

const call: Step = { type: 'proposeCall', startsAt: monday, endsAt: monday + 1 };
const twice = [offer(), readBack(), sendBack(), readBack(), sendBack()];

const remind = (percent: 50 | 80): Step => ({ type: 'remind', percent });

const given = {
  nothing: [],
  offered: [offer()],
  questioned: [offer(), ask()],
  answered: [offer(), ask(), answer()],
  declined: [offer(), decline()],
  'passed on': [offer(), passOn],
  'read back': [offer(), readBack()],
  'read back and escalated': [offer(), readBack(), escalate],
  'sent back': [offer(), readBack(), sendBack()],
  'sent back twice': twice,
  'with a call proposed': [...twice, call],
  'read back a third time': [...twice, call, readBack()],
  'sent back twice and passed on': [...twice, call, passOn, readBack(backup)],
  revised: [offer(), revise()],
  reminded: [offer(), remind(50)],
  'reminded late': [offer(), remind(80)],
  reassigned: [offer(), reassign(backup)],
  transferred: [offer(), readBack(), confirm()],
  withdrawn: [offer(), withdraw()],
  bounced: [offer(), bounce],
} as const satisfies Record<string, readonly Step[]>;

type Given = keyof typeof given;

const steps: readonly (readonly [name: string, from: Given, step: Step, outcome: string])[] = [
  ['is offered', 'nothing', offer(), 'offered'],
  ['is offered once', 'offered', offer(), 'handoff.already_offered'],
  ['is not offered to its giver', 'nothing', offer({ receiver: giver }), 'handoff.same_person'],
  [
    'is offered by a manager for the custodian',
    'nothing',
    offer({ actor: giverManager }),
    'offered',
  ],
  ['has no steps before it is offered', 'nothing', readBack(), 'loop.not_open'],

  ['is read back by whom it asks', 'offered', readBack(), 'readBack'],
  ['is not read back by another', 'offered', readBack(backup), 'handoff.not_receiver'],
  ['is not read back while a question is open', 'questioned', readBack(), 'handoff.question_open'],
  ['is read back after the answer', 'answered', readBack(), 'readBack'],
  ['is read back once', 'read back', readBack(), 'handoff.not_offered'],
  ['is read back by whom it was passed on to', 'passed on', readBack(backup), 'readBack'],
  ['is not read back by who was passed over', 'passed on', readBack(), 'handoff.not_receiver'],
  ['is not read back by who declined', 'declined', readBack(), 'handoff.not_receiver'],

  ['is asked about by whom it asks', 'offered', ask(), 'questioned'],
  ['is not asked about by another', 'offered', ask(stranger), 'handoff.not_receiver'],
  ['has one open question', 'questioned', ask(), 'handoff.question_open'],
  ['is not asked about after the read-back', 'read back', ask(), 'handoff.not_offered'],
  ['is offered again once answered', 'questioned', answer(), 'offered'],
  ['is answered by the manager of the giver too', 'questioned', answer(giverManager), 'offered'],
  ['is not answered without a question', 'offered', answer(), 'handoff.no_question'],

  ['goes back to who read it back', 'read back', sendBack(), 'offered'],
  ['is sent back by the manager too', 'read back and escalated', sendBack(giverManager), 'offered'],
  ['is not sent back by who read it back', 'read back', sendBack(receiver), 'handoff.not_giver'],
  ['is not sent back unread', 'offered', sendBack(), 'handoff.not_read_back'],
  ['is read back again once sent back', 'sent back', readBack(), 'readBack'],
  ['is not confirmed while it is sent back', 'sent back', confirm(), 'handoff.not_read_back'],
  [
    'is sent back twice at most',
    'read back a third time',
    sendBack(),
    'handoff.too_many_send_backs',
  ],
  ['moves after two send-backs and a call', 'read back a third time', confirm(), 'transferred'],
  ['is sent back to the next one anew', 'sent back twice and passed on', sendBack(), 'offered'],
  ['proposes a call at the second send-back', 'sent back twice', call, 'offered'],
  ['proposes one call', 'with a call proposed', call, 'loop.stale_plan'],
  ['proposes no call at the first send-back', 'sent back', call, 'loop.stale_plan'],

  ['is revised while it is offered', 'offered', revise(), 'offered'],
  ['is revised while a question is open', 'questioned', revise(), 'questioned'],
  ['is read back once more when revised', 'read back', revise(), 'offered'],
  ['is read back after a revision', 'revised', readBack(), 'readBack'],
  [
    'is not revised by who is to take it',
    'offered',
    revise('urgent', receiver),
    'handoff.not_giver',
  ],
  ['is not revised once it is over', 'transferred', revise(), 'loop.closed'],

  ['moves when the giver confirms', 'read back', confirm(), 'transferred'],
  [
    'moves when the manager confirms',
    'read back and escalated',
    confirm(giverManager),
    'transferred',
  ],
  ['still moves when the giver confirms late', 'read back and escalated', confirm(), 'transferred'],
  ['is not confirmed before it is read back', 'offered', confirm(), 'handoff.not_read_back'],
  ['is not confirmed by who read it back', 'read back', confirm(receiver), 'handoff.not_giver'],

  ['can be declined by whom it asks', 'offered', decline(), 'offered'],
  ['can be declined with a question open', 'questioned', decline(), 'offered'],
  ['is not declined by another', 'offered', decline(backup), 'handoff.not_receiver'],
  ['is not declined after the read-back', 'read back', decline(), 'handoff.not_offered'],
  ['is declined once by each', 'declined', decline(), 'handoff.not_receiver'],

  ['can be withdrawn while offered', 'offered', withdraw(), 'withdrawn'],
  ['can be withdrawn with a question open', 'questioned', withdraw(), 'withdrawn'],
  ['can be withdrawn after the read-back', 'read back', withdraw(), 'withdrawn'],
  ['can be withdrawn when declined', 'declined', withdraw(), 'withdrawn'],
  ['is not withdrawn once transferred', 'transferred', withdraw(), 'loop.closed'],

  ['can be reassigned while offered', 'offered', reassign(backup), 'offered'],
  ['can be reassigned with a question open', 'questioned', reassign(backup), 'offered'],
  ['can be reassigned when declined', 'declined', reassign(backup), 'offered'],
  ['can be reassigned to who declined', 'declined', reassign(receiver), 'offered'],
  [
    'is not reassigned after the read-back',
    'read back',
    reassign(backup),
    'handoff.too_late_to_reassign',
  ],
  ['is not reassigned to its giver', 'offered', reassign(giver), 'handoff.same_person'],
  ['is not reassigned to whom it asks', 'offered', reassign(receiver), 'handoff.already_asked'],
  ['is read back by whom it was reassigned to', 'reassigned', readBack(backup), 'readBack'],
  ['is not read back by who it was taken from', 'reassigned', readBack(), 'handoff.not_receiver'],

  ['passes on from who is silent', 'offered', passOn, 'offered'],
  ['passes on from who declined', 'declined', passOn, 'offered'],
  ['does not pass on while a question is open', 'questioned', passOn, 'loop.stale_plan'],
  ['does not pass on once read back', 'read back', passOn, 'loop.stale_plan'],
  ['reminds at half of the time', 'offered', remind(50), 'offered'],
  ['does not remind again of the same', 'reminded', remind(50), 'loop.stale_plan'],
  ['does not remind of the earlier last', 'reminded late', remind(50), 'loop.stale_plan'],
  ['reminds nobody when nobody is asked', 'declined', remind(50), 'loop.stale_plan'],
  ['lets a question lapse', 'questioned', lapse, 'offered'],
  ['has no question to lapse', 'offered', lapse, 'loop.stale_plan'],
  ['escalates a confirmation', 'read back', escalate, 'readBack'],
  ['has no confirmation to escalate', 'offered', escalate, 'loop.stale_plan'],
  ['bounces from offered', 'offered', bounce, 'bounced'],
  ['bounces from read back', 'read back', bounce, 'bounced'],
  ['does not bounce while a question is open', 'questioned', bounce, 'loop.stale_plan'],
];

describe('a handoff', () => {
  test.for(steps)('%s (%s)', ([, from, step, expected]) => {
    expect(outcome(played(...given[from]), step)).toBe(expected);
  });

  const closed = (['transferred', 'withdrawn', 'bounced'] as const).flatMap((from) =>
    [
      offer(),
      ask(),
      answer(),
      readBack(),
      confirm(),
      decline(),
      withdraw(),
      reassign(),
      bounce,
    ].map((step) => [from, step] as const),
  );
  test.for(closed)('stays closed once %s, whatever is said', ([from, step]) => {
    const state = played(...given[from]);
    expect(handoffRules.isClosed(state)).toBe(true);
    const code = step.type === 'offer' ? 'handoff.already_offered' : 'loop.closed';
    expect(outcome(state, step)).toBe(code);
  });
});

test('a step under a delegation is that of the one it is taken for', () => {
  const offered = played(offer());
  const delegated = { ...readBack(stranger), onBehalfOf: receiver };
  expect(evolved(offered, delegated).readBack?.by).toBe(receiver);
  expect(outcome(offered, { ...readBack(receiver), onBehalfOf: stranger })).toBe(
    'handoff.not_receiver',
  );
  const readBackBy = played(offer(), readBack());
  expect(outcome(readBackBy, { ...confirm(giver), onBehalfOf: receiver })).toBe(
    'handoff.not_giver',
  );
});

test('the account goes to who read it back, not to who was asked first', () => {
  const state = played(offer(), passOn, readBack(backup), confirm());
  expect(state).toMatchObject({ status: 'transferred', receiver, custodian: backup });
});

test('the account comes back to whom the clock chose when nobody takes it', () => {
  expect(played(offer(), bounce)).toMatchObject({ status: 'bounced', custodian: giverManager });
  expect(played(offer(), withdraw()).custodian).toBeNull();
});

test('questions end at a limit, and a call is left to make', () => {
  const rounds = Array.from({ length: questionsMax }, () => [ask(), answer()]).flat();
  const state = played(offer(), ...rounds);
  expect(decided(state, ask())).toMatchObject({
    ok: false,
    problem: { code: 'handoff.too_many_questions', params: { max: questionsMax } },
  });
  expect(outcome(state, readBack())).toBe('readBack');
});

test('a step of the clock never ends another wait than the one it was planned for', () => {
  const offered = played(offer());
  const old = { ...passOn, person: receiver, since: offered.changedAt } as Step;
  expect(outcome(offered, old)).toBe('offered');
  for (const since of [
    evolved(offered, reassign(receiverManager), monday + 1),
    evolved(offered, passOn, monday + 1),
    evolved(offered, readBack(), monday + 1),
    evolved(offered, decline(), monday + 1),
    evolved(evolved(offered, reassign(stranger), monday + 1), reassign(receiver), monday + 2),
  ]) {
    expect(outcome(since, old)).toBe('loop.stale_plan');
  }
});

test('a new receiver begins without what the old one was reminded of', () => {
  const state = played(offer(), remind(50), remind(80), reassign(backup));
  expect(state.asked).toEqual({ person: backup, since: state.changedAt, reminders: 0, pauses: [] });
  expect(state).toMatchObject({ rung: 'receiver', tried: [backup] });
});

test('a read-back stands for one packet: a revision counts it, and asks for another', () => {
  const state = evolved(played(offer(), readBack()), revise('urgent'), monday + 9);
  expect(state).toMatchObject({
    status: 'offered',
    severity: 'urgent',
    packet: 'newer packet',
    revision: 2,
    readBack: null,
    readBacks: 1,
    sentBacks: 0,
    asked: { person: receiver, since: monday + 9 },
  });
});

describe('nobody is on both sides of a read-back', () => {
  const as = <Said extends HandoffCommand>(said: Said, onBehalfOf: PersonId): Said => ({
    ...said,
    onBehalfOf,
  });
  const byStranger = [offer(), as(readBack(stranger), receiver)];

  test.each([
    ['who read back confirms for the giver', [offer(), readBack()], as(confirm(receiver), giver)],
    [
      'who read back returns it for the giver',
      [offer(), readBack()],
      as(sendBack(receiver), giver),
    ],
    ['who is asked rewrites it for the giver', [offer()], as(revise('urgent', receiver), giver)],
    ['who read back for another confirms', byStranger, as(confirm(stranger), giver)],
    ['who read back for another returns it', byStranger, as(sendBack(stranger), giver)],
    ['who read back for another rewrites it', byStranger, as(revise('urgent', stranger), giver)],
    ['whom it was read back for confirms', byStranger, as(confirm(receiver), giver)],
    [
      'the manager who read back confirms',
      [offer(), as(readBack(giverManager), receiver)],
      confirm(giverManager),
    ],
  ] as const)('not where %s', (_how, before, step) => {
    expect(outcome(played(...before), step)).toBe('handoff.not_giver');
  });

  test('not where the giver reads back for the receiver', () => {
    expect(outcome(played(offer()), as(readBack(giver), receiver))).toBe('handoff.not_receiver');
  });

  test('and whoever is on one side only acts for others as before', () => {
    expect(outcome(played(...byStranger), confirm())).toBe('transferred');
    const confirmed = evolved(played(offer(), readBack()), as(confirm(stranger), giver), monday);
    expect(confirmed).toMatchObject({ status: 'transferred', custodian: receiver });
  });
});

test('a later packet asks to read back once more as often as a send-back may, then a call is due', () => {
  const undone = played(offer(), readBack(), revise(), readBack(), sendBack());
  expect(isCallDue(undone)).toBe(true);
  const read = evolved(undone, readBack(), monday);
  expect(outcome(read, revise())).toBe('handoff.too_many_send_backs');
  expect(outcome(read, sendBack())).toBe('handoff.too_many_send_backs');
  expect(outcome(undone, revise()), 'what nobody has read back is free to change').toBe('offered');
});

test('whoever read back twice is not asked to a third time by way of somebody else', () => {
  const twiceMixed = [offer(), readBack(), sendBack(), readBack(), revise()];
  const again = played(...twiceMixed, reassign(backup), reassign(receiver));
  expect(isCallDue(again)).toBe(true);
  const read = evolved(again, readBack(), monday);
  expect(outcome(read, sendBack())).toBe('handoff.too_many_send_backs');
  expect(outcome(read, revise())).toBe('handoff.too_many_send_backs');
  const other = played(...twiceMixed, reassign(backup), readBack(backup));
  expect(outcome(other, sendBack())).toBe('offered');
});

test('a handoff has so many packets at most', () => {
  const all = Array.from({ length: revisionsMax - 1 }, () => revise());
  expect(outcome(played(offer(), ...all), revise())).toBe('handoff.too_many_revisions');
});

test('a handoff of before knows of one packet and no send-backs', () => {
  const {
    undone: _undone,
    elsewhere: _elsewhere,
    readBack: read,
    ...of2
  } = played(offer(), readBack());
  const kept = { ...of2, readBack: { by: read?.by, content: read?.content } };
  expect(handoffRules.upgrade?.(kept, 2)).toEqual(played(offer(), readBack()));
  const { revision, readBacks, sentBacks, call: _call, ...old } = kept;
  expect([revision, readBacks, sentBacks]).toEqual([1, 1, 0]);
  expect(handoffRules.upgrade?.(old, 1)).toEqual(played(offer(), readBack()));
});
