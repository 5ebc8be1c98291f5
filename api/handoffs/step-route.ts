import { createRoute, type z } from '@hono/zod-openapi';
import { handoffAnswer, handoffParams } from './schema.ts';

interface StepRoute<Verb extends string, Body extends z.ZodType> {
  readonly verb: Verb;
  readonly summary: string;
  readonly body: Body;
}

const camelCase = (verb: string): string =>
  verb.replace(/-(\w)/g, (_dash, letter: string) => letter.toUpperCase());

/** `POST /handoffs/{id}/VERB`, one for each update of the loop. */
export const stepRoute = <Verb extends string, Body extends z.ZodType>({
  verb,
  summary,
  body,
}: StepRoute<Verb, Body>) =>
  createRoute({
    method: 'post',
    path: `/handoffs/{id}/${verb}`,
    operationId: `${camelCase(verb)}Handoff`,
    tags: ['handoffs'],
    summary,
    request: {
      params: handoffParams,
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: {
        description: 'The handoff as it now stands.',
        content: { 'application/json': { schema: handoffAnswer } },
      },
    },
  });
