/** The first page: what waits for whoever reads it, the most urgent first. */
import { html } from 'hono/html';
import type { TaskRow } from '../db/tasks.ts';
import type { PersonId } from '../domain/id.ts';
import { taskName } from '../domain/task-kind.ts';
import { taskPath } from '../locales/links.ts';
import { placeOf } from './practice-form.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';

export interface Inbox {
  readonly me: PersonId;
  readonly tasks: readonly TaskRow[];
  /** Address of the next page; null on the last. */
  readonly more: string | null;
}

export const inbox = (reader: Reader, { me, tasks, more }: Inbox): Html =>
  html`<h1>${say(reader, 'inbox')}</h1>
    ${
      tasks.length === 0
        ? html`<p>${say(reader, 'inbox_empty')}</p>`
        : html`<ul class="list">
            ${tasks.map((task) => item(reader, task, me))}
          </ul>`
    }
    ${more === null ? '' : html`<p><a href="${more}">${say(reader, 'more')}</a></p>`}`;

const iso = (at: number): string => new Date(at).toISOString();

const item = (reader: Reader, task: TaskRow, me: PersonId): Html =>
  html`<li>
    <a href="${taskPath(task.loopId)}">${say(reader, `task.${taskName(task.kind)}`)}</a>
    ${task.kind.includes('/') ? where(reader, task) : ''}
    ${task.account ? html`<br />${nameOf(task.account)}` : ''}
    ${
      task.person.id === me && task.inPlaceOf === null
        ? ''
        : html`<br /><span class="muted"
              >${say(reader, 'for_person', { person: (task.inPlaceOf ?? task.person).name })}</span
            >`
    }
    <br /><span class="muted"
      >${
        task.isHeld
          ? say(reader, 'held')
          : task.dueAt === null
            ? say(reader, 'no_deadline')
            : html`<time datetime="${iso(task.dueAt)}"
                >${say(reader, 'due', { at: { instant: task.dueAt } })}</time
              >`
      }</span
    >
  </li>`;

/** Of several that are asked alike: for which country and product, or in which language. */
function where(reader: Reader, { kind }: TaskRow): Html {
  const { country, product, locale } = placeOf(kind);
  const place = locale ? { language: locale } : { country: country ?? '' };
  return html`<br />${say(reader, 'practice.where', { place, product: product ?? '' })}`;
}

/** For whoever is not signed in. */
export const welcome = (reader: Reader): Html =>
  html`<h1>${say(reader, 'product')}</h1>
    <p>${say(reader, 'promise')}</p>
    <p><a class="button" href="/auth/sign-in">${say(reader, 'sign_in')}</a></p>`;
