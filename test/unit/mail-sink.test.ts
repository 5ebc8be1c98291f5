import { connect } from 'node:net';
import { createTransport, type Transporter } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';

let sink: MailSink;
let transport: Transporter;
beforeAll(async () => {
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  transport = createTransport({ url: sink.smtpUrl, pool: true });
});
beforeEach(() => sink.clear());
afterAll(async () => {
  transport.close();
  await sink.stop();
});

interface Sent {
  readonly to?: string;
  readonly subject?: string;
  readonly html?: string;
}

const send = ({ to = 'aiko@example.test', subject = 'Hello', html = '<p>Hello</p>' }: Sent = {}) =>
  transport.sendMail({
    from: 'meridian@example.test',
    to,
    subject,
    text: 'Please open http://meridian.test/tasks/1?a=1&b=2 today.',
    html,
    headers: { 'Content-Language': 'ar' },
  });

const page = async (path: string) => {
  const response = await fetch(`${sink.pageUrl}${path}`);
  return { status: response.status, headers: response.headers, body: await response.text() };
};

test('what arrives is kept as it was sent, with what a reader looks for', async () => {
  await send({ subject: 'تسليم: St. Hedwig' });
  const [mail] = sink.messages();
  expect(mail).toMatchObject({
    to: ['aiko@example.test'],
    subject: 'تسليم: St. Hedwig',
    language: 'ar',
    html: '<p>Hello</p>',
  });
  expect(mail?.raw.toString('latin1')).toContain('Content-Language: ar');
});

test.for([
  ['refuse-450@example.test', 450, 0],
  ['refuse-550@example.test', 550, 0],
  ['data-451@example.test', 451, 0],
  ['data-554@example.test', 554, 0],
  ['drop@example.test', undefined, 1],
  ['lose@example.test', undefined, 0],
] as const)('%s fails with %s and leaves %i mails', async ([to, responseCode, kept]) => {
  await expect(send({ to })).rejects.toMatchObject(
    responseCode === undefined ? { code: 'ECONNECTION' } : { responseCode },
  );
  expect(sink.messages()).toHaveLength(kept);
  await send();
  expect(sink.messages()).toHaveLength(kept + 1);
});

test('a mail too large is refused for good, and takes no place', async () => {
  const html = 'x'.repeat(2 * 1024 * 1024);
  await expect(send({ html })).rejects.toMatchObject({ responseCode: 552 });
  expect(sink.messages()).toEqual([]);
});

test('a bounded number of mails is kept, the newest, and a number means the same mail for ever', async () => {
  const before = sink.messages().at(-1)?.number ?? 0;
  await Promise.all(Array.from({ length: 505 }, () => send()));
  expect(sink.messages()).toHaveLength(500);
  const numbers = sink.messages().map(({ number }) => number);
  expect(new Set(numbers).size).toBe(500);
  expect(Math.min(...numbers)).toBeGreaterThan(before + 5);
  expect((await page(`/messages/${numbers[0]}`)).status).toBe(200);
});

test('the page lists mails, opens one, and offers its links as links', async () => {
  expect((await page('/')).body).toContain('No mail yet.');
  await send({ subject: '復唱: <b>A & B</b>' });
  const number = sink.messages()[0]?.number;
  expect((await page('/')).body).toContain(
    `<a href="/messages/${number}"><bdi>復唱: &lt;b&gt;A &amp; B&lt;/b&gt;</bdi></a>`,
  );
  const one = await page(`/messages/${number}`);
  expect(one.body).toContain('<a href="http://meridian.test/tasks/1?a=1&amp;b=2">');
  expect((await page(`/messages/${number}/raw`)).body).toContain('Content-Language: ar');
  expect((await page('/messages/999999')).status).toBe(404);
  expect((await page('/../etc/passwd')).status).toBe(404);
});

test('what a mail holds is shown and cannot leave its frame', async () => {
  await send({
    subject: '"><script>alert(1)</script>',
    html: `</iframe><script>alert(1)</script><img src=x onerror='alert(1)'>`,
  });
  const { body, headers } = await page(`/messages/${sink.messages()[0]?.number}`);
  expect(body).not.toMatch(/<script|<img/i);
  expect(body.match(/<iframe/g)).toHaveLength(1);
  expect(body).toMatch(/<iframe sandbox="(?!.*allow-(scripts|same-origin|forms|top))/);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
});

test('programs read the same as JSON, without the raw bytes', async () => {
  await send({ subject: 'تسليم' });
  const { body, headers } = await page('/messages.json');
  expect(headers.get('content-type')).toContain('application/json');
  const [mail] = JSON.parse(body) as Record<string, unknown>[];
  expect(mail).toMatchObject({ subject: 'تسليم', to: ['aiko@example.test'], language: 'ar' });
  expect(mail).not.toHaveProperty('raw');
});

test('a port that is taken is refused, and nothing is left listening', async () => {
  const { port: taken } = new URL(sink.pageUrl);
  const { port: free } = new URL((await freed()).smtpUrl);
  const refused = startMailSink({ smtpPort: Number(free), pagePort: Number(taken) });
  await expect(refused).rejects.toMatchObject({ code: 'EADDRINUSE' });
  const again = await startMailSink({ smtpPort: Number(free), pagePort: 0 });
  await again.stop();
});

async function freed(): Promise<MailSink> {
  const other = await startMailSink({ smtpPort: 0, pagePort: 0 });
  await other.stop();
  return other;
}

test('it stops although somebody holds a connection open', async () => {
  const other = await startMailSink({ smtpPort: 0, pagePort: 0 });
  const { hostname, port } = new URL(other.smtpUrl);
  const idle = connect(Number(port), hostname);
  const ended = new Promise((resolve) => idle.once('close', resolve));
  await new Promise((resolve) => idle.once('data', resolve));
  await other.stop();
  await expect(ended).resolves.toBe(false); // ended, and not by an error
});
