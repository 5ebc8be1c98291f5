import { createRoute, type z } from '@hono/zod-openapi';
import { accountManager, findAccount } from '../../db/accounts.ts';
import { accountSubject } from '../../db/actors.ts';
import { coverCandidates } from '../../db/cover-candidates.ts';
import { keepCandidates } from '../../db/covers.ts';
import { derivedId } from '../../db/derived-id.ts';
import { present } from '../../domain/assert.ts';
import { type CoverCommand, windowDaysMax } from '../../domain/cover/state.ts';
import type { AccountId, ContentId, LoopId } from '../../domain/id.ts';
import { problem, Refusal } from '../../domain/problem.ts';
import { actingAs, authorise } from '../authorise.ts';
import { type Commanded, openLoop } from '../loop-steps.ts';
import { logFlags } from '../red-flags.ts';
import { writeContent } from '../write-content.ts';
import { coverAddress, type CoverParts } from './parts.ts';
import { type Cover, presentCover } from './present.ts';
import { coverAnswer, coverBody } from './schema.ts';

export const requestCoverRoute = createRoute({
  method: 'post',
  path: '/covers',
  operationId: 'requestCover',
  tags: ['covers'],
  summary: 'Asks colleagues to hold an account for a while; the first who takes it has it',
  request: { body: { required: true, content: { 'application/json': { schema: coverBody } } } },
  responses: {
    201: {
      description: 'Asked: whoever fits best, with the reasons.',
      content: { 'application/json': { schema: coverAnswer } },
    },
  },
});

const dayMs = 86_400_000;

type Input = z.output<typeof coverBody>;

export async function requestCover(parts: CoverParts, asked: Commanded<Input>): Promise<Cover> {
  const id = derivedId('cover', asked.commandId) as LoopId;
  await openLoop(parts, coverAddress, { id, command: () => commandOf(parts, asked, id) });
  return presentCover(parts, asked.actor, id);
}

async function commandOf(
  parts: CoverParts,
  asked: Commanded<Input>,
  id: LoopId,
): Promise<CoverCommand> {
  const { db, clock } = parts;
  const { actor, input } = asked;
  const account = input.account as AccountId;
  if (!(await findAccount(db, { actor, id: account, at: clock.now() }))) {
    throw new Refusal(problem('handoff.account_unknown'));
  }
  const subject = present(await accountSubject(db, account), 'the account that was found');
  const { onBehalfOf } = input;
  const otherwise = 'authority.forbidden';
  await authorise(parts, { actor, onBehalfOf, action: 'cover.request', subject, otherwise });
  const window = { from: Date.parse(input.from), until: Date.parse(input.until) };
  const owner = subject.owner.id;
  // A window that cannot be is refused by the rules, before anybody's hours are looked at.
  const lasts = window.until - window.from;
  const isWindow = lasts > 0 && lasts <= windowDaysMax * dayMs && window.until > clock.now();
  const found = isWindow ? await coverCandidates(db, { account, owner, ...window }) : [];
  await keepCandidates(db, { cover: id, at: clock.now(), candidates: found });
  const note = await writeNote(parts, asked);
  return {
    type: 'request',
    ...actingAs(actor, onBehalfOf),
    account,
    owner,
    manager: await accountManager(db, account),
    reason: 'asked',
    candidates: found.map((candidate) => candidate.id),
    note,
    absence: null,
    ...window,
  };
}

async function writeNote(parts: CoverParts, asked: Commanded<Input>): Promise<ContentId | null> {
  const { note: text } = asked.input;
  if (text === undefined) return null;
  const content = await writeContent(parts, asked, { kind: 'cover.note', body: { text } });
  await logFlags(parts, asked.actor, { content, text });
  return content;
}
