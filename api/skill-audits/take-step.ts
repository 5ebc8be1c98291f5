/** The steps of an audit. Whether somebody may take one is the record's to say. */
import type { z } from '@hono/zod-openapi';
import { sheetKind } from '../../db/competency-ratings.ts';
import type { PersonId } from '../../domain/id.ts';
import type { HoldCommand } from '../../domain/loop.ts';
import type { AuditCommand } from '../../domain/skill-audit/state.ts';
import { writeSheet } from '../growth/parts.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { auditAddress, type AuditParts } from './parts.ts';
import { type Audit, presentAudit, type SeenAudit, seenAudit } from './present.ts';
import { auditAnswer, auditParams, plainBody, rateBody, skipBody } from './schema.ts';

const stepRoute = stepRoutes({
  path: '/skill-audits',
  noun: 'SkillAudit',
  tag: 'growth',
  params: auditParams,
  answer: auditAnswer,
  description: 'The audit as it now stands.',
});

type StepCommand = Exclude<AuditCommand, { readonly type: 'open' }> | HoldCommand;

const takeStep = stepTaker<StepCommand, AuditParts, SeenAudit, Audit>({
  address: auditAddress,
  seen: seenAudit,
  show: presentAudit,
});

const plain =
  (type: 'cancel' | 'hold' | 'resume') =>
  (parts: AuditParts, asked: Commanded<StepInput>): Promise<Audit> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

const rate = (
  parts: AuditParts,
  asked: Commanded<z.output<typeof rateBody> & StepInput>,
): Promise<Audit> =>
  takeStep(parts, asked, async ({ by, write }) => {
    const { person, ratings, acknowledgedFlags: acknowledged } = asked.input;
    const sheet = await writeSheet(parts, asked.actor, { ratings, acknowledged }, (body) =>
      write(sheetKind, body),
    );
    return { type: 'rate', ...by, person: person as PersonId, sheet };
  });

const skip = (
  parts: AuditParts,
  asked: Commanded<z.output<typeof skipBody> & StepInput>,
): Promise<Audit> =>
  takeStep(parts, asked, ({ by }) => {
    const { person, reason } = asked.input;
    return { type: 'skip', ...by, person: person as PersonId, reason };
  });

/** By the verb of the address. */
export const auditSteps = {
  rate: {
    route: stepRoute('rate', 'Rates one of your people, each level with its evidence', rateBody),
    run: rate,
  },
  skip: { route: stepRoute('skip', 'Leaves somebody out this time', skipBody), run: skip },
  cancel: {
    route: stepRoute('cancel', 'Ends it without a result; what was rated stays', plainBody),
    run: plain('cancel'),
  },
  hold: {
    route: stepRoute('hold', 'Puts it on hold: nothing is due', plainBody),
    run: plain('hold'),
  },
  resume: { route: stepRoute('resume', 'Resumes it', plainBody), run: plain('resume') },
} as const;
