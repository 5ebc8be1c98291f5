import { expect, test } from 'vitest';
import { isAuthenticated } from '../../../channels/inbound/authentication.ts';
import { parseMail } from '../../../channels/inbound/parse-mail.ts';

const results = (said: string, by = 'mx.example.test') => `${by}; spf=pass; ${said}`;

test.for([
  ['passes', [results('dmarc=pass (p=none) header.from=example.test')], true],
  ['passes, in a form of its own', ['MX.example.test 1;\r\n (a (nested) one) dmarc = pass'], true],
  ['fails', [results('dmarc=fail')], false],
  ['was not asked about', [results('dkim=pass')], false],
  ['only begins like one that passes', [results('dmarc=passed')], false],
  ['passes in a comment alone', [results('dmarc=fail (dmarc=pass; dmarc=pass)')], false],
  ['passes by the word of another', [results('dmarc=pass', 'mx.evil.test')], false],
  ['fails, above what its sender wrote', [results('dmarc=none'), results('dmarc=pass')], false],
  ['says nothing', [], false],
] as const)(
  'a mail that %s is believed to be from whom it says only where it is',
  async ([, said, isFrom]) => {
    const head = said.map((line) => `Authentication-Results: ${line}\r\n`).join('');
    const read = await parseMail(Buffer.from(`${head}From: <a@example.test>\r\n\r\ntext`));
    expect('mail' in read && isAuthenticated(read.mail, 'mx.example.test')).toBe(isFrom);
  },
);
