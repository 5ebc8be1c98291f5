/** Brings together what a task page shows, from the same operations as the API. */
import { randomUUID } from 'node:crypto';
import { explainHandoff } from '../api/handoffs/explain-handoff.ts';
import type { HandoffParts } from '../api/handoffs/parts.ts';
import { readHandoff } from '../api/handoffs/read-handoff.ts';
import { openSteps } from '../db/tasks.ts';
import type { Actor } from '../domain/authority.ts';
import type { LoopId } from '../domain/id.ts';
import type { Reader } from './html.ts';
import type { Refused } from './refused.ts';
import { formsOf, type Step } from './step-form.ts';
import { taskPage } from './task-page.ts';
import type { Shown } from './task-pages.ts';

export async function showTask(
  parts: HandoffParts,
  { actor, recipient }: Reader & { readonly actor: Actor },
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const asked = { actor, input: { id } };
  const handoff = await readHandoff(parts, asked);
  const { sentences } = await explainHandoff(parts, asked);
  const steps = handoff.isHeld ? [] : await stepsOf(parts, actor, id as LoopId);
  const key = randomUUID();
  return {
    subject: handoff.account.name,
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

const isKind = (kind: string): kind is Step['kind'] => Object.hasOwn(formsOf, kind);
