import { expect, test } from 'vitest';
import { explainHandoff, timelineSentence } from '../../../domain/handoff/explain.ts';
import type { HandoffEvent } from '../../../domain/handoff/state.ts';
import type { HoldEvent } from '../../../domain/loop.ts';
import { lackingIn } from '../../support/catalogue.ts';
import {
  backup,
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

test.for(standings)('and in sentences that lack nothing: %s', ([, steps]) => {
  const lacking = [null, monday].flatMap((heldSince) =>
    explained(steps, heldSince).flatMap(({ key, params }) => lackingIn(key, params)),
  );
  expect(lacking).toEqual([]);
});

test('whoever is asked is told why it is them', () => {
  for (const rung of ['backup', 'manager'] as const) {
    const state = played(offer(), { type: 'passOn', to: backup, rung });
    const sentences = explainHandoff({ state, heldSince: null, pauses: [] }, []);
    expect(sentences[1]?.key).toBe(`handoff.explain.asked_${rung}`);
    expect(sentences.flatMap(({ key, params }) => lackingIn(key, params))).toEqual([]);
  }
});

const by = giver;
const text = content('text');
const happened: readonly (HandoffEvent | HoldEvent)[] = [
  { ...offer(), type: 'offered' },
  { type: 'asked', by, content: text },
  { type: 'answered', by, content: text },
  { type: 'questionLapsed' },
  { type: 'readBack', by, content: text },
  { type: 'confirmationEscalated', to: giverManager },
  { type: 'transferred', to: receiver, by },
  { type: 'declined', by, content: text },
  { type: 'withdrawn', by, from: null, content: text },
  { type: 'reassigned', by, from: null, to: receiver },
  { type: 'reminded', person: receiver, percent: 50 },
  { type: 'passedOn', from: null, to: receiver, rung: 'backup' },
  { type: 'bounced', from: null, to: giverManager },
  { type: 'held', by },
  { type: 'resumed', by },
];
test.for(happened)('the timeline has a sentence for: $type', (event) => {
  const { key, params } = timelineSentence(event);
  expect(lackingIn(key, params)).toEqual([]);
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
