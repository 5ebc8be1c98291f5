/** A form that was sent becomes the operation of the API that it stands for. */
import { z } from 'zod';
import { derivedId } from '../db/derived-id.ts';
import { acceptHandoff } from '../api/handoffs/accept-handoff.ts';
import { answerHandoff } from '../api/handoffs/answer-handoff.ts';
import { askHandoff } from '../api/handoffs/ask-handoff.ts';
import { confirmHandoff } from '../api/handoffs/confirm-handoff.ts';
import { declineHandoff } from '../api/handoffs/decline-handoff.ts';
import { noteHandoff } from '../api/handoffs/note-handoff.ts';
import type { HandoffParts } from '../api/handoffs/parts.ts';
import {
  handoffParams,
  noteBody,
  plainBody,
  readBackBody,
  saidBody,
} from '../api/handoffs/schema.ts';
import { sendBackHandoff } from '../api/handoffs/send-back-handoff.ts';
import type { Actor } from '../domain/authority.ts';
import { problem, Refusal } from '../domain/problem.ts';
import type { Reader } from './html.ts';
import { bodyOf, count } from './loop-form.ts';
import { type Refused, unlessRefused } from './refused.ts';
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

const formSchema = z.object({
  choice: z.enum([...choices, 'note']),
  key: z.uuid(),
  revision: count,
  since: count,
  text: z.string().optional(),
  severity: z.string().optional(),
  firstAction: z.string().optional(),
  contingency: z.string().optional(),
  onBehalfOf: z.string().optional(),
});
type Form = z.output<typeof formSchema>;

/** Null when it is done; else what the page says of it. What is no form of ours is refused outright. */
export async function settleStep(parts: SettleParts, { id, form }: Sent): Promise<Refused | null> {
  const read = formSchema.safeParse(form);
  if (!read.success || !handoffParams.safeParse({ id }).success) {
    throw new Refusal(problem('request.invalid'));
  }
  const { choice, since, text = '' } = read.data;
  const fields = choice === 'accept' ? readBackOf(read.data) : undefined;
  const kept = fields === undefined ? text : wordsOf(fields);
  return unlessRefused({ ...parts, text: kept, fields, since }, () => settle(parts, id, read.data));
}

const readBackOf = ({ severity = '', firstAction = '', contingency = '', text = '' }: Form) => ({
  severity,
  firstAction,
  contingency,
  text,
});

/** For whoever has no such form any more. */
const wordsOf = ({ firstAction, contingency, text }: ReturnType<typeof readBackOf>): string =>
  [firstAction, contingency, text].filter((words) => words.trim() !== '').join('\n');

const withText = {
  ask: askHandoff,
  answer: answerHandoff,
  decline: declineHandoff,
  sendBack: sendBackHandoff,
} as const;

/** The same form sent twice is one command. */
async function settle({ handoffs, actor }: SettleParts, id: string, form: Form): Promise<void> {
  const { choice, key, revision: seen, text, onBehalfOf } = form;
  const asked = { actor, seen, commandId: derivedId('form', actor.id, id, key) };
  const body = { ...(onBehalfOf !== undefined && { onBehalfOf }) };
  if (choice === 'note') {
    await noteHandoff(handoffs, {
      ...asked,
      input: { id, ...bodyOf(noteBody, { ...body, text: text ?? '' }) },
    });
  } else if (choice === 'confirm') {
    await confirmHandoff(handoffs, { ...asked, input: { id, ...bodyOf(plainBody, body) } });
  } else if (choice === 'accept') {
    const { text: more, ...said } = readBackOf(form);
    const sent = { ...body, ...said, ...(more.trim() !== '' && { text: more }) };
    await acceptHandoff(handoffs, { ...asked, input: { id, ...bodyOf(readBackBody, sent) } });
  } else {
    const said = bodyOf(saidBody, { ...body, text: text ?? '' });
    await withText[choice](handoffs, { ...asked, input: { id, ...said } });
  }
}
