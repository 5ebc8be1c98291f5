/** The steps of a cover: seen, sent, and shown as it now stands. Whether they may is the record's to say. */
import type { z } from '@hono/zod-openapi';
import type { CoverRow } from '../../db/covers.ts';
import { personNames } from '../../db/people.ts';
import type { CoverCommand } from '../../domain/cover/state.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import type { HoldCommand } from '../../domain/loop.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { type Commanded, type StepInput, stepRoutes, stepTaker } from '../loop-steps.ts';
import { logFlags } from '../red-flags.ts';
import { coverAddress, type CoverParts } from './parts.ts';
import { type Cover, presentCover, seenCover } from './present.ts';
import { coverAnswer, coverParams, handBackBody, plainBody, takeBody } from './schema.ts';

const stepRoute = stepRoutes({
  path: '/covers',
  noun: 'Cover',
  tag: 'covers',
  params: coverParams,
  answer: coverAnswer,
  description: 'The cover as it now stands.',
});

type StepCommand = Exclude<CoverCommand, { readonly type: 'request' }> | HoldCommand;

const takeStep = stepTaker<StepCommand, CoverParts, CoverRow, Cover>({
  address: coverAddress,
  seen: seenCover,
  show: presentCover,
  refused: tellTaker,
});

/** Whoever was slower reads a name, not an id. */
async function tellTaker({ db }: CoverParts, error: unknown): Promise<never> {
  const isTaken = error instanceof Refusal && error.problem.code === 'cover.taken';
  if (!isTaken) throw error;
  const id = error.problem.params['person'] as PersonId;
  const person = (await personNames(db, [id])).get(id) ?? id;
  throw new Refusal(problem('cover.taken', { person }));
}

const plain =
  (type: 'refuse' | 'withdraw' | 'endEarly' | 'hold' | 'resume') =>
  (parts: CoverParts, asked: Commanded<StepInput>): Promise<Cover> =>
    takeStep(parts, asked, ({ by }) => ({ type, ...by }));

async function takeCover(
  parts: CoverParts,
  asked: Commanded<z.output<typeof takeBody> & StepInput>,
): Promise<Cover> {
  const { inReturn } = asked.input;
  if (inReturn === undefined) return takeStep(parts, asked, ({ by }) => ({ type: 'take', ...by }));
  const { from, until } = inReturn;
  const window = { from: Date.parse(from), until: Date.parse(until) };
  const account = inReturn.account as AccountId;
  return takeStep(parts, asked, ({ by }) => ({
    type: 'take',
    ...by,
    inReturn: { account, ...window },
  }));
}

const handBackCover = (
  parts: CoverParts,
  asked: Commanded<z.output<typeof handBackBody> & StepInput>,
): Promise<Cover> =>
  takeStep(parts, asked, async ({ by, write }) => {
    const { text } = asked.input;
    const content = await write('cover.hand_back', { text });
    await logFlags(parts, asked.actor, { content, text });
    return { type: 'handBack', ...by, content };
  });

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
