/** Turning mail on again, on the page of one's own messages and on that of whoever looks after others. */
import { html, raw } from 'hono/html';
import { mailAddressBody } from '../api/channels/schema.ts';
import { turnOnMail } from '../api/channels/turn-on-mail.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { phraseHtml } from '../locales/render.ts';
import type { Html, Reader } from './html.ts';
import { choiceButtons } from './loop-page.ts';

const say = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`preferences.${key}`, {}, recipient));

interface Field {
  readonly id: string;
  readonly label: 'mail_address' | 'mail_off.address';
  /** What a browser may fill in. */
  readonly autocomplete: 'email' | 'off';
  readonly value?: string | undefined;
}

/** The address that is meant, and the button. */
export const mailAddressField = (
  reader: Reader,
  { id, label, autocomplete, value = '' }: Field,
): Html =>
  html`<label for="${id}">${say(reader, label)}</label>
    <input
      id="${id}"
      name="address"
      type="email"
      dir="ltr"
      autocomplete="${autocomplete}"
      maxlength="320"
      value="${value}"
      required
    />
    ${choiceButtons([{ choice: 'turn_on', label: say(reader, 'turn_on') }])}`;

type Asked = Parameters<typeof turnOnMail>[1];

/** What is no address at all is not theirs either. */
export async function turnOnFrom(
  parts: Parameters<typeof turnOnMail>[0],
  { input: { id, address }, ...asked }: Asked,
): Promise<void> {
  const body = mailAddressBody.safeParse({ address });
  if (!body.success) throw new Refusal(problem('preferences.other_address'));
  await turnOnMail(parts, { ...asked, input: { id, ...body.data } });
}
