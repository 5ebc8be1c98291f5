/** Forms that ask something about an account: an alert, a cover, a rotation. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { raiseAlert } from '../api/alerts/raise-alert.ts';
import { alertBody } from '../api/alerts/schema.ts';
import { requestCover } from '../api/covers/request-cover.ts';
import { coverBody, noteLengthMax } from '../api/covers/schema.ts';
import { listPeople } from '../api/directory/list-people.ts';
import { readAccount } from '../api/directory/read-account.ts';
import { rotationOperations } from '../api/rotations/operations.ts';
import { rotationBody } from '../api/rotations/schema.ts';
import { derivedId } from '../db/derived-id.ts';
import { packetLimits } from '../domain/handoff/packet.ts';
import { accountPath, taskPath } from '../locales/links.ts';
import { flagBoxes, namedFlags } from './flag-boxes.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import type { SignedIn } from './loop-page.ts';
import { peopleSuggested, peopleSuggestions, teamSuggestions } from './people-suggested.ts';
import { type Kept, severityField, wordsField } from './read-back.ts';
import { alarm, labelsOf, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';
import type { TaskPageParts } from './task-pages.ts';
import { onClock, wallField } from './wall-field.ts';

type Fields = Readonly<Record<string, string>>;

interface Asking {
  readonly path: string;
  /** Of `page.json`, under which the words of the form stand. */
  readonly words: string;
  /** What the form calls the fields of the operation. */
  readonly labels: Readonly<Record<string, string>>;
  /** Names people and teams, which are suggested; whoever owns the account is the first of them. */
  readonly isNaming?: boolean;
  fields(reader: Reader, kept: Kept): Html;
  /** Answers the loop that it began. */
  send(
    parts: TaskPageParts,
    reader: SignedIn,
    sent: { readonly commandId: string; readonly account: string; readonly fields: Fields },
  ): Promise<{ readonly id: string }>;
}

const fieldsMax = 30;
const formShape = z
  .object({ key: z.uuid() })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= fieldsMax);

function askingPage({ path, words, labels, isNaming = false, fields, send }: Asking): SitePage {
  const address = (account: string): string => `${accountPath(account)}/${path}`;
  return {
    route: address(':account'),
    async show({ handoffs }, reader, { params, refused }) {
      const asked = { actor: reader.actor, input: { id: params['account'] ?? '' } };
      const account = await readAccount(handoffs, asked);
      const title = html`${say(reader, `${words}.title`)}: ${nameOf(account)}`;
      const labelOf = labelsOf((key) => say(reader, key), labels);
      const { custodian } = account;
      const first: Kept = isNaming && custodian ? { 'member-0': custodian.id } : {};
      const input = { limit: peopleSuggested };
      const { items } = isNaming
        ? await listPeople(handoffs, { actor: reader.actor, input })
        : { items: [] };
      return {
        title,
        body: html`<h1>${title}</h1>
          ${refused ? alarm(refused.problem, labelOf) : ''}
          <p>${say(reader, `${words}.hint`)}</p>
          ${isNaming ? html`${peopleSuggestions(items)} ${teamSuggestions(items)}` : ''}
          <form method="post" action="${address(account.id)}" class="step">
            <input type="hidden" name="key" value="${randomUUID()}" />
            ${fields(reader, refused?.fields ?? first)} ${flagBoxes(reader, refused, labelOf)}
            <div class="choices"><button>${say(reader, `${words}.send`)}</button></div>
          </form>`,
      };
    },
    async send(parts, reader, { params, form }) {
      const { actor } = reader;
      const input = { id: params['account'] ?? '' };
      const account = (await readAccount(parts.handoffs, { actor, input })).id;
      const { key, ...sent } = readForm(formShape, form);
      let begun = '';
      const kept = { ...reader, publicUrl: parts.publicUrl, text: '', fields: sent };
      const refused = await unlessRefused(kept, async () => {
        const commandId = derivedId('form', actor.id, path, account, key);
        begun = (await send(parts, reader, { commandId, account, fields: sent })).id;
      });
      return refused ?? taskPath(begun);
    },
  };
}

interface TimeField {
  readonly name: string;
  /** Of `page.json`. */
  readonly label: string;
  readonly kept: Kept;
}

const time = (reader: Reader, { name, label, kept }: TimeField): Html =>
  wallField({
    name,
    label: say(reader, label),
    zone: reader.recipient.zone,
    kept: kept[name] ?? '',
    isRequired: true,
  });

const of = (fields: Fields, name: string): string => fields[name] ?? '';

export const raiseAlertPage = askingPage({
  path: 'alert',
  words: 'raise',
  labels: { text: 'offer.what', dueAt: 'deadline' },
  fields: (reader, kept) =>
    html`${wordsField(reader, {
      id: 'text',
      name: 'text',
      label: 'offer.what',
      text: kept['text'] ?? '',
      lengthMax: packetLimits.actionLengthMax,
      isRequired: true,
    })}
    ${time(reader, { name: 'dueAt', label: 'deadline', kept })}`,
  send({ alerts }, { actor, recipient }, { commandId, account, fields }) {
    const dueAt = onClock(of(fields, 'dueAt'), recipient.zone);
    const acknowledgedFlags = namedFlags(fields);
    const input = bodyOf(alertBody, {
      account,
      text: of(fields, 'text'),
      dueAt,
      acknowledgedFlags,
    });
    return raiseAlert(alerts, { actor, commandId, input });
  },
});

export const requestCoverPage = askingPage({
  path: 'cover',
  words: 'request_cover',
  labels: { from: 'cover.from', until: 'cover.until', note: 'cover.note' },
  fields: (reader, kept) =>
    html`${time(reader, { name: 'from', label: 'cover.from', kept })}
    ${time(reader, { name: 'until', label: 'cover.until', kept })}
    ${wordsField(reader, {
      id: 'note',
      name: 'note',
      label: 'cover.note',
      text: kept['note'] ?? '',
      lengthMax: noteLengthMax,
      isRequired: false,
    })}`,
  send({ covers }, { actor, recipient }, { commandId, account, fields }) {
    const note = of(fields, 'note').trim();
    const input = bodyOf(coverBody, {
      account,
      from: onClock(of(fields, 'from'), recipient.zone),
      until: onClock(of(fields, 'until'), recipient.zone),
      ...(note !== '' && { note }),
    });
    return requestCover(covers, { actor, commandId, input });
  },
});

/** As many as a form shows; the API takes more. */
const memberRows = [0, 1, 2, 3, 4, 5] as const;
const teamRows = [0, 1] as const;

/** Rows that were left empty are none. */
const filled = (fields: Fields, name: string, rows: readonly number[]): readonly string[] =>
  rows.map((row) => of(fields, `${name}-${row}`).trim()).filter((id) => id !== '');

interface NamesField {
  readonly name: 'member' | 'team';
  readonly rows: readonly number[];
  readonly kept: Kept;
}

const namesField = (reader: Reader, { name, rows, kept }: NamesField): Html =>
  html`<fieldset>
    <legend>${say(reader, `start_rotation.${name}s`)}</legend>
    ${rows.map((row) =>
      suggested(say(reader, `start_rotation.${name}`, { row: row + 1 }), {
        name: `${name}-${row}`,
        list: name === 'member' ? 'people' : 'teams',
        kept,
      }),
    )}
  </fieldset>`;

const suggested = (
  label: Html,
  { name, list, kept }: { readonly name: string; readonly list: string; readonly kept: Kept },
): Html =>
  html`<label for="${name}">${label}</label>
    <input
      id="${name}"
      name="${name}"
      list="${list}"
      autocomplete="off"
      value="${kept[name] ?? ''}"
    />`;

export const startRotationPage = askingPage({
  path: 'rotation',
  words: 'start_rotation',
  labels: {
    members: 'start_rotation.members',
    teams: 'start_rotation.teams',
    severity: 'severity',
    summary: 'summary',
    situation: 'situation',
  },
  isNaming: true,
  fields: (reader, kept) =>
    html`${namesField(reader, { name: 'member', rows: memberRows, kept })}
    ${namesField(reader, { name: 'team', rows: teamRows, kept })}
    ${severityField(reader, { id: 'rotation', kept })}
    ${(['summary', 'situation'] as const).map((name) =>
      wordsField(reader, {
        id: name,
        name,
        label: name,
        text: kept[name] ?? '',
        lengthMax: packetLimits[`${name}LengthMax`],
        isRequired: name === 'summary',
      }),
    )}`,
  send({ rotations }, { actor }, { commandId, account, fields }) {
    const input = bodyOf(rotationBody, {
      account,
      members: filled(fields, 'member', memberRows),
      teams: filled(fields, 'team', teamRows),
      severity: of(fields, 'severity'),
      summary: of(fields, 'summary'),
      situation: of(fields, 'situation'),
      acknowledgedFlags: namedFlags(fields),
    });
    return rotationOperations.start.run(rotations, { actor, commandId, input });
  },
});
