/** Microsoft Teams, by the webhook of a workflow: one adaptive card, with a summary in plain text. */
import { phrase } from '../../locales/render.ts';
import type { Channel, Letter } from '../channel.ts';
import { frameOf } from '../frame.ts';
import { cutTo } from './letters.ts';
import { type ChatOptions, sendChat } from './send-chat.ts';

/** A message may have 28 KB in all; cards are read, not scrolled. */
const titleLengthMax = 300;
const textLengthMax = 5_000;

export const createTeamsChannel = (options: ChatOptions = {}): Channel => ({
  name: 'teams',
  isRoom: true,
  textLengthMax,
  compose: (letter) => Promise.resolve(composeTeams(letter)),
  send: (composed, address) => sendChat(composed, address, { ...options, chat: 'teams' }),
  close: () => undefined,
});

/** What a card reads as Markdown; a backslash before it shows the character itself. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!~>|<&@]/g, '\\$&');

function composeTeams(letter: Letter): Uint8Array {
  const { recipient, rendered, link } = letter;
  const subject = cutTo(rendered.subject, titleLengthMax);
  const block = { type: 'TextBlock', wrap: true } as const;
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.5',
    lang: recipient.locale,
    rtl: recipient.direction === 'rtl',
    fallbackText: subject,
    body: [
      { ...block, text: escaped(subject), weight: 'Bolder', size: 'Medium' },
      ...cutTo(rendered.text, textLengthMax)
        .split('\n\n')
        .map((paragraph) => ({ ...block, text: escaped(paragraph) })),
    ],
    actions: [
      { type: 'Action.OpenUrl', title: phrase(frameOf(letter).button, {}, recipient), url: link },
    ],
  };
  const message = {
    type: 'message',
    summary: subject,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: card }],
  };
  return new TextEncoder().encode(JSON.stringify(message));
}
