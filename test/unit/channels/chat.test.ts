import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Letter } from '../../../channels/channel.ts';
import { isAddressOf } from '../../../channels/chat/hosts.ts';
import { cutTo } from '../../../channels/chat/letters.ts';
import { createSlackChannel } from '../../../channels/chat/slack.ts';
import { createTeamsChannel } from '../../../channels/chat/teams.ts';
import { recipientFor, render } from '../../../locales/render.ts';

const hostile = [
  '<!channel> <@U123> <https://evil.test|click>',
  '*bold* _it_ ~gone~ `code` [x](javascript:alert(1)) ![i](https://evil.test/p.png)',
  'A\u202Eevil\u0000\r\nBcc: x',
  `é${'\u0301'.repeat(10_000)}`,
  '👩‍⚕️'.repeat(200),
  '{{x}} $t(key) __proto__',
] as const;

const letterFor = (locale: string, account = 'St. Hedwig'): Letter => {
  const recipient = recipientFor({ locale, zone: 'Asia/Riyadh' });
  const values = { account, person: 'Aiko & <Sons>', at: { instant: 1_800_000_000_000 } };
  return {
    messageId: 'notice.1',
    to: { name: 'Aiko', address: 'https://hooks.example.test/secret' },
    recipient,
    rendered: render('handoff.transferred', values, recipient),
    link: 'https://meridian.test/tasks/1',
    at: 1_800_000_000_000,
  };
};
const channels = [createSlackChannel(), createTeamsChannel()] as const;
const refused = { outcome: 'permanent', code: 'address_refused', isAddressGone: true };
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly {
    readonly type: string;
    readonly text?: { readonly type: string; readonly text: string };
    readonly elements?: readonly { readonly url: string }[];
  }[];
}
interface TeamsMessage {
  readonly summary: string;
  readonly attachments: readonly {
    readonly content: {
      readonly lang: string;
      readonly rtl: boolean;
      readonly fallbackText: string;
      readonly body: readonly { readonly text: string }[];
      readonly actions: readonly { readonly url: string }[];
    };
  }[];
}
const slackOf = async (letter: Letter): Promise<SlackMessage> =>
  JSON.parse(textOf(await channels[0].compose(letter))) as SlackMessage;
const cardOf = async (letter: Letter) => {
  const message = JSON.parse(textOf(await channels[1].compose(letter))) as TeamsMessage;
  return message.attachments[0]!.content;
};

test.for(channels)(
  'a message is byte for byte the same, and holds no address: $name',
  async (channel) => {
    const [one, two] = [
      await channel.compose(letterFor('de')),
      await channel.compose(letterFor('de')),
    ];
    expect(textOf(one)).toBe(textOf(two));
    expect(textOf(one)).not.toContain('secret');
  },
);

describe('whatever people are called', () => {
  test.for(hostile)('Slack shows it and obeys nothing of it: %j', async (name) => {
    const { text, blocks } = await slackOf(letterFor('en', name));
    expect(text).not.toMatch(/[<>]/);
    const texts = blocks.flatMap((block) => block.text ?? []);
    expect(new Set(texts.map(({ type }) => type))).toEqual(new Set(['plain_text']));
    expect(texts[0]!.text.length).toBeLessThanOrEqual(150);
    expect(texts[1]!.text.length).toBeLessThanOrEqual(3_000);
    expect(blocks.at(-1)?.elements?.map(({ url }) => url)).toEqual([
      'https://meridian.test/tasks/1',
    ]);
  });

  test.for(hostile)('a card of Teams shows it and obeys nothing of it: %j', async (name) => {
    const { body, actions } = await cardOf(letterFor('en', name));
    for (const { text } of body) expect(text.replace(/\\./g, '')).not.toMatch(/[[\]()*_`~<>!]/);
    expect(actions.map(({ url }) => url)).toEqual(['https://meridian.test/tasks/1']);
  });
});

test('whoever is shown no blocks and no card reads what the message is about all the same', async () => {
  const letter = letterFor('ja');
  const { subject, text } = letter.rendered;
  const slack = await slackOf(letter);
  expect(slack.text).toBe(subject);
  expect(slack.blocks.map((block) => block.text?.text)).toEqual([subject, text, undefined]);
  const teams = JSON.parse(textOf(await channels[1].compose(letter))) as TeamsMessage;
  const { fallbackText } = teams.attachments[0]!.content;
  expect([teams.summary, fallbackText]).toEqual([subject, subject]);
});

test('a card says its language, and runs from right to left where its reader’s does', async () => {
  expect(await cardOf(letterFor('ar'))).toMatchObject({ lang: 'ar', rtl: true });
  expect(await cardOf(letterFor('ja'))).toMatchObject({ lang: 'ja', rtl: false });
});

test.for(channels)('others than its reader may read what $name shows', ({ isRoom }) => {
  expect(isRoom).toBe(true);
});

test('nothing is cut through the middle of a letter', () => {
  const family = '👨‍👩‍👧‍👦';
  expect(cutTo(family.repeat(3), 25)).toBe(`${family.repeat(2)}…`);
  expect(cutTo('short', 25)).toBe('short');
});

describe('what a chat answers', () => {
  let server: Server;
  let status = 200;
  let url: string;
  beforeAll(async () => {
    server = createServer((_request, response) => response.writeHead(status).end('ok'));
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', () => done());
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret`;
  });
  afterAll(() => new Promise((done) => server.close(done)));

  test.for([
    [200, { outcome: 'sent' }],
    [302, { outcome: 'permanent', code: '302' }],
    [403, { outcome: 'permanent', code: '403' }],
    [404, { outcome: 'permanent', code: '404', isAddressGone: true }],
    [410, { outcome: 'permanent', code: '410', isAddressGone: true }],
    [429, { outcome: 'temporary', code: '429', mayHaveArrived: false }],
    [503, { outcome: 'temporary', code: '503', mayHaveArrived: true }],
  ] as const)('%i', async ([answered, outcome]) => {
    status = answered;
    const channel = createSlackChannel({ isPrivateAllowed: true });
    expect(await channel.send(await channel.compose(letterFor('en')), url)).toEqual(outcome);
  });

  test('an address of our own network is never asked', async () => {
    const [, teams] = channels;
    expect(await teams.send(new Uint8Array(), 'https://169.254.169.254/')).toEqual(refused);
  });

  test.for([
    'https://evil.test/services/T0/B0/x',
    'https://hooks.slack.com.evil.test/',
    'https://evilwebhook.office.com/',
    'https://a.webhook.office.com.evil.test/',
    'http://hooks.slack.com/',
    'https://me:pw@hooks.slack.com/',
    'no address',
  ])('nothing is sent to %s', async (address) => {
    for (const channel of channels) {
      expect(await channel.send(new Uint8Array(), address)).toEqual(refused);
    }
  });

  test('each chat is found where its provider has it, and not where another has', () => {
    const slack = 'https://hooks.slack.com/services/T0/B0/x';
    const teams = 'https://prod-1.westeurope.logic.azure.com:443/workflows/1/triggers';
    expect([slack, teams].map((one) => isAddressOf('slack', one))).toEqual([true, false]);
    expect([slack, teams].map((one) => isAddressOf('teams', one))).toEqual([false, true]);
  });
});
