/** The form that plans a change of the organisation: previewed first, as `POST /changes` takes it. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { authoriseChange, authoriseReading } from '../api/changes/present.ts';
import { previewChange } from '../api/changes/preview-change.ts';
import { scheduleChange } from '../api/changes/schedule-change.ts';
import { changeBody } from '../api/changes/schema.ts';
import { type ChangeChoices, changeChoices, type Choice } from '../db/change-choices.ts';
import { derivedId } from '../db/derived-id.ts';
import { type ChangeKind, changeKinds } from '../domain/change/change.ts';
import { policyKeys } from '../domain/policy/policies.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { movesOf, refusalsOf, sayChange as say } from './change-moves.ts';
import { type Html, instant, type Reader, say as pageSay } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { choiceButtons, type SignedIn } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { changePath, planPath } from './planned-changes.ts';
import type { Kept } from './read-back.ts';
import { alarm, type LabelOf, type Refused, unlessRefused } from './refused.ts';
import type { ShownPage, SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';

const fieldsMax = 10;
const formShape = z
  .object({ key: z.uuid(), choice: z.enum(['preview', 'plan']) })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= fieldsMax);

type Preview = Awaited<ReturnType<typeof previewChange>>;

/** What is sent again when it is planned, exactly as it was previewed. */
interface Previewed {
  readonly fields: Kept;
  readonly preview: Preview;
}

export const planChangePage: SitePage = {
  route: planPath(':kind'),
  show: (parts, reader, { params, refused }) =>
    shown(parts, reader, { kind: kindOf(reader, params), refused, previewed: null }),
  async send(parts, reader, { params, form }) {
    const { handoffs, publicUrl } = parts;
    const { actor } = reader;
    const kind = kindOf(reader, params);
    const { key, choice, ...fields } = readForm(formShape, form);
    let previewed: Previewed | null = null;
    let planned = '';
    const refused = await unlessRefused({ ...reader, publicUrl, text: '', fields }, async () => {
      const input = bodyOf(changeBody, { from: fields['from'], change: changeIn(kind, fields) });
      if (choice === 'preview') {
        previewed = { fields, preview: await previewChange(handoffs, { actor, input }) };
      } else {
        const commandId = derivedId('form', actor.id, planPath(kind), key);
        planned = (await scheduleChange(handoffs, { actor, commandId, input })).id;
      }
    });
    if (refused !== null) return refused;
    return choice === 'plan'
      ? changePath(planned)
      : shown(parts, reader, { kind, refused, previewed });
  },
};

/** For whoever may not see changes there is no such page. */
function kindOf({ actor }: SignedIn, params: Readonly<Record<string, string>>): ChangeKind {
  authoriseReading(actor);
  authoriseChange(actor);
  const kind = changeKinds.find((known) => known === params['kind']);
  if (kind === undefined) throw new Refusal(problem('request.not_found'));
  return kind;
}

/** Nothing said is nothing: the rules of the API say what is missing. */
function changeIn(kind: ChangeKind, fields: Kept): object {
  const of = (name: string): string => (fields[name] ?? '').trim();
  const orNull = (name: string): string | null => (of(name) === '' ? null : of(name));
  switch (kind) {
    case 'region_merged':
      return { kind, region: of('region'), into: of('into'), offices: of('offices') };
    case 'team_dissolved':
      return { kind, team: of('team'), into: orNull('into'), people: of('people') };
    case 'clearance_lost': {
      const countries = of('countries')
        .toUpperCase()
        .split(/[\s,;]+/);
      return { kind, product: of('product'), countries: countries.filter((code) => code !== '') };
    }
    case 'account_closed':
      return { kind, account: of('account'), into: orNull('into') };
    case 'policy_changed':
      return { kind, key: of('policy'), region: orNull('region'), value: valueIn(of('value')) };
  }
}

/** A number, a list or an object as JSON has it; anything else is the word that it is. */
function valueIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

interface Filled {
  readonly kind: ChangeKind;
  readonly refused: Refused | null;
  readonly previewed: Previewed | null;
}

async function shown(
  { handoffs: { db } }: TaskPageParts,
  reader: SignedIn,
  { kind, refused, previewed }: Filled,
): Promise<ShownPage> {
  const choices = await changeChoices(db);
  const title = say(reader, `plan.${kind}`);
  const kept = previewed?.fields ?? refused?.fields ?? {};
  return {
    title,
    body: html`<h1>${title}</h1>
      ${refused ? alarm(refused.problem, labelOf(reader)) : ''}
      ${previewed ? await preview(db, reader, { kind, previewed }) : ''}
      <form method="post" action="${planPath(kind)}" class="step">
        <h2>${say(reader, 'page.what')}</h2>
        <p>${say(reader, `plan_hint.${kind}`)}</p>
        <input type="hidden" name="key" value="${randomUUID()}" />
        ${fieldsOf[kind](reader, kept, choices)}
        <label for="from">${say(reader, 'field.from')}</label>
        <input id="from" name="from" type="date" required value="${kept['from'] ?? ''}" />
        ${choiceButtons([{ choice: 'preview', label: say(reader, 'page.preview'), isQuiet: previewed !== null }])}
      </form>
      <p><a href="${wayTo('changes')}">${say(reader, 'page.title')}</a></p>`,
  };
}

type Db = TaskPageParts['handoffs']['db'];

async function preview(
  db: Db,
  reader: SignedIn,
  { kind, previewed }: { readonly kind: ChangeKind; readonly previewed: Previewed },
): Promise<Html> {
  const { plan, at } = previewed.preview;
  if (plan === null) return html`${refusalsOf(reader, previewed.preview)}`;
  return html`<p role="status">${say(reader, 'page.previewed')}</p>
    <p>
      ${say(reader, 'page.day', { day: { day: previewed.fields['from'] ?? '' } })}
      (${instant(reader, at)})
    </p>
    ${await movesOf(db, reader, { plan, isOpen: true })}
    <form method="post" action="${planPath(kind)}">
      <input type="hidden" name="key" value="${randomUUID()}" />
      ${Object.entries(previewed.fields).map(
        ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
      )}
      ${choiceButtons([{ choice: 'plan', label: say(reader, 'page.plan') }])}
    </form>`;
}

type Fields = (reader: Reader, kept: Kept, choices: ChangeChoices) => Html;

interface Select {
  readonly name: string;
  readonly kept: Kept;
  readonly options: readonly { readonly id: string; readonly label: Html | string }[];
  /** What choosing nothing says; absent, something has to be chosen. */
  readonly none?: Html;
}

const select = (reader: Reader, { name, kept, options, none }: Select): Html =>
  html`<label for="${name}">${say(reader, `field.${name}`)}</label>
    <select id="${name}" name="${name}" ${none ? '' : html`required`}>
      <option value="">${none ?? pageSay(reader, 'please_choose')}</option>
      ${options.map(
        ({ id, label }) =>
          html`<option value="${id}" ${kept[name] === id ? html`selected` : ''}>${label}</option>`,
      )}
    </select>`;

const names = (choices: ChangeChoices['regions']) =>
  choices.map(({ id, name }) => ({ id, label: `${name} (${id})` }));

const spoken = (reader: Reader, of: string, ids: readonly string[]) =>
  ids.map((id) => ({ id, label: say(reader, `${of}.${id}`) }));

interface Typed {
  readonly name: string;
  readonly kept: Kept;
  readonly suggested?: readonly (string | Choice)[];
  readonly isRequired?: boolean;
}

const typed = (reader: Reader, { name, kept, suggested = [], isRequired = false }: Typed): Html =>
  html`<label for="${name}">${say(reader, `field.${name}`)}</label>
    <input
      id="${name}"
      name="${name}"
      class="words"
      dir="auto"
      autocomplete="off"
      autocapitalize="none"
      list="${name}-suggested"
      value="${kept[name] ?? ''}"
      ${isRequired ? html`required` : ''}
    />
    <datalist id="${name}-suggested">
      ${suggested.map((one) =>
        typeof one === 'string'
          ? html`<option value="${one}"></option>`
          : html`<option value="${one.id}">${one.name}</option>`,
      )}
    </datalist>`;

const fieldsOf: Readonly<Record<ChangeKind, Fields>> = {
  region_merged: (reader, kept, { regions }) =>
    html`${select(reader, { name: 'region', kept, options: names(regions) })}
    ${select(reader, { name: 'into', kept, options: names(regions) })}
    ${select(reader, {
      name: 'offices',
      kept,
      options: spoken(reader, 'offices_of', ['move', 'end']),
    })}`,
  team_dissolved: (reader, kept, { teams }) =>
    html`${select(reader, { name: 'team', kept, options: names(teams) })}
    ${select(reader, { name: 'into', kept, options: names(teams), none: say(reader, 'page.nowhere') })}
    ${select(reader, {
      name: 'people',
      kept,
      options: spoken(reader, 'people_of', ['move', 'leave']),
    })}`,
  clearance_lost: (reader, kept, { products }) =>
    html`${typed(reader, { name: 'product', kept, suggested: products, isRequired: true })}
    ${typed(reader, { name: 'countries', kept })}`,
  account_closed: (reader, kept, { accounts }) =>
    html`${typed(reader, { name: 'account', kept, suggested: accounts, isRequired: true })}
      ${typed(reader, { name: 'into', kept, suggested: accounts })}
      <p class="muted">${say(reader, 'page.only_closed')}</p>`,
  policy_changed: (reader, kept, { regions }) =>
    html`${select(reader, {
      name: 'policy',
      kept,
      options: policyKeys.map((id) => ({ id, label: id })),
    })}
    ${select(reader, {
      name: 'region',
      kept,
      options: names(regions),
      none: say(reader, 'page.everywhere'),
    })}
    ${typed(reader, { name: 'value', kept, isRequired: true })}`,
};

const labelled = [
  'region',
  'account',
  'into',
  'offices',
  'team',
  'people',
  'product',
  'countries',
  'value',
];

/** Of `form.change.region` or `form.from`. */
const labelOf =
  (reader: Reader): LabelOf =>
  (place) => {
    const name = place.find((step) => step !== 'change') ?? '';
    if (name === 'key') return say(reader, 'field.policy');
    return name === 'from' || labelled.includes(name) ? say(reader, `field.${name}`) : null;
  };
