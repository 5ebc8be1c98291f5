/** Slack, by an incoming webhook: Block Kit, with plain text for notifications and screen readers. */
import { phrase } from '../../locales/render.ts';
import type { Channel, Letter } from '../channel.ts';
import { frameOf } from '../frame.ts';
import { cutTo } from './letters.ts';
import { type ChatOptions, sendChat } from './send-chat.ts';

/** Characters, as Slack's reference of blocks has them. */
const headerLengthMax = 150;
const sectionLengthMax = 3_000;
const buttonLengthMax = 75;

export const createSlackChannel = (options: ChatOptions = {}): Channel => ({
  name: 'slack',
  isRoom: true,
  textLengthMax: sectionLengthMax,
  compose: (letter) => Promise.resolve(composeSlack(letter)),
  send: (composed, address) => sendChat(composed, address, { ...options, chat: 'slack' }),
  close: () => undefined,
});

/** The three characters that Slack reads as its own: with them no mention and no link is begun. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function composeSlack(letter: Letter): Uint8Array {
  const { recipient, rendered, link } = letter;
  const button = phrase(frameOf(letter).button, {}, recipient);
  // `plain_text` and `verbatim`: nothing in it becomes a mention, a link or a style.
  const text = { type: 'plain_text', emoji: false } as const;
  const message = {
    text: escaped(cutTo(rendered.subject, sectionLengthMax)),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [
      { type: 'header', text: { ...text, text: cutTo(rendered.subject, headerLengthMax) } },
      { type: 'section', text: { ...text, text: cutTo(rendered.text, sectionLengthMax) } },
      {
        type: 'actions',
        elements: [
          { type: 'button', text: { ...text, text: cutTo(button, buttonLengthMax) }, url: link },
        ],
      },
    ],
  };
  return new TextEncoder().encode(JSON.stringify(message));
}
