/** How one wants to be reached, as a page: what `GET` and `PUT /me/preferences` do. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { readPreferences, type PreferencesShown } from '../api/preferences/read-preferences.ts';
import { preferencesBody } from '../api/preferences/schema.ts';
import { writePreferences } from '../api/preferences/write-preferences.ts';
import type { Database } from '../db/client.ts';
import type { Instant } from '../domain/loop.ts';
import { channelNames, digestRhythms, hourCycles } from '../domain/people/preferences.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { weekdays } from '../domain/time/weekday.ts';
import { weekdayName } from '../locales/instant.ts';
import { phraseHtml } from '../locales/render.ts';
import { heldRepliesPath } from './held-replies.ts';
import type { Html, Reader } from './html.ts';
import type { SignedIn } from './loop-page.ts';
import { wayTo } from './navigation.ts';
import { isAboutReach, reachedSection, settleReach } from './reached.ts';
import { alarm, type Refused, unlessRefused } from './refused.ts';
import type { SitePage } from './site-page.ts';

interface Parts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly publicUrl: string;
}

const say = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`preferences.${key}`, {}, recipient));

const path = wayTo('preferences');

export const preferencesPage: SitePage = {
  route: path,
  async show({ handoffs }, reader, { query, refused }) {
    const said = await readPreferences(handoffs, reader);
    return {
      title: say(reader, 'title'),
      body: html`<h1>${say(reader, 'title')}</h1>
        ${refused ? alarm(refused.problem) : ''}
        ${query['saved'] === 'yes' ? html`<p role="status">${say(reader, 'saved')}</p>` : ''}
        <p>${say(reader, 'hint')}</p>
        ${form(reader, said)} ${await reachedSection(handoffs, reader, path)}
        <p>
          <a href="${heldRepliesPath}"
            >${raw(phraseHtml('message.held.title', {}, reader.recipient))}</a
          >
        </p>`,
    };
  },
  async send({ handoffs, publicUrl }, reader, sent) {
    const settle = isAboutReach(sent.form) ? settleReach : save;
    const refused = await settle({ ...handoffs, publicUrl }, reader, sent.form);
    return refused ?? `${path}?saved=yes`;
  },
};

interface Choice {
  readonly name: string;
  readonly chosen: string;
  readonly options: readonly { readonly value: string; readonly label: Html | string }[];
}

const select = (reader: Reader, { name, chosen, options }: Choice): Html =>
  html`<label for="${name}">${say(reader, name)}</label>
    <select id="${name}" name="${name}">
      ${options.map(
        ({ value, label }) =>
          html`<option value="${value}" ${value === chosen ? html`selected` : ''}>
            ${label}
          </option>`,
      )}
    </select>`;

const time = (reader: Reader, name: string, value: string): Html =>
  html`<label for="${name}">${say(reader, name)}</label>
    <input id="${name}" name="${name}" type="time" value="${value}" />`;

function form(reader: Reader, { channels, quiet, digest, hourCycle, revision }: PreferencesShown) {
  const asUsual = { value: '', label: say(reader, 'as_usual') };
  const named = (of: string, values: readonly string[]) => [
    asUsual,
    ...values.map((value) => ({ value, label: say(reader, `${of}.${value}`) })),
  ];
  const { locale } = reader.recipient;
  const days = weekdays.map((value, index) => ({ value, label: weekdayName(index + 1, locale) }));
  return html`<form method="post" action="${path}" class="step">
    <input type="hidden" name="revision" value="${revision}" />
    ${select(reader, {
      name: 'channel',
      chosen: channels?.[0] ?? '',
      options: named('channel_of', channelNames),
    })}
    <fieldset>
      <legend>${say(reader, 'quiet')}</legend>
      ${time(reader, 'quiet_from', quiet?.from ?? '')}
      ${time(reader, 'quiet_until', quiet?.until ?? '')}
    </fieldset>
    <fieldset>
      <legend>${say(reader, 'digest')}</legend>
      ${select(reader, {
        name: 'every',
        chosen: digest?.every ?? '',
        options: named('every_of', digestRhythms),
      })}
      ${select(reader, { name: 'weekday', chosen: digest?.weekday ?? 'mon', options: days })}
      ${time(reader, 'digest_at', digest?.at ?? '09:00')}
    </fieldset>
    ${select(reader, {
      name: 'hour_cycle',
      chosen: hourCycle ?? '',
      options: named('hour_cycle_of', hourCycles),
    })}
    <div class="choices"><button>${say(reader, 'save')}</button></div>
  </form>`;
}

const formSchema = z.object({
  revision: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number),
  channel: z.string(),
  quiet_from: z.string(),
  quiet_until: z.string(),
  every: z.string(),
  weekday: z.string(),
  digest_at: z.string(),
  hour_cycle: z.string(),
});

/** Null when it is done; else what the page says of it. */
async function save(parts: Parts, reader: SignedIn, sent: unknown): Promise<Refused | null> {
  const read = formSchema.safeParse(sent);
  if (!read.success) throw new Refusal(problem('request.invalid'));
  const { revision: seen, channel, ...rest } = read.data;
  const body = preferencesBody.safeParse({
    channels: channel === '' ? null : await orderFrom(parts, reader, channel),
    quiet:
      rest.quiet_from === '' && rest.quiet_until === ''
        ? null
        : { from: rest.quiet_from, until: rest.quiet_until },
    digest:
      rest.every === '' ? null : { every: rest.every, weekday: rest.weekday, at: rest.digest_at },
    hourCycle: rest.hour_cycle === '' ? null : rest.hour_cycle,
  });
  return unlessRefused({ ...reader, publicUrl: parts.publicUrl, text: '' }, async () => {
    if (!body.success) throw new Refusal(problem('preferences.incomplete'));
    await writePreferences(parts, { actor: reader.actor, input: body.data, seen });
  });
}

/** The others follow in the order they had, so that a channel that fails is not the end of it. */
async function orderFrom(
  parts: Parts,
  reader: SignedIn,
  first: string,
): Promise<readonly string[]> {
  const { channels } = await readPreferences(parts, reader);
  const order = channels ?? channelNames;
  return order[0] === first ? order : [first, ...order.filter((name) => name !== first)];
}
