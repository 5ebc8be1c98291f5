import { expect, test } from 'vitest';
import { handoffRules } from '../../../domain/handoff/decide.ts';
import { handoffNotices } from '../../../domain/handoff/notices.ts';
import type { HandoffState } from '../../../domain/handoff/state.ts';
import {
  backup,
  giver,
  giverManager,
  planningWorld,
  receiver,
  receiverManager,
} from '../../support/handoff-people.ts';
import { lackingIn } from '../../support/catalogue.ts';
import { decided, monday, played, says, type Step } from '../../support/handoff-rules.ts';

const { offer, ask, answer, readBack, sendBack, revise, confirm, decline, withdraw, reassign } =
  says;
const world = planningWorld({ at: monday });
const passOn: Step = { type: 'passOn', to: backup, rung: 'backup' };
const escalate: Step = { type: 'escalateConfirmation', to: giverManager };
const remind: Step = { type: 'remind', percent: 50 };

function letters(before: HandoffState, step: Step) {
  const decision = decided(before, step, monday);
  if (!decision.ok) throw new Error(decision.problem.code);
  const after = decision.events.reduce((s, event) => handoffRules.evolve(s, event, monday), before);
  return decision.events.flatMap((event) => handoffNotices(event, after, world));
}

const table: readonly (readonly [
  name: string,
  before: readonly Step[],
  step: Step,
  letters: readonly string[],
])[] = [
  ['an offer asks the receiver', [], offer(), [`offered → ${receiver} asks read_back`]],
  ['a question asks the giver', [offer()], ask(), [`question → ${giver} asks answer`]],
  ['an answer asks again', [offer(), ask()], answer(), [`answered → ${receiver} asks read_back`]],
  [
    'a lapsed question is told to both sides',
    [offer(), ask()],
    { type: 'lapseQuestion' },
    [`question_lapsed → ${receiver} asks read_back`, `question_unanswered → ${giverManager}`],
  ],
  ['a read-back asks the giver', [offer()], readBack(), [`read_back → ${giver} asks confirm`]],
  [
    'a read-back that is sent back asks once more',
    [offer(), readBack()],
    sendBack(),
    [`sent_back → ${receiver} asks read_back`],
  ],
  [
    'what the manager sends back the giver hears of',
    [offer(), readBack(), escalate],
    sendBack(giverManager),
    [`sent_back → ${receiver} asks read_back`, `sent_back_giver → ${giver}`],
  ],
  [
    'a call is proposed to both',
    [offer(), readBack(), sendBack(), readBack(), sendBack()],
    { type: 'proposeCall', startsAt: monday, endsAt: monday + 1 },
    [`call → ${giver}`, `call → ${receiver}`],
  ],
  [
    'a revision asks whoever is asked',
    [offer(), readBack()],
    revise(),
    [`revised → ${receiver} asks read_back`],
  ],
  [
    'a revision under an open question asks for nothing yet',
    [offer(), ask()],
    revise(),
    [`revised → ${receiver}`],
  ],
  [
    'an overdue confirmation asks the manager',
    [offer(), readBack()],
    escalate,
    [`confirm_overdue → ${giverManager} asks confirm`],
  ],
  [
    'a transfer is told to both',
    [offer(), readBack()],
    confirm(),
    [`transferred → ${giver}`, `transferred → ${receiver}`],
  ],
  ['a refusal is told to the giver', [offer()], decline(), [`declined → ${giver}`]],
  ['a reminder asks who is silent', [offer()], remind, [`reminder → ${receiver} asks read_back`]],
  [
    'a reminder of a question asks the giver',
    [offer(), ask()],
    remind,
    [`question_reminder → ${giver} asks answer`],
  ],
  [
    'a reminder to confirm asks the giver',
    [offer(), readBack()],
    remind,
    [`confirm_reminder → ${giver} asks confirm`],
  ],
  [
    'who is passed over hears that they need do nothing',
    [offer()],
    passOn,
    [`passed_on → ${receiver}`, `escalated → ${backup} asks read_back`],
  ],
  [
    'who declined does not hear it again',
    [offer(), decline()],
    passOn,
    [`escalated → ${backup} asks read_back`],
  ],
  [
    'a new receiver is asked and the old one released',
    [offer()],
    reassign(backup),
    [`passed_on → ${receiver}`, `reassigned → ${backup} asks read_back`],
  ],
  ['a withdrawal releases whom it asks', [offer()], withdraw(), [`withdrawn → ${receiver}`]],
  [
    'a withdrawal releases who read back',
    [offer(), readBack()],
    withdraw(),
    [`withdrawn → ${receiver}`],
  ],
  [
    'a withdrawal by the manager is told to the giver too',
    [offer()],
    withdraw(giverManager),
    [`withdrawn → ${receiver}`, `withdrawn → ${giver}`],
  ],
  [
    'what comes back is told to who has it now, to the giver, and to who was asked last',
    [offer()],
    { type: 'bounce', to: giverManager },
    [`passed_on → ${receiver}`, `bounced → ${giverManager}`, `bounced_giver → ${giver}`],
  ],
  [
    'who read back hears that it came back unconfirmed',
    [offer(), readBack()],
    { type: 'bounce', to: giverManager },
    [`passed_on → ${receiver}`, `bounced → ${giverManager}`, `bounced_giver → ${giver}`],
  ],
  [
    'a giver without a manager hears once',
    [offer(), decline()],
    { type: 'bounce', to: giver },
    [`bounced_giver → ${giver}`],
  ],
];

test.for(table)('%s', ([, before, step, expected]) => {
  const shown = letters(played(...before), step).map(
    ({ to, key, asks }) =>
      `${key.replace('handoff.', '')} → ${to}${asks ? ` asks ${asks.replace('handoff.', '')}` : ''}`,
  );
  expect(shown).toEqual(expected);
});

test.for(table)('%s, in a sentence that lacks nothing', ([, before, step]) => {
  for (const { key, params } of letters(played(...before), step)) {
    expect(lackingIn(`${key}.subject`, params)).toEqual([]);
    expect(lackingIn(`${key}.body`, params)).toEqual([]);
  }
});

test('a message carries ids and instants, and never what people wrote', () => {
  const [offered] = letters(played(), offer());
  expect(offered?.params).toEqual({
    account: { account: 'st-hedwig' },
    giver: { person: giver },
    receiver: { person: receiver },
    severity: { term: 'handoff.severity.important' },
    at: { instant: monday },
    dueAt: { instant: Date.parse('2026-11-24T08:00Z'), alsoFor: giver },
  });
});

test('only what is urgent does not wait for working hours', () => {
  const urgency = (severity: 'routine' | 'important' | 'urgent') =>
    letters(played(), offer({ severity }))[0]?.urgency;
  expect([urgency('routine'), urgency('important'), urgency('urgent')]).toEqual([
    'working',
    'working',
    'now',
  ]);
});

test('what is urgent wakes whom it asks to take it, and nobody who is told or confirms', () => {
  const urgent = played(offer({ severity: 'urgent' }));
  const passed = letters(urgent, passOn).map(({ to, urgency }) => [to, urgency]);
  expect(passed).toEqual([
    [receiver, 'working'],
    [backup, 'now'],
  ]);
  for (const step of [
    readBack(),
    withdraw(giverManager),
    { type: 'bounce', to: giverManager } as const,
  ]) {
    expect(letters(urgent, step).map(({ urgency }) => urgency)).not.toContain('now');
  }
});

test('both sides hear of a hold and of its end', () => {
  const state = played(offer());
  for (const type of ['held', 'resumed'] as const) {
    const later = planningWorld({ at: monday + 3_600_000 });
    const told = handoffNotices({ type, by: receiverManager }, state, later);
    expect(told[0]?.params['at'], 'since the hold, not since the offer').toEqual({
      instant: monday + 3_600_000,
    });
    expect(told.flatMap(({ key, params }) => lackingIn(`${key}.body`, params))).toEqual([]);
    expect(told.map(({ to, key }) => [to, key])).toEqual([
      [giver, `handoff.${type}`],
      [receiver, `handoff.${type}`],
    ]);
  }
});
