/** Brings together what a task page shows, from the same operations as the API. */
import { randomUUID } from 'node:crypto';
import { explainHandoff } from '../api/handoffs/explain-handoff.ts';
import type { HandoffParts } from '../api/handoffs/parts.ts';
import { readHandoff } from '../api/handoffs/read-handoff.ts';
import type { Actor } from '../domain/authority.ts';
import type { Reader } from './html.ts';
import { readersSteps } from './loop-form.ts';
import type { Refused } from './refused.ts';
import { formsOf, type Step } from './step-form.ts';
import { taskPage } from './task-page.ts';
import type { Shown } from './loop-page.ts';

export async function showTask(
  parts: HandoffParts,
  { actor, recipient }: Reader & { readonly actor: Actor },
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const asked = { actor, input: { id } };
  const handoff = await readHandoff(parts, asked);
  const { sentences } = await explainHandoff(parts, asked);
  const steps = handoff.isHeld ? [] : await stepsOf(parts, actor, id);
  const key = randomUUID();
  return {
    subject: handoff.account.name,
    body: taskPage({ recipient }, { handoff, sentences, steps, key, refused }),
  };
}

async function stepsOf({ db }: HandoffParts, actor: Actor, id: string): Promise<readonly Step[]> {
  const steps = await readersSteps(db, actor, id);
  return steps.flatMap(({ kind, onBehalfOf }) => (isKind(kind) ? [{ kind, onBehalfOf }] : []));
}

const isKind = (kind: string): kind is Step['kind'] => Object.hasOwn(formsOf, kind);
