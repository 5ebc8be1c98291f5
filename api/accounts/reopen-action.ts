import type { z } from '@hono/zod-openapi';
import type { DirectoryParts } from '../directory/parts.ts';
import type { Commanded } from '../loop-steps.ts';
import { changeAction, type ChangeInput } from './change-action.ts';
import { changeRoute } from './change-route.ts';
import type { Action } from './present.ts';
import { changeActionBody } from './schema.ts';

export const reopenActionRoute = changeRoute({
  verb: 'reopen',
  summary: 'Says that it is to be done after all',
  body: changeActionBody,
});

type Input = ChangeInput & z.output<typeof changeActionBody>;

export const reopenAction = (
  parts: Pick<DirectoryParts, 'db' | 'clock'>,
  asked: Commanded<Input>,
): Promise<Action> => changeAction(parts, asked, { type: 'reopened' });
