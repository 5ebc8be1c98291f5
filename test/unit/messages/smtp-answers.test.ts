import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createEmailChannel } from '../../../channels/email/email.ts';

const from = { name: 'Meridian', address: 'meridian@example.test' };
const mail = Buffer.from('Subject: s\r\n\r\ntext\r\n');

/** Answers each command as told, and so says what a real server would say only seldom. */
async function answering(answers: Readonly<Record<string, string>>): Promise<Server> {
  const server = createServer((socket: Socket) => {
    const say = (line: string): void => void socket.write(`${line}\r\n`);
    socket.on('error', () => undefined);
    socket.on('data', (said) => {
      const verb = said.toString().split(/[\s:]/)[0]?.toUpperCase() ?? '';
      say(answers[verb] ?? '250 fine');
    });
    say(answers['greeting'] ?? '220 here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test.for([
  [
    'whoever calls',
    { greeting: '554 not you' },
    { outcome: 'temporary', code: '554', mayHaveArrived: true },
  ],
  [
    'our own address',
    { MAIL: '530 sign in first' },
    { outcome: 'temporary', code: '530', mayHaveArrived: false },
  ],
  ['the recipient', { RCPT: '550 nobody here' }, { outcome: 'permanent', code: '550' }],
  [
    'the address of the recipient',
    { RCPT: '550 5.1.1 nobody here' },
    { outcome: 'permanent', code: '550 5.1.1', isAddressGone: true },
  ],
  [
    'whoever sends, to the recipient',
    { RCPT: '550 5.7.1 relaying denied' },
    { outcome: 'permanent', code: '550 5.7.1' },
  ],
  [
    'the recipient, for now',
    { RCPT: '450 later' },
    { outcome: 'temporary', code: '450', mayHaveArrived: false },
  ],
  ['the mail', { DATA: '554 no' }, { outcome: 'permanent', code: '554' }],
  [
    'the mail, by a status about addresses',
    { DATA: '554 5.1.1 no' },
    { outcome: 'permanent', code: '554 5.1.1' },
  ],
] as const)(
  'what is said against %s decides whether to try again, and whether it may have arrived',
  async ([, answers, outcome]) => {
    const server = await answering(answers);
    const { port } = server.address() as AddressInfo;
    const channel = createEmailChannel({ smtpUrl: `smtp://127.0.0.1:${port}`, from });
    expect(await channel.send(mail, 'layla@example.test')).toEqual(outcome);
    channel.close();
    server.close();
  },
);
