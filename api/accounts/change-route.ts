import { createRoute, type z } from '@hono/zod-openapi';
import { actionAnswer, itemParams } from './schema.ts';

interface ChangeRoute<Verb extends string, Body extends z.ZodType> {
  readonly verb: Verb;
  readonly summary: string;
  readonly body: Body;
}

/** `POST /accounts/{id}/actions/{item}/VERB`. */
export const changeRoute = <Verb extends string, Body extends z.ZodType>({
  verb,
  summary,
  body,
}: ChangeRoute<Verb, Body>) =>
  createRoute({
    method: 'post',
    path: `/accounts/{id}/actions/{item}/${verb}`,
    operationId: `${verb}Action`,
    tags: ['accounts'],
    summary,
    request: {
      params: itemParams,
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: {
        description: 'The item as it now stands.',
        content: { 'application/json': { schema: actionAnswer } },
      },
    },
  });
