/** The steps of a cover: seen, sent, and shown as it now stands. Whether they may is the record's to say. */
import { createRoute, type z } from '@hono/zod-openapi';
import { insertContent } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import { personNames } from '../../db/people.ts';
import type { CoverCommand } from '../../domain/cover/state.ts';
import type { AccountId, ContentId, LoopId, PersonId } from '../../domain/id.ts';
import type { HoldCommand } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { actingAs } from '../authorise.ts';
import { sendStep } from '../loop-steps.ts';
import { type Commanded, coverAddress, type CoverParts } from './parts.ts';
import { type Cover, presentCover, seenCover } from './present.ts';
import { coverAnswer, coverParams, handBackBody, plainBody, takeBody } from './schema.ts';

const stepRoute = <Verb extends string, Body extends z.ZodType>(
  verb: Verb,
  summary: string,
  body: Body,
) =>
  createRoute({
    method: 'post',
    path: `/covers/{id}/${verb}`,
    operationId: `${verb.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Cover`,
    tags: ['covers'],
    summary,
    request: {
      params: coverParams,
      body: { required: true, content: { 'application/json': { schema: body } } },
    },
    responses: {
      200: {
        description: 'The cover as it now stands.',
        content: { 'application/json': { schema: coverAnswer } },
      },
    },
  });

interface StepInput {
  readonly id: string;
  readonly onBehalfOf?: string | undefined;
}
type By = ReturnType<typeof actingAs>;
type StepCommand = Exclude<CoverCommand, { readonly type: 'request' }> | HoldCommand;

async function takeStep(
  parts: CoverParts,
  { actor, input, commandId, seen }: Commanded<StepInput>,
  command: (by: By) => Promise<StepCommand> | StepCommand,
): Promise<Cover> {
  const id = input.id as LoopId;
  await seenCover(parts, actor, id);
  const by = actingAs(actor, input.onBehalfOf);
  await sendStep(parts, coverAddress, {
    id,
    commandId,
    seen,
    command: async () => command(by),
  }).catch((error: unknown) => tellTaker(parts, error));
  return presentCover(parts, actor, id);
}

/** Whoever was slower reads a name, not an id. */
async function tellTaker({ db }: CoverParts, error: unknown): Promise<never> {
  const isTaken = error instanceof Refusal && error.problem.code === 'cover.taken';
  if (!isTaken) throw error;
  const id = String(error.problem.params['person']) as PersonId;
  const person = (await personNames(db, [id])).get(id) ?? id;
  throw new Refusal(problem('cover.taken', { person }));
}

const plain =
  (type: 'refuse' | 'withdraw' | 'endEarly' | 'hold' | 'resume') =>
  (parts: CoverParts, asked: Commanded<StepInput>): Promise<Cover> =>
    takeStep(parts, asked, (by) => ({ type, ...by }));

async function takeCover(
  parts: CoverParts,
  asked: Commanded<z.output<typeof takeBody> & StepInput>,
): Promise<Cover> {
  const { inReturn } = asked.input;
  if (inReturn === undefined) return takeStep(parts, asked, (by) => ({ type: 'take', ...by }));
  const { from, until } = inReturn;
  const window = { from: Date.parse(from), until: Date.parse(until) };
  const account = inReturn.account as AccountId;
  return takeStep(parts, asked, (by) => ({
    type: 'take',
    ...by,
    inReturn: { account, ...window },
  }));
}

async function handBackCover(
  parts: CoverParts,
  asked: Commanded<z.output<typeof handBackBody> & StepInput>,
): Promise<Cover> {
  const { db, clock } = parts;
  const { actor, commandId, input } = asked;
  const kind = 'cover.hand_back';
  const content = derivedId('content', commandId, kind) as ContentId;
  return takeStep(parts, asked, async (by) => {
    const body = { text: input.text };
    await insertContent(db, { id: content, author: actor.id, kind, body, at: clock.now() });
    return { type: 'handBack', ...by, content };
  });
}

/** By the verb of the address. */
export const coverSteps = {
  take: {
    route: stepRoute('take', 'Takes it, also in a swap: the first who does has it', takeBody),
    run: takeCover,
  },
  refuse: {
    route: stepRoute('refuse', 'Refuses, or gives it back before it begins', plainBody),
    run: plain('refuse'),
  },
  withdraw: {
    route: stepRoute('withdraw', 'Withdraws the request before it begins', plainBody),
    run: plain('withdraw'),
  },
  handBack: {
    route: stepRoute('hand-back', 'Says what happened, for the owner who returns', handBackBody),
    run: handBackCover,
  },
  end: {
    route: stepRoute('end', 'Ends it early: the account returns at once', plainBody),
    run: plain('endEarly'),
  },
  hold: {
    route: stepRoute('hold', 'Puts it on hold: nothing is due', plainBody),
    run: plain('hold'),
  },
  resume: { route: stepRoute('resume', 'Resumes it', plainBody), run: plain('resume') },
} as const;
