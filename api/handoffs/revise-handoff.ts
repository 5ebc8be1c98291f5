import type { z } from '@hono/zod-openapi';
import { contentKinds } from '../../domain/handoff/packet.ts';
import type { Commanded, StepInput } from '../loop-steps.ts';
import { packetOf, refuseUnknown } from './offer.ts';
import type { HandoffParts } from './parts.ts';
import type { Handoff } from './present.ts';
import { packetTexts } from '../../domain/handoff/packet-texts.ts';
import { refuseUnacknowledged } from '../red-flags.ts';
import { reviseBody } from './schema.ts';
import { stepRoute } from './step-route.ts';
import { takeStep } from './take-step.ts';
import { write } from './write.ts';

export const reviseHandoffRoute = stepRoute(
  'revise',
  'Puts another packet in the place of the one offered; what was read back is read back again',
  reviseBody,
);

type Input = StepInput & z.output<typeof reviseBody>;

export const reviseHandoff = (parts: HandoffParts, asked: Commanded<Input>): Promise<Handoff> =>
  takeStep(parts, asked, {
    action: 'handoff.revise',
    async command(by) {
      const { actor, input } = asked;
      const body = packetOf(input);
      await refuseUnknown(
        parts,
        actor,
        body.actions.map(({ owner }) => owner),
      );
      const acknowledged = input.acknowledgedFlags ?? [];
      await refuseUnacknowledged(parts, actor, { texts: packetTexts(body), acknowledged });
      const content = await write(parts, asked, { kind: contentKinds.packet, body });
      return { type: 'revise', ...by, severity: input.severity, content };
    },
  });
