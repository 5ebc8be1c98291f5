import { expect, test } from 'vitest';
import { handoffPlan } from '../../../domain/handoff/plan.ts';
import type { HandoffState } from '../../../domain/handoff/state.ts';
import type { PlanningWorld } from '../../../domain/loop.ts';
import {
  backup,
  content,
  director,
  giver,
  giverManager,
  planningWorld,
  receiver,
  receiverManager,
  stranger,
} from '../../support/handoff-people.ts';
import {
  evolved,
  monday,
  planned,
  played,
  says,
  silence,
  type Fired,
} from '../../support/handoff-rules.ts';

const { offer, ask, answer, readBack, sendBack, confirm, decline, withdraw, reassign } = says;
const world = planningWorld();
const utc = (at: number): string => new Date(at).toISOString().slice(0, 16);
const at = (text: string): number => Date.parse(`${text}Z`);

/** `remind 2026-11-24T04:00` */
const lines = (fired: readonly Fired[]): readonly string[] =>
  fired.map(({ type, at }) => `${type} ${utc(at)}`);
const due = (state: HandoffState, from: PlanningWorld<undefined> = world): readonly string[] =>
  planned(state, from).map((moment) => `${moment.command.type} ${utc(moment.at)}`);

test('silence is reminded of at 50 and 80 percent of working time, climbs, and ends at the manager of the giver', () => {
  const { state, fired } = silence(played(offer()), world);
  expect(lines(fired)).toEqual([
    'remind 2026-11-24T04:00', // half of Tokyo's Tuesday
    'remind 2026-11-24T06:24',
    'passOn 2026-11-24T08:00',
    'remind 2026-11-25T04:00',
    'remind 2026-11-25T06:24',
    'passOn 2026-11-25T08:00',
    'remind 2026-11-26T04:00',
    'remind 2026-11-26T06:24',
    'bounce 2026-11-26T08:00',
  ]);
  expect(state).toMatchObject({
    custodian: giverManager,
    tried: [receiver, backup, receiverManager],
  });
});

test('a week that begins on Sunday is counted as it is worked', () => {
  const people = {
    [receiver]: { zone: 'Asia/Riyadh', hours: 'Sunday to Thursday', manager: null } as const,
  };
  const friday = at('2026-11-27T09:00');
  const offered = evolved(played(), offer(), friday);
  expect(due(offered, planningWorld({ people }))).toEqual([
    'remind 2026-11-29T10:00',
    'remind 2026-11-29T12:24',
    'bounce 2026-11-29T14:00',
  ]);
});

test('the clock that a question stopped runs on from where it stood', () => {
  const inTokyo = at('2026-11-24T02:00'); // two hours of Tuesday are worked
  const asked = evolved(played(offer()), ask(), inTokyo);
  expect(due(asked)).toEqual([
    'remind 2026-11-24T12:00', // the giver's day, in Berlin
    'remind 2026-11-24T14:24',
    'lapseQuestion 2026-11-24T16:00',
  ]);
  const answered = evolved(asked, answer(), at('2026-11-25T03:00'));
  expect(due(answered)).toEqual([
    'remind 2026-11-25T05:00', // two of four hours were left
    'remind 2026-11-25T07:24',
    'passOn 2026-11-26T01:00',
  ]);
});

test('a reminder already given is not given again after a question', () => {
  const reminded = evolved(
    played(offer()),
    { type: 'remind', percent: 50 },
    at('2026-11-24T04:00'),
  );
  const asked = evolved(reminded, ask(), at('2026-11-24T05:00'));
  const answered = evolved(asked, answer(), at('2026-11-24T09:00'));
  expect(due(answered)).toEqual(['remind 2026-11-25T01:24', 'passOn 2026-11-25T03:00']);
});

test('a question nobody answers lapses, and the handoff climbs on', () => {
  const { state, fired } = silence(evolved(played(offer()), ask(), at('2026-11-24T02:00')), world);
  expect(fired.map(({ type }) => type).slice(0, 6)).toEqual([
    'remind',
    'remind',
    'lapseQuestion',
    'remind',
    'remind',
    'passOn',
  ]);
  expect(state.custodian).toBe(giverManager);
});

test('a read-back nobody confirms asks the manager too, and then goes to the manager', () => {
  const readBackAt = at('2026-11-24T01:00');
  const { state, fired } = silence(evolved(played(offer()), readBack(), readBackAt), world);
  expect(lines(fired)).toEqual([
    'remind 2026-11-24T12:00',
    'remind 2026-11-24T14:24',
    'escalateConfirmation 2026-11-24T16:00',
    'remind 2026-11-25T12:00',
    'remind 2026-11-25T14:24',
    'bounce 2026-11-25T16:00',
  ]);
  expect(state).toMatchObject({ status: 'bounced', custodian: giverManager });
});

const ladders = [
  ['the backup is missing', { [receiver]: { backup: null } }, [receiverManager]],
  ['the backup has left', { [backup]: { isActive: false } }, [receiverManager]],
  ['the backup never works', { [backup]: { hours: 'never' } }, [receiverManager]],
  ['the backup is the giver', { [receiver]: { backup: giver } }, [receiverManager]],
  ['the backup is the manager', { [receiver]: { backup: receiverManager } }, [receiverManager]],
  ['there is no manager', { [receiver]: { manager: null } }, [backup]],
  ['the manager is the giver', { [receiver]: { manager: giver } }, [backup]],
  ['there is nobody', { [receiver]: { manager: null, backup: null } }, []],
] as const;

test.for(ladders)('climbs past a rung where %s', ([, changes, expected]) => {
  const people = Object.fromEntries(
    Object.entries(changes).map(([id, change]) => [
      id,
      { zone: 'Asia/Tokyo', manager: receiverManager, backup, ...change },
    ]),
  );
  const { state } = silence(played(offer()), planningWorld({ people }));
  expect(state.tried).toEqual([receiver, ...expected]);
  expect(state.custodian).toBe(giverManager);
});

const returns = [
  ['the manager of the giver', {}, giverManager],
  ['the next above, where the manager has left', { [giverManager]: false }, director],
  ['the giver, where nobody above is there', { [giverManager]: false, [director]: false }, giver],
] as const;

test.for(returns)('comes back to %s', ([, active, expected]) => {
  const people = Object.fromEntries(
    Object.entries(active).map(([id, isActive]) => [
      id,
      { zone: 'Europe/Berlin', manager: id === giverManager ? director : null, isActive },
    ]),
  );
  expect(silence(played(offer()), planningWorld({ people })).state.custodian).toBe(expected);
});

test('a declined handoff goes on at once, and at last back', () => {
  let state = played(offer(), decline());
  expect(due(state)).toEqual(['passOn 2026-11-23T09:01']);
  expect(planned(state, world)[0]?.command).toMatchObject({ to: backup, rung: 'backup' });
  state = evolved(silence1(state), decline(backup), monday + 600_000);
  state = evolved(silence1(state), decline(receiverManager), monday + 700_000);
  expect(planned(state, world)[0]?.command).toMatchObject({ type: 'bounce', to: giverManager });
});

/** The next step of the clock, and no more. */
function silence1(state: HandoffState): HandoffState {
  const [next] = planned(state, world);
  return next ? evolved(state, next.command, next.at) : state;
}

test('a new receiver is given the whole allowance, and their own ladder', () => {
  const state = evolved(played(offer()), reassign(stranger), at('2026-11-24T07:00'));
  expect(due(state)).toEqual([
    'remind 2026-11-24T18:00',
    'remind 2026-11-24T20:24',
    'passOn 2026-11-24T22:00',
  ]);
  expect(planned(state, world).at(-1)?.command).toMatchObject({ to: director, rung: 'manager' });
});

test('climbs on, and not back, when the directory names another backup', () => {
  const state = played(offer(), { type: 'passOn', to: backup, rung: 'backup' });
  const changed = { zone: 'Asia/Tokyo', manager: receiverManager, backup: stranger };
  const people = { [receiver]: changed };
  const next = planned(state, planningWorld({ people })).at(-1)?.command;
  expect(next).toMatchObject({ type: 'passOn', to: receiverManager, rung: 'manager' });
});

test('a read-back by the manager of the giver is confirmed by nobody else, and goes to them', () => {
  const state = played(offer({ receiver: giverManager }), readBack(giverManager));
  const end = planned(state, world).at(-1)?.command;
  expect(end).toMatchObject({ type: 'bounce', to: giverManager });
});

test('a giver without a manager keeps what they do not confirm', () => {
  const people = { [giver]: { zone: 'Europe/Berlin' } };
  const { state } = silence(played(offer(), readBack()), planningWorld({ people }));
  expect(state).toMatchObject({ status: 'bounced', custodian: giver });
});

const gone = { zone: 'Europe/Berlin', manager: giverManager, isActive: false };
const departures = [
  ['whom it asks', { [receiver]: { ...gone, manager: receiverManager } }, [], 'passOn'],
  ['the giver, who is to answer', { [giver]: gone }, [ask()], 'lapseQuestion'],
  ['the giver, who is to confirm', { [giver]: gone }, [readBack()], 'escalateConfirmation'],
] as const;

test.for(departures)('nobody waits for somebody who has left: %s', ([, people, steps, type]) => {
  const state = played(offer(), ...steps);
  const moments = planned(state, planningWorld({ people }));
  expect(moments.map((moment) => moment.command.type)).toEqual([type]);
  expect(moments[0]?.at).toBe(state.changedAt);
});

test('time on hold counts for nobody', () => {
  const pauses = [[at('2026-11-24T02:00'), at('2026-11-25T02:00')]] as const;
  expect(due(played(offer()), planningWorld({ pauses }))).toEqual([
    'remind 2026-11-25T04:00',
    'remind 2026-11-25T06:24',
    'passOn 2026-11-25T08:00',
  ]);
});

test('a plan made later is the same plan', () => {
  const state = evolved(played(offer()), ask(), at('2026-11-24T02:00'));
  for (const late of ['2026-11-24T03:00', '2026-11-26T03:00', '2027-02-01T00:00']) {
    expect(planned(state, planningWorld({ at: at(late) }))).toEqual(planned(state, world));
  }
});

const tasks = [
  ['the receiver reads back', [offer()], [['handoff.read_back', receiver]]],
  ['the giver answers', [offer(), ask()], [['handoff.answer', giver]]],
  ['the giver confirms', [offer(), readBack()], [['handoff.confirm', giver]]],
  [
    'then the manager may confirm too',
    [offer(), readBack(), { type: 'escalateConfirmation', to: giverManager }],
    [
      ['handoff.confirm', giver],
      ['handoff.confirm', giverManager],
    ],
  ],
  ['nobody, once it is over', [offer(), withdraw()], []],
] as const;

test.for(tasks)('whose step it is: %s', ([, steps, expected]) => {
  const open = handoffPlan.tasks(played(...steps), world);
  expect(open.map(({ kind, person }) => [kind, person])).toEqual(expected);
});

test('a task is due when the clock will act on it', () => {
  const state = played(offer());
  expect(handoffPlan.tasks(state, world)[0]?.dueAt).toBe(planned(state, world).at(-1)?.at);
});

test('everyone named in it is a party, also who was passed over', () => {
  const state = played(offer(), { type: 'passOn', to: backup, rung: 'backup' }, readBack(backup));
  expect(new Set(handoffPlan.parties(state))).toEqual(new Set([giver, receiver, backup]));
  expect(handoffPlan.parties(played())).toEqual([]);
  expect(handoffPlan.parties(evolved(state, confirm()))).toContain(backup);
});

test('texts are chained with the event that brought them', () => {
  const by = receiver;
  const text = content('question');
  expect(handoffPlan.contents({ type: 'asked', by, content: text })).toEqual([text]);
  expect(handoffPlan.contents({ type: 'questionLapsed' })).toEqual([]);
});

const sentBackTwice = [offer(), readBack(), sendBack(), readBack(), sendBack()];

test('after the second send-back a call is proposed at once, where both work next', () => {
  const people = { [receiver]: { zone: 'Asia/Riyadh', backup } as const }; // two hours ahead of Berlin
  const state = played(...sentBackTwice);
  const [call, ...later] = planned(state, planningWorld({ people, at: state.changedAt }));
  expect(call).toMatchObject({
    at: state.changedAt,
    command: {
      type: 'proposeCall',
      startsAt: at('2026-11-23T10:15'), // an hour's notice, and the next quarter
      endsAt: at('2026-11-23T10:45'),
    },
  });
  expect(later.map(({ command }) => command.type)).toEqual(['remind', 'remind', 'passOn']);
});

test('where working times never meet the call costs both least, and lies ahead also after a hold', () => {
  const state = played(...sentBackTwice);
  const startsAt = (now: number): number => {
    const [call] = planned(state, planningWorld({ at: now }));
    return call?.command.type === 'proposeCall' ? call.command.startsAt : 0;
  };
  const [soon, later] = [startsAt(state.changedAt), startsAt(at('2026-12-07T09:00'))];
  expect(utc(soon)).toBe('2026-11-24T07:45'); // half after Tokyo's day, half before Berlin's
  expect(later).toBeGreaterThan(at('2026-12-07T10:00'));
});

test('nobody is called who never works or has left, and the ladder goes on all the same', () => {
  const state = played(...sentBackTwice);
  for (const people of [
    { [receiver]: { zone: 'Asia/Tokyo', hours: 'never', backup } as const },
    { [giver]: { zone: 'Europe/Berlin', isActive: false, manager: giverManager } as const },
  ]) {
    const types = planned(state, planningWorld({ people })).map(({ command }) => command.type);
    expect(types).not.toContain('proposeCall');
    expect(types).toContain('passOn');
  }
});
