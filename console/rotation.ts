/** A rotation as those in it read it: whose watch it is, and what lies ahead. */
import { html } from 'hono/html';
import {
  type Rotation,
  rotationOperations,
  type RotationParts,
} from '../api/rotations/operations.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { commentsSaid } from './comments.ts';
import { type Html, instant, nameOf, type Reader, say } from './html.ts';
import { alarm, type Refused } from './refused.ts';
import type { Shown, SignedIn } from './task-pages.ts';

export async function showRotation(
  parts: RotationParts,
  { actor, recipient }: SignedIn,
  { id, refused }: { readonly id: string; readonly refused: Refused | null },
): Promise<Shown> {
  const rotation = await rotationOperations.read.run(parts, { actor, input: { id } });
  const reader = { recipient };
  const said = await commentsSaid(parts, { actor, recipient }, id);
  return {
    subject: rotation.account.name,
    body: html`<h1>${say(reader, 'rotation.rotation')}: ${nameOf(rotation.account)}</h1>
      ${refused ? alarm(refused.problem) : ''}
      <dl class="facts">
        <dt>${say(reader, 'rotation.holder')}</dt>
        <dd>${nameOf(rotation.holder)}</dd>
        <dt>${say(reader, 'rotation.members')}</dt>
        ${rotation.members.map((member) => html`<dd>${nameOf(member)}</dd>`)}
      </dl>
      ${ahead(reader, rotation)} ${happened(reader, rotation)} ${said}
      <p><a href="/">${say(reader, 'all_tasks')}</a></p>`,
  };
}

const ahead = (reader: Reader, { plan }: Rotation): Html | string =>
  plan.length === 0
    ? ''
    : html`<h2>${say(reader, 'rotation.ahead')}</h2>
        <ol class="timeline">
          ${plan.map(
            ({ begins, from, to, meets }) =>
              html`<li>
                ${say(reader, meets ? 'rotation.passes' : 'rotation.passes_apart', {
                  giver: from.name,
                  person: to.name,
                })}
                <br /><span class="muted">${instant(reader, begins)}</span>
              </li>`,
          )}
        </ol>`;

const happened = (reader: Reader, { timeline }: Rotation): Html =>
  html`<h2>${say(reader, 'timeline')}</h2>
    <ol class="timeline">
      ${timeline.map(
        ({ at, sentence }) =>
          html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
      )}
    </ol>`;

/** A rotation asks nothing of anybody: its handoffs do, each on its own page. */
export async function settleRotation(): Promise<null> {
  throw new Refusal(problem('request.invalid'));
}
