/** What the form of every loop has in common: whose step it is, what it carries, and that it settles once. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ShapeRefusal } from '../api/refusals.ts';
import { mistakesOf } from '../api/shape-mistakes.ts';
import { unstorablePlace } from '../api/storable.ts';
import { derivedId } from '../db/derived-id.ts';
import type { Query } from '../db/client.ts';
import { openSteps } from '../db/tasks.ts';
import { type Actor, within } from '../domain/authority.ts';
import type { LoopId } from '../domain/id.ts';
import { isOwnView, taskName } from '../domain/task-kind.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { type Html, type Reader, say } from './html.ts';

export interface ReadersStep {
  readonly kind: string;
  /** For whom the reader decides; null for themselves. */
  readonly onBehalfOf: { readonly id: string; readonly name: string } | null;
}

/** The open steps that are the reader's own, before those of whom the reader decides for. */
export async function readersSteps(
  query: Query,
  actor: Actor,
  id: string,
): Promise<readonly ReadersStep[]> {
  const open = await openSteps(query, id as LoopId);
  const mine = open.filter(({ person, inPlaceOf }) =>
    [person.id, inPlaceOf?.id].includes(actor.id),
  );
  const others = open.filter((step) => {
    if (isOwnView(step.kind)) return false;
    const { principals } = within(actor, step.kind.split('.')[0]);
    return !mine.includes(step) && principals.includes((step.inPlaceOf ?? step.person).id);
  });
  return [
    // Somebody who is back decides for themselves, also what was given to another meanwhile.
    ...mine.map(({ kind, inPlaceOf }) => ({
      kind,
      onBehalfOf: inPlaceOf?.id === actor.id ? null : inPlaceOf,
    })),
    ...others.map(({ kind, person, inPlaceOf }) => ({ kind, onBehalfOf: inPlaceOf ?? person })),
  ];
}

/** Of a section that holds a form. */
export const stepTitle = (reader: Reader, { kind, onBehalfOf }: ReadersStep): Html =>
  html`${say(reader, 'your_step')}: ${say(reader, `task.${taskName(kind)}`)}
  ${onBehalfOf ? html`· ${say(reader, 'for_person', { person: onBehalfOf.name })}` : ''}`;

/** A key of its own, so that the form sent twice is one command, and the revision that was read. */
export const hiddenFields = (
  { revision }: { readonly revision: number },
  onBehalfOf: ReadersStep['onBehalfOf'],
): Html =>
  html`<input type="hidden" name="key" value="${randomUUID()}" />
    <input type="hidden" name="revision" value="${revision}" />
    ${onBehalfOf ? html`<input type="hidden" name="onBehalfOf" value="${onBehalfOf.id}" />` : ''}`;

export const count = z
  .string()
  .regex(/^\d{1,9}$/)
  .transform(Number);

/** What `hiddenFields` sends. */
export const hiddenShape = {
  key: z.uuid(),
  revision: count,
  onBehalfOf: z.string().optional(),
} as const;

/** What is no form of ours, or holds what no browser sends, is refused outright. */
export function readForm<Shape extends z.ZodType>(shape: Shape, sent: unknown): z.output<Shape> {
  const read = shape.safeParse(sent);
  if (!read.success || unstorablePlace(sent) !== null) {
    throw new Refusal(problem('request.invalid'));
  }
  return read.data;
}

/** What an operation of the API takes; fields that it does not are refused by their name, as there. */
export function bodyOf<Body extends z.ZodType>(schema: Body, sent: object): z.output<Body> {
  const read = schema.safeParse(sent);
  if (!read.success) throw new ShapeRefusal(mistakesOf('form', read.error.issues, sent));
  return read.data;
}

interface SentFields {
  readonly key: string;
  readonly revision: number;
  readonly onBehalfOf?: string | undefined;
}

/** The command that a form stands for, and for whom it is given. */
export const commandOf = (actor: Actor, id: string, { key, revision, onBehalfOf }: SentFields) => ({
  asked: { actor, seen: revision, commandId: derivedId('form', actor.id, id, key) },
  party: onBehalfOf === undefined ? {} : { onBehalfOf },
});
