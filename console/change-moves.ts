/** What a change of the organisation moves, and who is told: names instead of ids, the first of each. */
import { html, raw } from 'hono/html';
import type { ShownChange } from '../api/changes/present.ts';
import type { Query } from '../db/client.ts';
import { sentenceValues } from '../db/sentence-values.ts';
import type { MoveKind } from '../domain/change/change.ts';
import type { AccountId, PersonId, TeamId } from '../domain/id.ts';
import type { NoticeValue } from '../domain/loop.ts';
import { phraseHtml, type RenderValues } from '../locales/render.ts';
import type { Html, Reader } from './html.ts';

/** A sentence of `change.json`, already escaped. */
export const sayChange = ({ recipient }: Reader, key: string, values: RenderValues = {}): Html =>
  raw(phraseHtml(`change.${key}`, values, recipient));

type Plan = NonNullable<ShownChange['plan']>;
type Move = Plan['moves'][number];

/** Names of one list on a page; the API has more of them. */
const namesMax = 50;

const person = (id: string | null): NoticeValue => ({ person: (id ?? '') as PersonId });
const account = (id: string): NoticeValue => ({ account: id as AccountId });
const team = (id: string): NoticeValue => ({ team: id as TeamId });

/** Each by what it is called. */
const namedBy: Readonly<Record<MoveKind, (move: Move) => NoticeValue>> = {
  'person.region': ({ id }) => person(id),
  'person.team': ({ id }) => person(id),
  'person.leaves': ({ id }) => person(id),
  'team.region': ({ id }) => team(id),
  office: ({ id }) => person(id),
  webhook: ({ id }) => id,
  'account.team': ({ id }) => account(id),
  'account.product': ({ id }) => account(id),
  'account.closes': ({ id }) => account(id),
  'account.owner': ({ id }) => account(id),
  'delegation.ends': ({ from }) => person(from),
  'item.owner': ({ to }) => person(to),
  policy: ({ from, to }) => `${from ?? '–'} → ${to ?? '–'}`,
};

interface List {
  readonly heading: Html;
  readonly total: number;
  readonly items: readonly NoticeValue[];
}

/** `isOpen`: it has not been made yet. */
export async function movesOf(
  query: Query,
  reader: Reader,
  { plan, isOpen }: { readonly plan: Plan; readonly isOpen: boolean },
): Promise<Html> {
  const say = (key: string) => sayChange(reader, key);
  const kinds = Object.keys(plan.counts) as MoveKind[];
  const moved: readonly List[] = kinds.toSorted().map((kind) => ({
    heading: say(`move.${kind}`),
    total: plan.counts[kind] ?? 0,
    items: plan.moves.filter(({ what }) => what === kind).map((move) => namedBy[kind](move)),
  }));
  const list = (key: string, items: readonly NoticeValue[]): List => ({
    heading: say(key),
    total: items.length,
    items,
  });
  const accounts = [...new Set(plan.loops.map((loop) => loop.account))].filter((id) => id !== null);
  const beside: readonly List[] = [
    list(
      'moves.hours',
      plan.hours.map((id) => person(id)),
    ),
    list(
      'moves.days_off',
      plan.days.filter(({ to }) => to !== null).map(({ day }) => ({ day })),
    ),
    list(
      'moves.days_usual',
      plan.days.filter(({ to }) => to === null).map(({ day }) => ({ day })),
    ),
    list(
      'moves.steps',
      plan.steps.map((step) => person(step.person)),
    ),
    { ...list('moves.loops', accounts.map(account)), total: plan.loops.length },
  ];
  const told = list(
    isOpen ? 'moves.told_ahead' : 'moves.told',
    plan.told.map((one) => person(one.person)),
  );
  const shown = [...moved, ...beside].filter(({ total }) => total > 0);
  return html`<h2>${say(isOpen ? 'moves.would' : 'moves.did')}</h2>
    ${shown.length === 0 ? html`<p>${say('moves.nothing')}</p>` : await lists(query, reader, shown)}
    ${told.total === 0 ? html`<p>${say('moves.told_nobody')}</p>` : await lists(query, reader, [told])}`;
}

async function lists(query: Query, reader: Reader, all: readonly List[]): Promise<Html> {
  const values = await sentenceValues(
    query,
    all.map(({ items }) =>
      Object.fromEntries(items.slice(0, namesMax).map((item, i) => [i, item])),
    ),
  );
  return html`${all.map(
    ({ heading, total, items }, index) =>
      html`<h3>${heading} (${total})</h3>
        ${
          items.length === 0
            ? ''
            : html`<p>
                ${named(reader, Object.values(values[index] ?? {}))}${total > namesMax ? ' …' : ''}
              </p>`
        }`,
  )}`;
}

/** The same one may be named several times, such as with two roles. */
function named(reader: Reader, values: readonly RenderValues[string][]): Html {
  const each = values.map((value) =>
    phraseHtml('change.moves.name', { name: value }, reader.recipient),
  );
  return html`${[...new Set(each)].map((one, index) => html`${index > 0 ? ' · ' : ''}${raw(one)}`)}`;
}

/** Why it cannot be made, or could not. */
export const refusalsOf = (
  reader: Reader,
  { refusals }: Pick<ShownChange, 'refusals'>,
): Html | string =>
  refusals.length === 0
    ? ''
    : html`<div class="alarm" role="alert">
        <p><strong>${sayChange(reader, 'moves.refused')}</strong></p>
        ${refusals.map(({ title, detail }) => html`<p>${title}: ${detail}</p>`)}
      </div>`;
