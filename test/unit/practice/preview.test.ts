import { expect, test } from 'vitest';
import type { PersonId } from '../../../domain/id.ts';
import { previewedSentences } from '../../../domain/practice/explain.ts';
import { practicePlan } from '../../../domain/practice/plan.ts';
import { previewedStepsMax, previewPractice } from '../../../domain/practice/preview.ts';
import type { Cleared, PracticeFacts, PracticeState } from '../../../domain/practice/state.ts';
import { lackingIn } from '../../support/catalogue.ts';
import { planningWorld } from '../../support/handoff-people.ts';
import { monday } from '../../support/handoff-rules.ts';
import {
  after,
  author,
  cleared,
  doctor,
  draft,
  officer,
  person,
  step,
} from '../../support/practice-steps.ts';

const day = 86_400_000;
const [second, steward] = [person('second'), person('steward')];
const berlin = { zone: 'Europe/Berlin' };
const someone = (kind: 'clinical' | 'compliance', id: PersonId): Cleared => ({
  id,
  kind,
  country: 'DE',
  products: null,
  locales: ['de'],
});
const facts: PracticeFacts = {
  cleared: [
    someone('clinical', doctor),
    someone('clinical', second),
    someone('compliance', officer),
  ],
  stewards: { DE: steward },
  verificationDays: { DE: 30 },
};
const people = Object.fromEntries(
  [author, doctor, officer, second, steward].map((id) => [id, berlin]),
);
/** It is ten in Berlin, of a day from nine to five. */
const world = { ...planningWorld({ at: monday, people }), facts };
const inGermany = draft({ countries: ['DE'] });

function preview(state: PracticeState, given = world) {
  const answer = previewPractice(state, given);
  if ('code' in answer) throw new Error(answer.code);
  return answer;
}
const told = ({ steps }: ReturnType<typeof preview>) =>
  steps.map(({ at, event }) => {
    const whom =
      'person' in event
        ? event.person
        : 'to' in event
          ? event.to
          : 'expert' in event
            ? event.expert
            : null;
    return [new Date(at).toISOString().slice(0, 13), event.type, whom];
  });

test('a draft is told as if it were submitted now: who is asked, reminded, asked next, and told at last', () => {
  const { steps, hasMore } = preview(after(inGermany).state);
  expect(hasMore).toBe(false);
  const clinical = steps.filter(
    ({ event }) => 'key' in event && event.key === 'clinical_review/DE/stent',
  );
  expect(told({ steps: clinical, hasMore })).toEqual([
    ['2026-11-25T13', 'reminded', doctor],
    ['2026-11-27T09', 'reminded', doctor],
    ['2026-11-30T09', 'passedOn', second],
    ['2026-12-02T13', 'reminded', second],
    ['2026-12-04T09', 'reminded', second],
    ['2026-12-07T09', 'escalated', steward],
  ]);
  expect(steps.slice(0, 2).map(({ event }) => event.type)).toEqual(['submitted', 'assigned']);
});

test('what is published falls due for its expert, and is read there by nobody once that is late', () => {
  const { state } = after(inGermany, ...cleared.slice(1));
  expect(
    told(
      preview({ ...state, duties: state.duties.map((duty) => ({ ...duty, verifiedAt: monday })) }),
    ),
  ).toEqual([
    ['2026-12-23T09', 'fellDue', doctor],
    ['2026-12-30T09', 'reminded', doctor],
    ['2027-01-04T09', 'reminded', doctor],
    ['2027-01-06T09', 'lapsed', steward],
  ]);
});

test('a preview is what then happens, step by step, and it changes nothing', () => {
  const before = after(inGermany).state;
  const kept = structuredClone(before);
  const { steps } = preview(before);
  expect(before).toEqual(kept);
  const happened: unknown[] = [];
  let state = step({ state: before }, { type: 'submit', actor: author }, monday).state;
  for (let now = monday; now < monday + 40 * 86_400_000; now += 1_800_000) {
    for (;;) {
      const [due] = practicePlan
        .moments(state, world)
        .filter(({ at }) => at <= now)
        .toSorted((a, b) => a.at - b.at || a.rank - b.rank || (a.id < b.id ? -1 : 1));
      if (!due) break;
      state = step({ state }, due.command, now).state;
      happened.push([now, due.command.type]);
    }
  }
  const commands = {
    assigned: 'assign',
    reminded: 'remind',
    passedOn: 'pass',
    escalated: 'escalate',
  };
  expect(steps.slice(1).map(({ at, event }) => [at, commands[event.type as 'assigned']])).toEqual(
    happened,
  );
});

test('where nobody is cleared, whoever manages the region is told, and it waits', () => {
  const lonely = { ...world, facts: { ...facts, cleared: [] } };
  const { steps } = preview(after(inGermany).state, lonely);
  expect(steps.map(({ event }) => event.type)).toEqual(['submitted', 'assigned']);
  expect(
    steps.flatMap(({ at, event }) => previewedSentences(event, at)).map(({ key }) => key),
  ).toEqual(['practice.timeline.submitted', 'practice.explain.nobody', 'practice.explain.nobody']);
});

test('a preview refuses what a submission would refuse, and of very many steps tells the first', () => {
  expect(previewPractice(after(draft({ countries: [] })).state, world)).toMatchObject({
    code: 'practice.no_scope',
  });
  const doctors = Array.from({ length: 100 }, (_, n) => person(`doctor-${n}`));
  const many = {
    ...planningWorld({
      at: monday,
      people: { ...people, ...Object.fromEntries(doctors.map((id) => [id, berlin])) },
    }),
    facts: { ...facts, cleared: doctors.map((id) => someone('clinical', id)) },
  };
  const { steps, hasMore } = preview(after(inGermany).state, many);
  expect([steps.length, hasMore]).toEqual([previewedStepsMax, true]);
});

test('every step of a preview has sentences in which nothing is missing', () => {
  const published = after(inGermany, ...cleared.slice(1)).state;
  for (const state of [after(inGermany).state, published]) {
    for (const { at, event } of preview(state).steps) {
      const said = previewedSentences(event, at);
      expect(said).not.toEqual([]);
      for (const { key, params } of said) expect(lackingIn(key, params)).toEqual([]);
    }
  }
});

test('whoever wrote it and is named its expert hands that on when it is due, as one who finds no time would', () => {
  const named = { type: 'nameExpert', actor: officer, country: 'DE', person: author } as const;
  const { state } = after(inGermany, ...cleared.slice(1), named);
  const [handOn, due] = practicePlan.moments(state, world);
  const { verifiedAt } = state.duties[0]!;
  expect(handOn).toMatchObject({
    at: Math.max(due!.at, state.changedAt + day),
    command: { type: 'handOn', to: doctor },
  });
  expect(due).toMatchObject({ at: verifiedAt + 30 * day, command: { type: 'fallDue' } });
  const left = { ...state, duties: [{ ...state.duties[0]!, expert: person('gone') }] };
  expect(practicePlan.moments(left, world)[0]).toMatchObject({
    at: state.changedAt,
    command: { type: 'handOn' },
  });
});
