import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { PersonId } from '../../domain/id.ts';
import { taskPath } from '../../locales/links.ts';
import { type ApiWorld, offer } from '../support/api.ts';
import { type Browser, fieldsOf, testBrowser } from '../support/browser.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { pagesWorld, type PagesWorld } from '../support/pages.ts';
import { person } from '../support/people.ts';
import { readBack } from '../support/read-back.ts';

const appUrl = 'https://meridian.test';
const london = person('london-lead');
let pages: PagesWorld;
let world: ApiWorld;
let id: string;
let accounts = 0;

beforeAll(async () => {
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.lead, london] });
  ({ world } = pages);
});
afterAll(() => pages.stop());
beforeEach(async () => {
  const account = `account-${++accounts}`;
  const since = world.clock.now() - 1_000;
  await givenAccount(world.db, { id: account as never, owner: berlin.lead, since });
  const body = { ...offer(account, tokyo.lead), summary: 'Signed <b>today</b> & delivered.' };
  const made = await world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  ({ id } = made.json as { id: string });
});

async function signedIn(who: PersonId): Promise<Browser> {
  const browser = testBrowser(world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  expect((await browser.visit(provider.url, { person: who })).status).toBe(200);
  return browser;
}
const formOf = async (browser: Browser): Promise<Record<string, string>> =>
  fieldsOf((await browser.visit(taskPath(id))).text, taskPath(id));
const statusNow = async (): Promise<string> =>
  (
    await world.db
      .selectFrom('handoff')
      .select('status')
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  ).status;

test('a handoff read back shows packet and read-back side by side, and goes back with a reason', async () => {
  const receiver = await signedIn(tokyo.lead);
  const heard = {
    ...readBack,
    severity: 'urgent',
    contingency: 'If <b>they</b> call: I answer.',
  };
  await receiver.visit(taskPath(id), { ...(await formOf(receiver)), choice: 'accept', ...heard });
  const giver = await signedIn(berlin.lead);
  const { text } = await giver.visit(taskPath(id));
  const [, compared = ''] = text.split('id="comparison"');
  const table = compared.slice(0, compared.indexOf('</table>'));
  expect(table).toContain('Nicht wie im Paket'); // important in the packet, urgent in the read-back
  expect(table).toContain('Signed &lt;b&gt;today&lt;/b&gt; &amp; delivered.');
  expect(table).toContain('If &lt;b&gt;they&lt;/b&gt; call: I answer.');
  const reason = 'It is not urgent.';
  const form = { ...(await formOf(giver)), choice: 'sendBack', text: reason };
  expect((await giver.visit(taskPath(id), { ...form, text: ' ' })).status).toBe(422);
  await giver.visit(taskPath(id), form);
  expect(await statusNow()).toBe('offered');
  const again = await receiver.visit(taskPath(id));
  expect(again.text).toContain(reason);
  expect(again.text).not.toContain('id="comparison"');
  expect(again.text).toContain('value="accept"');
});

test('a handoff shows what was added while it is open, and takes notes once it is over', async () => {
  const late = { text: 'They <i>called</i>', dueAt: '2026-11-27T08:00:00Z' };
  const account = `account-${accounts}`;
  await world.ask(`/accounts/${account}/actions`, {
    method: 'POST',
    as: berlin.lead,
    body: late,
  });
  const receiver = await signedIn(tokyo.lead);
  const open = await receiver.visit(taskPath(id));
  expect(open.text).toContain('They &lt;i&gt;called&lt;/i&gt;');
  expect(open.text).toContain('<bdi>2026年11月27日金曜日 9:00</bdi>'); // at the customer in Berlin
  expect(open.text).not.toContain('value="note"');
  await receiver.visit(taskPath(id), {
    ...(await formOf(receiver)),
    choice: 'accept',
    ...readBack,
  });
  const giver = await signedIn(berlin.lead);
  await giver.visit(taskPath(id), { ...(await formOf(giver)), choice: 'confirm' });
  const form = { ...(await formOf(giver)), choice: 'note', text: 'A kickback <b>was</b> paid.' };
  expect((await giver.visit(taskPath(id), { ...form, text: ' ' })).status).toBe(422);
  await giver.visit(taskPath(id), form);
  const page = await giver.visit(taskPath(id), form);
  expect(page.text.split('A kickback &lt;b&gt;was&lt;/b&gt; paid.').length).toBe(2);
  expect(page.text).not.toContain('id="red-flags"');
  const role = { person_id: london, role: 'compliance', region_id: null };
  await world.db.insertInto('person_role').values(role).execute();
  const reader = await (await signedIn(london)).visit(taskPath(id));
  expect(reader.text).toContain('id="red-flags"');
  await world.db.deleteFrom('person_role').where('role', '=', 'compliance').execute();
});

test('a read-back not taken keeps every field of the read-back', async () => {
  const browser = await signedIn(tokyo.lead);
  const form = { ...(await formOf(browser)), choice: 'accept', ...readBack, contingency: '  ' };
  const page = await browser.visit(taskPath(id), form);
  expect(page.status).toBe(422);
  expect(page.text).toContain(readBack.firstAction);
  expect(page.text).toMatch(/value="important"\s+selected/);
});
