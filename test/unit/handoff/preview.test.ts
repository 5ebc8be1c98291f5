import { expect, test } from 'vitest';
import { previewHandoff } from '../../../domain/handoff/preview.ts';
import {
  backup,
  giver,
  giverManager,
  offerOf,
  planningWorld,
  receiver,
  receiverManager,
} from '../../support/handoff-people.ts';
import { evolved, monday, played, silence } from '../../support/handoff-rules.ts';

const world = planningWorld({ at: monday });

test('a preview tells every step of a silent handoff, and whom it waits for after each', () => {
  const steps = previewHandoff(offerOf(), world);
  if ('code' in steps) throw new Error(steps.code);
  expect(
    steps.map(({ at, event, waitsFor }) => [
      new Date(at).toISOString().slice(0, 16),
      event.type,
      waitsFor,
    ]),
  ).toEqual([
    ['2026-11-23T09:00', 'offered', receiver],
    ['2026-11-24T04:00', 'reminded', receiver],
    ['2026-11-24T06:24', 'reminded', receiver],
    ['2026-11-24T08:00', 'passedOn', backup],
    ['2026-11-25T04:00', 'reminded', backup],
    ['2026-11-25T06:24', 'reminded', backup],
    ['2026-11-25T08:00', 'passedOn', receiverManager],
    ['2026-11-26T04:00', 'reminded', receiverManager],
    ['2026-11-26T06:24', 'reminded', receiverManager],
    ['2026-11-26T08:00', 'bounced', null],
  ]);
  expect(steps.at(-1)?.event).toMatchObject({ type: 'bounced', to: giverManager });
});

test('a preview is what then happens', () => {
  const steps = previewHandoff(offerOf(), world);
  if ('code' in steps) throw new Error(steps.code);
  const { fired } = silence(evolved(played(), offerOf(), monday), world);
  expect(steps.slice(1).map(({ at }) => at)).toEqual(fired.map(({ at }) => at));
});

test('a preview refuses what an offer would refuse', () => {
  expect(previewHandoff(offerOf({ receiver: giver }), world)).toMatchObject({
    code: 'handoff.same_person',
  });
});
