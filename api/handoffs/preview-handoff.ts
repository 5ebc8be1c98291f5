import { createRoute, type z } from '@hono/zod-openapi';
import { isInHandoff } from '../../db/handoffs.ts';
import { personNames } from '../../db/people.ts';
import { present } from '../../domain/assert.ts';
import { timelineSentence } from '../../domain/handoff/explain.ts';
import { previewHandoff as previewOf, type PreviewedStep } from '../../domain/handoff/preview.ts';
import { receiverProblem } from '../../domain/handoff/receiver.ts';
import type { ContentId, PersonId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { localTime } from '../local-time.ts';
import { offerOf, type Offer, type OfferInput } from './offer.ts';
import type { Asked } from '../directory/parts.ts';
import type { HandoffParts } from './parts.ts';
import { iso } from './present.ts';
import { flagsIn } from './red-flags.ts';
import { offerBody, previewAnswer } from './schema.ts';

export const previewHandoffRoute = createRoute({
  method: 'post',
  path: '/handoffs/preview',
  operationId: 'previewHandoff',
  tags: ['handoffs'],
  summary: 'What would happen when, if nobody answered; nothing is started',
  request: {
    body: { required: true, content: { 'application/json': { schema: offerBody } } },
  },
  responses: {
    200: {
      description: 'Each step on the clocks of the giver, the receiver and the customer.',
      content: { 'application/json': { schema: previewAnswer } },
    },
  },
});

type Preview = z.input<typeof previewAnswer>;

export async function previewHandoff(
  parts: HandoffParts,
  asked: Asked<OfferInput>,
): Promise<Preview> {
  const offer = await offerOf(parts, asked);
  if (await isInHandoff(parts.db, offer.command.account)) {
    throw new Refusal(problem('handoff.account_in_handoff'));
  }
  const { steps, giverZone } = await planned(parts, offer);
  const flags = await flagsIn(parts, asked.actor, offer.packet);
  const sentences = await parts.tell(asked.actor.id, [
    ...steps.map(({ event }) => timelineSentence(event)),
    ...flags.map(({ code }) => ({ key: `handoff.red_flag.${code}`, params: {} })),
  ]);
  const waited = steps.flatMap(({ waitsFor }) => waitsFor ?? []);
  const names = await personNames(parts.db, waited);
  const named = (id: PersonId) => ({ id, name: names.get(id) ?? id });
  const site = present(offer.account.sites[0], 'the site of the account').zone;
  return {
    allowanceMinutes: offer.command.allowanceMinutes,
    redFlags: flags.map((flag, index) => ({
      ...flag,
      sentence: present(sentences[steps.length + index], 'the sentence'),
    })),
    steps: steps.map(({ at, event, waitsFor }, index) => ({
      at: iso(at),
      type: event.type,
      waitsFor: waitsFor && named(waitsFor),
      sentence: present(sentences[index], 'the sentence'),
      local: {
        giver: localTime(at, giverZone),
        receiver: localTime(at, offer.receiver.zone),
        site: localTime(at, site),
      },
    })),
  };
}

/** With people and calendars as one transaction sees them; it writes nothing. */
function planned(
  { db, clock, loadWorld }: HandoffParts,
  { giver, receiver, command }: Offer,
): Promise<{ readonly steps: readonly PreviewedStep[]; readonly giverZone: string }> {
  return db.transaction().execute(async (tx) => {
    const people = [giver, receiver.id];
    const world = await loadWorld(tx, { people, at: clock.now(), pauses: [] });
    const found = receiverProblem(world, receiver.id);
    if (found) throw new Refusal(found);
    const steps = previewOf({ ...command, packet: unwritten }, { ...world, facts: undefined });
    if ('code' in steps) throw new Refusal(steps);
    return { steps, giverZone: world.zone(giver) };
  });
}

const unwritten = '' as ContentId;
