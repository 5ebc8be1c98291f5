/** Brings together what a task page shows, from the same operations as the API. */
import { randomUUID } from 'node:crypto';
import { explainHandoff } from '../api/handoffs/explain-handoff.ts';
import type { HandoffParts } from '../api/handoffs/parts.ts';
import { readHandoff } from '../api/handoffs/read-handoff.ts';
import { handoffParams } from '../api/handoffs/schema.ts';
import { openSteps } from '../db/tasks.ts';
import type { Actor } from '../domain/authority.ts';
import type { LoopId } from '../domain/id.ts';
import { problem, Refusal } from '../domain/problem.ts';
import type { Html, Reader } from './html.ts';
import type { Refused } from './refused.ts';
import { choicesOf, type Step } from './step-form.ts';
import { taskPage } from './task-page.ts';

export interface Shown {
  readonly account: { readonly name: string };
  readonly body: Html;
}

export async function showTask(
  parts: HandoffParts,
  { actor, recipient }: Reader & { readonly actor: Actor },
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  if (!handoffParams.safeParse({ id }).success) throw new Refusal(problem('request.not_found'));
  const asked = { actor, input: { id } };
  const handoff = await readHandoff(parts, asked);
  const { sentences } = await explainHandoff(parts, asked);
  const steps = handoff.isHeld ? [] : await stepsOf(parts, actor, id as LoopId);
  const key = randomUUID();
  return {
    account: handoff.account,
    body: taskPage({ recipient }, { handoff, sentences, steps, key, refused }),
  };
}

/** The open steps that are the reader's, or those of whom the reader decides for. */
async function stepsOf({ db }: HandoffParts, actor: Actor, id: LoopId): Promise<readonly Step[]> {
  const open = await openSteps(db, id);
  return open.flatMap(({ kind, person }) => {
    const isMine = person.id === actor.id;
    if (!isMine && !actor.principals.includes(person.id)) return [];
    if (!isKind(kind)) return [];
    return [{ kind, onBehalfOf: isMine ? null : person }];
  });
}

const isKind = (kind: string): kind is Step['kind'] => Object.hasOwn(choicesOf, kind);
