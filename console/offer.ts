/** The form that offers an account: a packet in the parts of I-PASS, as `POST /handoffs` takes it. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { readAccount } from '../api/directory/read-account.ts';
import { listPeople } from '../api/directory/list-people.ts';
import { offerBody } from '../api/handoffs/schema.ts';
import { startHandoff } from '../api/handoffs/start-handoff.ts';
import { derivedId } from '../db/derived-id.ts';
import { packetLimits } from '../domain/handoff/packet.ts';
import { accountPath, taskPath } from '../locales/links.ts';
import { flagBoxes, namedFlags } from './flag-boxes.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import { peopleSuggested, peopleSuggestions } from './people-suggested.ts';
import { type Kept, severityField, wordsField } from './read-back.ts';
import { alarm, type LabelOf, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';
import { onClock, wallField } from './wall-field.ts';

/** As many as a form shows; the API takes more. */
const actionRows = [0, 1, 2] as const;
const contingencyRows = [0, 1] as const;

export const offerPath = (account: string): string => `${accountPath(account)}/offer`;

interface Site {
  readonly name: string;
  readonly zone: string;
}

const zoneOf = (site: Site | undefined): string => site?.zone ?? 'Etc/UTC';

export const offerPage: SitePage = {
  route: offerPath(':account'),
  async show({ handoffs }, reader, { params, refused }) {
    const { actor } = reader;
    const account = await readAccount(handoffs, { actor, input: { id: params['account'] ?? '' } });
    const people = await listPeople(handoffs, { actor, input: { limit: peopleSuggested } });
    const kept = refused?.fields ?? {};
    const title = html`${say(reader, 'offer.title')}: ${nameOf(account)}`;
    return {
      title,
      body: html`<h1>${title}</h1>
        ${refused ? alarm(refused.problem, labels(reader, kept)) : ''}
        <p>${say(reader, 'offer.hint')}</p>
        ${peopleSuggestions(people.items)}
        <form method="post" action="${offerPath(account.id)}" class="step">
          <input type="hidden" name="key" value="${randomUUID()}" />
          ${person(reader, { name: 'receiver', label: 'receiver', kept, isRequired: true })}
          ${severityField(reader, { id: 'offer', kept })}
          ${longText(reader, 'summary', packetLimits.summaryLengthMax, kept)}
          ${actionRows.map((row) => action(reader, account.sites[0], { row, kept }))}
          ${longText(reader, 'situation', packetLimits.situationLengthMax, kept)}
          ${contingencyRows.map((row) => contingency(reader, { row, kept }))}
          ${flagBoxes(reader, refused, labels(reader, kept))}
          <div class="choices"><button>${say(reader, 'offer.send')}</button></div>
        </form>`,
    };
  },
  async send({ handoffs, publicUrl }, reader, { params, form }) {
    const { actor } = reader;
    const id = params['account'] ?? '';
    const account = await readAccount(handoffs, { actor, input: { id } });
    const { key, ...fields } = readForm(formShape, form);
    let offered = '';
    const kept = { ...reader, publicUrl, text: '', fields };
    const refused = await unlessRefused(kept, async () => {
      const input = bodyOf(offerBody, offerIn(account.id, account.sites[0], fields));
      const commandId = derivedId('form', actor.id, 'offer', account.id, key);
      offered = (await startHandoff(handoffs, { actor, commandId, input })).id;
    });
    return refused ?? taskPath(offered);
  },
};

const textOfForm = z.string().optional().default('');
const formShape = z
  .object({ key: z.uuid(), severity: textOfForm })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= 40);

type Fields = Readonly<Record<string, string>>;

/** Rows that were left empty are none; what is wrong with the others is told by the API's own rules. */
function offerIn(account: string, site: Site | undefined, fields: Fields) {
  const of = (name: string): string => fields[name] ?? '';
  const { actions, contingencies } = filledRows(fields);
  return {
    account,
    receiver: of('receiver'),
    severity: of('severity'),
    summary: of('summary'),
    actions: actions.map((row) => ({
      text: of(`text-${row}`),
      owner: of(`owner-${row}`),
      dueAt: onClock(of(`due-${row}`), zoneOf(site)),
    })),
    situation: of('situation'),
    contingencies: contingencies.map((row) => ({
      when: of(`when-${row}`),
      response: of(`response-${row}`),
    })),
    acknowledgedFlags: namedFlags(fields),
  };
}

/** In their order; what the API numbers anew is told by the number that the form shows. */
function filledRows(fields: Fields) {
  const isFilled = (...names: readonly string[]) =>
    names.some((name) => (fields[name] ?? '').trim() !== '');
  return {
    actions: actionRows.filter((row) => isFilled(`text-${row}`, `owner-${row}`, `due-${row}`)),
    contingencies: contingencyRows.filter((row) => isFilled(`when-${row}`, `response-${row}`)),
  };
}

const columns: Readonly<Record<string, string>> = {
  text: 'offer.what',
  owner: 'owner',
  dueAt: 'due_at_site',
  when: 'when',
  response: 'response',
};
const single: readonly string[] = ['receiver', 'severity', 'summary', 'situation'];

/** `actions[0].dueAt` as the form has it: which row, and which field of it. */
const labels =
  (reader: Reader, fields: Fields): LabelOf =>
  ([part = '', index = '', column = '']) => {
    if (single.includes(part)) return say(reader, part);
    const { actions, contingencies } = filledRows(fields);
    const row = part === 'actions' ? actions[Number(index)] : contingencies[Number(index)];
    if (row === undefined) return null;
    const kind = part === 'actions' ? 'offer.action' : 'offer.contingency';
    const key = Object.hasOwn(columns, column) ? columns[column] : undefined;
    return html`${say(reader, kind, { row: row + 1 })}${key === undefined ? '' : html` · ${say(reader, key)}`}`;
  };

interface Field {
  readonly name: string;
  /** Of `page.json`. */
  readonly label: string;
  readonly kept: Kept;
  readonly isRequired?: boolean;
}

const person = (reader: Reader, { name, label, kept, isRequired = false }: Field): Html =>
  html`<label for="${name}">${say(reader, label)}</label>
    <input
      id="${name}"
      name="${name}"
      list="people"
      autocomplete="off"
      value="${kept[name] ?? ''}"
      ${isRequired ? html`required` : ''}
    />`;

const longText = (reader: Reader, name: string, lengthMax: number, kept: Kept): Html =>
  wordsField(reader, {
    id: `offer-${name}`,
    name,
    label: name,
    text: kept[name] ?? '',
    lengthMax,
    isRequired: true,
  });

interface Row {
  readonly row: number;
  readonly kept: Kept;
}

const shortText = (reader: Reader, { name, label, kept }: Field, lengthMax: number): Html =>
  html`<label for="${name}">${say(reader, label)}</label>
    <input
      class="words"
      id="${name}"
      name="${name}"
      dir="auto"
      maxlength="${lengthMax}"
      value="${kept[name] ?? ''}"
    />`;

const action = (reader: Reader, site: Site | undefined, { row, kept }: Row): Html =>
  html`<fieldset>
    <legend>${say(reader, 'offer.action', { row: row + 1 })}</legend>
    ${shortText(
      reader,
      { name: `text-${row}`, label: 'offer.what', kept },
      packetLimits.actionLengthMax,
    )}
    ${person(reader, { name: `owner-${row}`, label: 'owner', kept })}
    ${wallField({
      name: `due-${row}`,
      label: say(reader, 'due_at_site'),
      zone: zoneOf(site),
      kept: kept[`due-${row}`] ?? '',
    })}
  </fieldset>`;

const contingency = (reader: Reader, { row, kept }: Row): Html =>
  html`<fieldset>
    <legend>${say(reader, 'offer.contingency', { row: row + 1 })}</legend>
    ${(['when', 'response'] as const).map((name) =>
      shortText(
        reader,
        { name: `${name}-${row}`, label: name, kept },
        packetLimits.contingencyLengthMax,
      ),
    )}
  </fieldset>`;
