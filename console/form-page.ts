/** A page that is one form of several fields, with names to choose from and what it was refused for. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listPeople } from '../api/directory/list-people.ts';
import type { Html } from './html.ts';
import { choiceButtons, type SignedIn } from './loop-page.ts';
import { peopleSuggested, peopleSuggestions } from './people-suggested.ts';
import { alarm, type LabelOf, type Refused } from './refused.ts';
import type { ShownPage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

const fieldsMax = 600;
/** What every such form sends: a key of its own, and its fields as text. */
export const pageForm = z
  .object({ key: z.uuid() })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= fieldsMax);

interface Foreseen {
  readonly label: Html;
  readonly told: Html | null;
}

/** A form that shows first what would happen says which of the two it asks for. */
export const foreseenForm = pageForm.and(z.object({ choice: z.enum(['preview', 'send']) }));

interface Form {
  readonly title: Html;
  /** A paragraph; absent where `above` says all. */
  readonly hint?: Html;
  readonly above?: Html | string;
  readonly action: string;
  readonly fields: Html;
  readonly send: Html;
  readonly refused: Refused | null;
  readonly labelOf: LabelOf;
  /** What would become of it, once it was asked; absent where nothing can be foreseen. */
  readonly foreseen?: Foreseen;
  /** Beneath the form. */
  readonly more?: Html | string;
}

export async function formPage(
  { handoffs }: TaskPageParts,
  reader: SignedIn,
  { title, hint, action, fields, send, refused, labelOf, foreseen, ...around }: Form,
): Promise<ShownPage> {
  const input = { limit: peopleSuggested };
  const { above = '', more = '' } = around;
  const people = await listPeople(handoffs, { actor: reader.actor, input });
  return {
    title,
    body: html`<h1>${title}</h1>
      ${refused ? alarm(refused.problem, labelOf) : ''}
      ${hint === undefined ? '' : html`<p>${hint}</p>`} ${above} ${foreseen?.told ?? ''}
      ${peopleSuggestions(people.items)}
      <form method="post" action="${action}" class="step">
        <input type="hidden" name="key" value="${randomUUID()}" /> ${fields}
        ${
          foreseen === undefined
            ? html`<div class="choices"><button>${send}</button></div>`
            : choiceButtons([
                { choice: 'preview', label: foreseen.label, isQuiet: foreseen.told !== null },
                { choice: 'send', label: send, isQuiet: foreseen.told === null },
              ])
        }
      </form>
      ${more}`,
  };
}
