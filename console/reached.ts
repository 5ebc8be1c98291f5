/** Where one is reached, as a part of the page of preferences: what `/me/channels` does. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import { channelsOf, removeChannel, writeChannel } from '../api/channels/channel-operations.ts';
import { channelBody, chatNames } from '../api/channels/schema.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { phraseHtml } from '../locales/render.ts';
import type { Html, Reader } from './html.ts';
import { readForm } from './loop-form.ts';
import { choiceButtons, type SignedIn } from './loop-page.ts';
import { mailAddressField, turnOnFrom } from './mail-address.ts';
import { type Refused, unlessRefused } from './refused.ts';
import type { TaskPageParts } from './task-pages.ts';

const say = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`preferences.${key}`, {}, recipient));

type Parts = TaskPageParts['handoffs'];
type Reached = Awaited<ReturnType<typeof channelsOf>>['items'][number];

export async function reachedSection(
  parts: Parts,
  reader: SignedIn,
  action: string,
): Promise<Html> {
  const { items } = await channelsOf(parts, reader.actor.id);
  return html`<h2>${say(reader, 'reached')}</h2>
    ${items.map((item) => shown(reader, item, action))}`;
}

function shown(reader: Reader, item: Reached, action: string): Html {
  const { channel } = item;
  return html`<section class="step">
    <h3>${say(reader, `channel_of.${channel}`)}</h3>
    <p>${say(reader, `reach.${standing(item)}`)}</p>
    ${channel === 'email' ? mailForm(reader, item, action) : chatForm(reader, item, action)}
  </section>`;
}

function standing({ hasAddress, isAllowed, isOff }: Reached): string {
  if (isOff) return 'off';
  if (!isAllowed) return 'not_allowed';
  return hasAddress ? 'on' : 'no_address';
}

const mailForm = (reader: Reader, { isOff }: Reached, action: string): Html | string =>
  isOff
    ? html`<p>${say(reader, 'turn_on_hint')}</p>
        <form method="post" action="${action}">
          ${mailAddressField(reader, {
            id: 'address-email',
            label: 'mail_address',
            autocomplete: 'email',
          })}
        </form>`
    : '';

const chatForm = (reader: Reader, { channel, hasAddress }: Reached, action: string): Html =>
  html`<p class="muted">${say(reader, 'chat_hint')}</p>
    <form method="post" action="${action}">
      <input type="hidden" name="channel" value="${channel}" />
      <label for="address-${channel}">${say(reader, 'chat_address')}</label>
      <input
        id="address-${channel}"
        name="address"
        type="url"
        dir="ltr"
        autocomplete="off"
        maxlength="2000"
      />
      ${choiceButtons([
        { choice: 'keep', label: say(reader, 'keep_address') },
        ...(hasAddress
          ? [{ choice: 'forget', label: say(reader, 'forget_address'), isQuiet: true }]
          : []),
      ])}
    </form>`;

const choices = ['turn_on', 'keep', 'forget'] as const;
const mailSchema = z.object({ address: z.string() });
const chatSchema = z.object({ channel: z.enum(chatNames), address: z.string() });
const choiceSchema = z.object({ choice: z.enum(choices) });

/** Whether a form of the page is one of these. */
export const isAboutReach = (form: unknown): boolean => choiceSchema.safeParse(form).success;

/** Null when it is done. An address is shown to nobody again, so what was written is not kept. */
export function settleReach(
  parts: Parts & { readonly publicUrl: string },
  reader: SignedIn,
  form: unknown,
): Promise<Refused | null> {
  const { actor } = reader;
  const { choice } = readForm(choiceSchema, form);
  return unlessRefused({ ...reader, publicUrl: parts.publicUrl, text: '' }, async () => {
    if (choice === 'turn_on') {
      const { address } = readForm(mailSchema, form);
      await turnOnFrom(parts, { actor, input: { id: actor.id, address } });
      return;
    }
    const { channel, address } = readForm(chatSchema, form);
    if (choice === 'forget') {
      await removeChannel(parts, { actor, input: { channel } });
      return;
    }
    const body = channelBody.safeParse({ address });
    if (!body.success) throw new Refusal(problem('preferences.address_refused'));
    await writeChannel(parts, { actor, input: { channel, ...body.data } });
  });
}
