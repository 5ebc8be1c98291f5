import { createRoute, type z } from '@hono/zod-openapi';
import { currentMap } from '../../db/competency-map.ts';
import { derivedId } from '../../db/derived-id.ts';
import { findRegion } from '../../db/regions.ts';
import { ratersToAsk } from '../../db/skill-audits.ts';
import type { LoopId, RegionId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { quarterAt } from '../../domain/scorecard/quarter.ts';
import type { OpenCommand } from '../../domain/skill-audit/state.ts';
import { wallDay } from '../../domain/time/wall.ts';
import { authorise } from '../authorise.ts';
import { endOfDay } from '../day-end.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { auditAddress, type AuditParts } from './parts.ts';
import { type Audit, presentAudit } from './present.ts';
import { auditAnswer, openBody } from './schema.ts';

export const openAuditRoute = createRoute({
  method: 'post',
  path: '/skill-audits',
  operationId: 'openSkillAudit',
  tags: ['growth'],
  summary: 'Opens the skill audit of a region for the quarter that is now',
  request: { body: { required: true, content: { 'application/json': { schema: openBody } } } },
  responses: {
    201: {
      description: 'Opened: managers are asked to rate their people, with evidence.',
      content: { 'application/json': { schema: auditAnswer } },
    },
  },
});

type Input = z.output<typeof openBody>;

export async function openAudit(parts: AuditParts, asked: Commanded<Input>): Promise<Audit> {
  const id = derivedId('skillAudit', asked.commandId) as LoopId;
  await openLoop(parts, auditAddress, { id, command: () => commandOf(parts, asked) });
  return presentAudit(parts, asked.actor, id);
}

async function commandOf(
  parts: AuditParts,
  { actor, input }: Commanded<Input>,
): Promise<OpenCommand> {
  const { db, clock } = parts;
  const region = input.region as RegionId;
  await authorise(parts, {
    actor,
    onBehalfOf: undefined,
    action: 'skillAudit.open',
    subject: { region },
    otherwise: 'authority.forbidden',
  });
  const place = await findRegion(db, region);
  if (!place) throw new Refusal(problem('request.not_found'));
  const at = clock.now();
  const day = wallDay(at, place.zone);
  return {
    type: 'open',
    actor: actor.id,
    region,
    quarter: quarterAt(at, place.zone),
    day,
    owner: actor.id,
    mapVersion: await currentMap(db, day),
    raters: await ratersToAsk(db, { region, owner: actor.id, day }),
    closesAt: endOfDay(input.closesOn, place.zone),
  };
}
