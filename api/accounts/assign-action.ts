import type { z } from '@hono/zod-openapi';
import type { DirectoryParts } from '../directory/parts.ts';
import type { PersonId } from '../../domain/id.ts';
import type { Commanded } from '../loop-steps.ts';
import { changeAction, type ChangeInput } from './change-action.ts';
import { changeRoute } from './change-route.ts';
import type { Action } from './present.ts';
import { assignActionBody } from './schema.ts';

export const assignActionRoute = changeRoute({
  verb: 'assign',
  summary: 'Gives it to somebody else',
  body: assignActionBody,
});

type Input = ChangeInput & z.output<typeof assignActionBody>;

export const assignAction = (
  parts: Pick<DirectoryParts, 'db' | 'clock'>,
  asked: Commanded<Input>,
): Promise<Action> =>
  changeAction(parts, asked, {
    type: 'assigned',
    to: asked.input.to as PersonId,
  });
