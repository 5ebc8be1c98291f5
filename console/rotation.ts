/** A rotation as those in it read it: whose watch it is, and what lies ahead. */
import { html } from 'hono/html';
import {
  type Rotation,
  rotationOperations,
  type RotationParts,
} from '../api/rotations/operations.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { type Html, instant, nameOf, type Reader, say } from './html.ts';
import { type Asked, facts, loopPage, type Shown, type SignedIn, timeline } from './loop-page.ts';

export async function showRotation(
  parts: RotationParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const rotation = await rotationOperations.read.run(parts, {
    actor: reader.actor,
    input: { id },
  });
  return loopPage(parts, reader, refused, {
    loop: rotation,
    subject: rotation.account.name,
    title: html`${say(reader, 'rotation.rotation')}: ${nameOf(rotation.account)}`,
    told: [
      facts([
        [say(reader, 'rotation.holder'), nameOf(rotation.holder)],
        [say(reader, 'rotation.members'), html`${rotation.members.map(member)}`],
      ]),
    ],
    form: () => '',
    more: [ahead(reader, rotation), timeline(reader, rotation.timeline)],
  });
}

const member = (named: { readonly name: string }, index: number): Html =>
  html`${index > 0 ? ' · ' : ''}${nameOf(named)}`;

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

/** A rotation asks nothing of anybody: its handoffs do, each on its own page. */
export async function settleRotation(): Promise<null> {
  throw new Refusal(problem('request.invalid'));
}
