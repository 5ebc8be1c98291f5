import { expect, test } from 'vitest';
import { explainHandoff, timelineSentence } from '../../../domain/handoff/explain.ts';
import {
  content,
  giver,
  giverManager,
  planningWorld,
  receiver,
} from '../../support/handoff-people.ts';
import { monday, planned, played, says, type Step } from '../../support/handoff-rules.ts';

const { offer, ask, readBack, confirm, decline, withdraw } = says;
const escalate: Step = { type: 'escalateConfirmation', to: giverManager };

const explained = (steps: readonly Step[], heldSince: number | null = null) => {
  const state = played(...steps);
  const moments = planned(state, planningWorld());
  return explainHandoff({ state, heldSince, pauses: [] }, moments);
};

const standings: readonly (readonly [string, readonly Step[], readonly string[]])[] = [
  [
    'offered',
    [offer()],
    ['waits_read_back', 'asked_receiver', 'owner', 'next_remind', 'next_remind', 'next_pass_on'],
  ],
  ['declined', [offer(), decline()], ['waits_next', 'owner', 'next_pass_on']],
  [
    'questioned',
    [offer(), ask()],
    ['waits_answer', 'owner', 'next_remind', 'next_remind', 'next_lapse_question'],
  ],
  [
    'read back',
    [offer(), readBack()],
    ['waits_confirm', 'owner', 'next_remind', 'next_remind', 'next_escalate_confirmation'],
  ],
  [
    'escalated',
    [offer(), readBack(), escalate],
    ['waits_confirm_escalated', 'owner', 'next_remind', 'next_remind', 'next_bounce'],
  ],
  ['transferred', [offer(), readBack(), confirm()], ['transferred']],
  ['withdrawn', [offer(), withdraw()], ['withdrawn']],
  ['bounced', [offer(), { type: 'bounce', to: giverManager }], ['bounced']],
];

test.for(standings)('a handoff that is %s says why', ([, steps, keys]) => {
  expect(explained(steps).map(({ key }) => key.replace('handoff.explain.', ''))).toEqual(keys);
});

test('a held handoff says that the clock stands still, and nothing of what it would do', () => {
  const keys = explained([offer()], monday).map(({ key }) => key.replace('handoff.explain.', ''));
  expect(keys).toEqual(['held', 'waits_read_back', 'asked_receiver', 'owner']);
});

test('a sentence names people and instants by id', () => {
  expect(explained([offer()])[0]?.params).toEqual({
    person: { person: receiver },
    at: { instant: monday },
  });
  expect(explained([offer()]).at(-1)?.params).toEqual({
    person: { person: 'tokyo-backup' },
    at: { instant: Date.parse('2026-11-24T08:00Z') },
  });
});

test('the timeline tells who did what, and never what they wrote', () => {
  expect(timelineSentence({ type: 'asked', by: receiver, content: content('question') })).toEqual({
    key: 'handoff.timeline.asked',
    params: { by: { person: receiver } },
  });
  expect(timelineSentence({ type: 'bounced', from: null, to: giver })).toEqual({
    key: 'handoff.timeline.bounced',
    params: { to: { person: giver } },
  });
  expect(timelineSentence({ type: 'reminded', person: receiver, percent: 80 })).toEqual({
    key: 'handoff.timeline.reminded',
    params: { person: { person: receiver }, percent: 80 },
  });
});
