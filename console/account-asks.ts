/** Forms that ask something about an account: that it cannot wait, and that somebody covers it. */
import { html } from 'hono/html';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { raiseAlert } from '../api/alerts/raise-alert.ts';
import { alertBody } from '../api/alerts/schema.ts';
import { requestCover } from '../api/covers/request-cover.ts';
import { coverBody, noteLengthMax } from '../api/covers/schema.ts';
import { readAccount } from '../api/directory/read-account.ts';
import { derivedId } from '../db/derived-id.ts';
import { packetLimits } from '../domain/handoff/packet.ts';
import { taskPath } from '../locales/links.ts';
import { accountPath } from './accounts.ts';
import { flagBoxes, namedFlags } from './flag-boxes.ts';
import { type Html, nameOf, type Reader, say } from './html.ts';
import { bodyOf, readForm } from './loop-form.ts';
import type { SignedIn } from './loop-page.ts';
import { type Kept, wordsField } from './read-back.ts';
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
  fields(reader: Reader, kept: Kept): Html;
  /** Answers the loop that it began. */
  send(
    parts: TaskPageParts,
    reader: SignedIn,
    sent: { readonly commandId: string; readonly account: string; readonly fields: Fields },
  ): Promise<{ readonly id: string }>;
}

const fieldsMax = 10;
const formShape = z
  .object({ key: z.uuid() })
  .catchall(z.string())
  .refine((fields) => Object.keys(fields).length <= fieldsMax);

function askingPage({ path, words, labels, fields, send }: Asking): SitePage {
  const address = (account: string): string => `${accountPath(account)}/${path}`;
  return {
    route: address(':account'),
    async show({ handoffs }, reader, { params, refused }) {
      const asked = { actor: reader.actor, input: { id: params['account'] ?? '' } };
      const account = await readAccount(handoffs, asked);
      const title = html`${say(reader, `${words}.title`)}: ${nameOf(account)}`;
      const labelOf = labelsOf((key) => say(reader, key), labels);
      return {
        title,
        body: html`<h1>${title}</h1>
          ${refused ? alarm(refused.problem, labelOf) : ''}
          <p>${say(reader, `${words}.hint`)}</p>
          <form method="post" action="${address(account.id)}" class="step">
            <input type="hidden" name="key" value="${randomUUID()}" />
            ${fields(reader, refused?.fields ?? {})} ${flagBoxes(reader, refused, labelOf)}
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
