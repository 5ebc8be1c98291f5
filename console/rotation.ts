/** A rotation as those in it read it: whose watch it is, and what lies ahead. */
import { html } from 'hono/html';
import {
  type Rotation,
  rotationOperations,
  type RotationParts,
} from '../api/rotations/operations.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { timeOfDay } from '../locales/instant.ts';
import { type Html, instant, nameOf, type Reader, say, text } from './html.ts';
import { drawDay } from './rotation-day.ts';
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
    more: [
      dayAhead(reader, rotation),
      ahead(reader, rotation),
      timeline(reader, rotation.timeline),
    ],
  });
}

const member = (named: { readonly name: string }, index: number): Html =>
  html`${index > 0 ? ' · ' : ''}${nameOf(named)}`;

/** The picture, and the same as a list. */
function dayAhead(reader: Reader, { day }: Rotation): Html | string {
  if (day === null) return '';
  const from = { instant: Date.parse(day.from) };
  const title = text(reader, 'rotation.day');
  const spans = day.lanes
    .flatMap(({ person, held }) => held.map((span) => ({ ...span, person: person.name })))
    .toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from));
  const told = spans.map(({ person, isWorking, ...span }) => ({
    key: isWorking ? 'rotation.watch' : 'rotation.watch_outside',
    values: { person, from: timeOf(reader, span.from), until: timeOf(reader, span.until) },
  }));
  const words = told.map(({ key, values }) => text(reader, key, values));
  return html`<h2>${title}</h2>
    <div class="wide" tabindex="0" role="group" aria-label="${title}">
      ${drawDay(reader, day, { title, told: words })}
    </div>
    <p class="muted">${say(reader, 'rotation.day_from', { from })}</p>
    <ol class="timeline">
      ${told.map(({ key, values }) => html`<li>${say(reader, key, values)}</li>`)}
    </ol>`;
}

const timeOf = ({ recipient }: Reader, iso: string): string =>
  timeOfDay(Date.parse(iso), recipient.zone, recipient);

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
