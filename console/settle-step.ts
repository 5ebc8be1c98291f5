/** A form that was sent becomes the operation of the API that it stands for. */
import { z } from 'zod';
import { derivedId } from '../db/derived-id.ts';
import { acceptHandoff } from '../api/handoffs/accept-handoff.ts';
import { answerHandoff } from '../api/handoffs/answer-handoff.ts';
import { askHandoff } from '../api/handoffs/ask-handoff.ts';
import { confirmHandoff } from '../api/handoffs/confirm-handoff.ts';
import { declineHandoff } from '../api/handoffs/decline-handoff.ts';
import type { HandoffParts } from '../api/handoffs/parts.ts';
import { handoffParams, plainBody, saidBody } from '../api/handoffs/schema.ts';
import { problemDocument } from '../api/problem.ts';
import type { Actor } from '../domain/authority.ts';
import { problem, Refusal } from '../domain/problem.ts';
import type { Reader } from './html.ts';
import type { Refused } from './show-task.ts';
import { choices } from './step-form.ts';

interface SettleParts extends Reader {
  readonly handoffs: HandoffParts;
  readonly publicUrl: string;
  readonly actor: Actor;
}

interface Sent {
  readonly id: string;
  readonly form: unknown;
}

const revision = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);
const formSchema = z.object({
  choice: z.enum(choices),
  key: z.uuid(),
  revision,
  text: z.string().optional(),
  onBehalfOf: z.string().optional(),
});
type Form = z.output<typeof formSchema>;

/** Null when it is done; else what the page says of it. What is no form of ours is refused outright. */
export async function settleStep(parts: SettleParts, { id, form }: Sent): Promise<Refused | null> {
  const read = formSchema.safeParse(form);
  if (!read.success || !handoffParams.safeParse({ id }).success) {
    throw new Refusal(problem('request.invalid'));
  }
  const { text = '' } = read.data;
  return unlessRefused({ ...parts, text }, async () => {
    if (!(await settle(parts, id, read.data))) throw new Refusal(problem('request.invalid'));
  });
}

type Told = Reader & { readonly publicUrl: string; readonly text: string };

/** A refusal is shown beside the form, with what had been written; what may not be seen is not. */
export async function unlessRefused(
  { recipient, publicUrl, text }: Told,
  act: () => Promise<void>,
): Promise<Refused | null> {
  try {
    await act();
    return null;
  } catch (error) {
    if (!(error instanceof Refusal) || error.problem.code === 'request.not_found') throw error;
    return { problem: problemDocument(error.problem, { publicUrl, recipient }), text };
  }
}

const withText = {
  accept: acceptHandoff,
  ask: askHandoff,
  answer: answerHandoff,
  decline: declineHandoff,
} as const;

/** False for words that cannot be taken, such as none. The same form sent twice is one command. */
async function settle({ handoffs, actor }: SettleParts, id: string, form: Form): Promise<boolean> {
  const { choice, key, revision: seen, text, onBehalfOf } = form;
  const asked = { actor, seen, commandId: derivedId('form', actor.id, id, key) };
  const body = { ...(onBehalfOf !== undefined && { onBehalfOf }) };
  if (choice === 'confirm') {
    const plain = plainBody.safeParse(body);
    if (plain.success) await confirmHandoff(handoffs, { ...asked, input: { id, ...plain.data } });
    return plain.success;
  }
  const said = saidBody.safeParse({ ...body, text });
  if (said.success) await withText[choice](handoffs, { ...asked, input: { id, ...said.data } });
  return said.success;
}
