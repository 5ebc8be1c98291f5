import { expect, test } from 'vitest';
import { bouncesOf } from '../../../channels/inbound/delivery-status.ts';
import { mailBytesMax, parseMail } from '../../../channels/inbound/parse-mail.ts';

const report = (fields: string, original = 'Message-ID: <notice.1@example.test>') =>
  Buffer.from(
    [
      'From: MAILER-DAEMON@mx.example.test',
      'To: meridian@example.test',
      'Subject: Undelivered',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="x"',
      '',
      '--x',
      'Content-Type: text/plain',
      '',
      'It did not arrive.',
      '--x',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.test',
      '',
      ...fields.split('\n'),
      '',
      '--x',
      'Content-Type: text/rfc822-headers',
      '',
      original,
      'Subject: secret',
      '',
      '--x--',
      '',
    ].join('\r\n'),
  );

async function bounces(raw: Uint8Array) {
  const read = await parseMail(raw);
  return 'mail' in read ? bouncesOf(read.mail) : read.fault;
}

const failed = (status: string, action = 'failed') =>
  `Final-Recipient: rfc822; aiko@example.test\nAction: ${action}\nStatus: ${status}`;

test.for([
  ['5.1.1', 'failed', 'permanent'],
  ['5.1.10', 'failed', 'permanent'],
  ['5.2.1 (disabled)', 'failed', 'permanent'],
  ['5.2.2', 'failed', 'refused'],
  ['5.7.1', 'failed', 'refused'],
  ['4.4.1', 'failed', 'refused'],
  ['5.1.1', 'delayed', 'temporary'],
] as const)(
  'the status %s of a mail that %s is %s for its recipient',
  async ([status, action, kind]) => {
    expect(await bounces(report(failed(status, action)))).toEqual([
      { messageId: 'notice.1', address: 'aiko@example.test', kind, status: status.split(' ')[0] },
    ]);
  },
);

test.for([
  [
    'whose address stands on a line of its own',
    'Final-Recipient: rfc822;\n aiko@example.test\nAction: failed\nStatus: 5.1.1',
    ['permanent', '5.1.1'],
  ],
  [
    'that explains its action',
    'Final-Recipient: rfc822; <aiko@example.test>\nAction: Failed (given up)\nStatus: 5.1.1',
    ['permanent', '5.1.1'],
  ],
  [
    'whose gateway knows the reason from the answer alone',
    `${failed('5.5.0')}\nDiagnostic-Code: smtp; 550 5.1.1 nobody here`,
    ['permanent', '5.1.1'],
  ],
  [
    'whose answer has several lines',
    `${failed('5.0.0')}\nDiagnostic-Code: smtp;\n 550-5.1.1 Nobody\n 550 5.1.1 here`,
    ['permanent', '5.1.1'],
  ],
  [
    'whose answer marks its status',
    `${failed('5.0.0')}\nDiagnostic-Code: smtp; 550 #5.1.1 nobody here`,
    ['permanent', '5.1.1'],
  ],
  [
    'whose answer is about the mail',
    `${failed('5.0.0')}\nDiagnostic-Code: smtp; 554 5.7.1 looks like spam`,
    ['refused', '5.0.0'],
  ],
  [
    'with a status in the answer alone',
    'Final-Recipient: rfc822; aiko@example.test\nAction: failed\nDiagnostic-Code: smtp; 552 5.2.2 full',
    ['refused', '5.2.2'],
  ],
] as const)('a report %s is read as it is meant', async ([, fields, [kind, status]]) => {
  expect(await bounces(report(fields))).toEqual([
    { messageId: 'notice.1', address: 'aiko@example.test', kind, status },
  ]);
});

test('a report that brings nothing of the mail is of the one that it answers', async () => {
  const raw = report(failed('5.1.1'), 'X-Nothing: 1')
    .toString()
    .replace(
      'Subject: Und',
      'References: <thread.1@a.test> <notice.7@example.test>\r\nSubject: Und',
    );
  expect(await bounces(Buffer.from(raw))).toMatchObject([{ messageId: 'notice.7' }]);
});

test.for([
  ['that was delivered', report(failed('2.0.0', 'delivered'))],
  ['that names no mail', report(failed('5.1.1'), 'X-Nothing: 1')],
  ['without a status', report('Final-Recipient: rfc822; a@example.test\nAction: failed')],
  ['that is an ordinary mail', Buffer.from('Subject: 5.1.1\r\n\r\nAction: failed\r\n')],
  ['that is noise', Buffer.from([0, 255, 13, 10, 13, 10, 200])],
] as const)('a report %s says nothing', async ([, raw]) => {
  expect(await bounces(raw)).toEqual([]);
});

test('a mail too large, or of too many or too deep parts, is not parsed', async () => {
  expect(await bounces(Buffer.alloc(mailBytesMax + 1, 'a'))).toBe('too_large');
  const deep = Array.from(
    { length: 11 },
    (_, depth) => `Content-Type: multipart/mixed; boundary=${depth}`,
  );
  expect(await bounces(Buffer.from(deep.join('\r\n\r\n')))).toBe('too_many_parts');
  expect(await bounces(Buffer.from('Content-Type: text/plain\r\n'.repeat(51)))).toBe(
    'too_many_parts',
  );
});
