/** Every page, read in the pseudo-locale: what is not in it was never in a catalogue. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unsubscribePath, unsubscribeToken } from '../../channels/email/unsubscribe.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { loopNames } from '../../domain/loop.ts';
import { showPseudoLocale } from '../../locales/catalogue.ts';
import { weekdayName } from '../../locales/instant.ts';
import { opportunityPath, taskPath } from '../../locales/links.ts';
import { moneyText } from '../../locales/money.ts';
import { pseudoText } from '../../locales/pseudo.ts';
import { offer } from '../support/api.ts';
import { askedFields, asksFor, givenAskable } from '../support/budget-asked.ts';
import { type Browser, fieldsOf, testBrowser, type Visited } from '../support/browser.ts';
import { everyLoopWords, openEveryLoop } from '../support/every-loop.ts';
import { berlin, givenAccount, tokyo } from '../support/handoff-organisation.ts';
import { pagesSecret, type PagesWorld, pagesWorld } from '../support/pages.ts';
import { hardCoded } from '../support/pseudo.ts';
import { readBack } from '../support/read-back.ts';

const appUrl = 'https://meridian.test';
let pages: PagesWorld;
let hide: () => void;
let giver: Browser;
let receiver: Browser;
let stranger: Browser;

beforeAll(async () => {
  hide = showPseudoLocale();
  pages = await pagesWorld({ appUrl, people: [berlin.lead, tokyo.lead] });
  const { db } = pages.world;
  await db.updateTable('person').set({ locale: 'en' }).execute();
  await givenAskable(pages.world, [berlin.lead]);
  giver = await signedIn(berlin.lead);
  receiver = await signedIn(tokyo.lead);
  stranger = testBrowser(pages.world.app, appUrl);
});
afterAll(async () => {
  hide();
  await pages.stop();
});

async function signedIn(who: PersonId): Promise<Browser> {
  const browser = testBrowser(pages.world.app, appUrl);
  const provider = await browser.visit('/auth/sign-in');
  expect((await browser.visit(provider.url, { person: who })).status).toBe(200);
  return browser;
}

let accounts = 0;
async function offered(): Promise<string> {
  const account = `account-${++accounts}`;
  const since = pages.world.clock.now() - 1_000;
  await givenAccount(pages.world.db, { id: account as never, owner: berlin.lead, since });
  const body = offer(account, tokyo.lead);
  const made = await pages.world.ask('/handoffs', { method: 'POST', as: berlin.lead, body });
  return (made.json as { id: string }).id;
}
/** An offer that only its host's side sees. */
async function drafted(): Promise<string> {
  const { db } = pages.world;
  const elsewhere = { id: 'far', name: 'Far', locale: 'en', zone: 'Asia/Tokyo', week_id: 'office' };
  await db
    .insertInto('region')
    .values({ ...elsewhere, manager_id: tokyo.lead })
    .execute();
  const body = {
    kind: 'virtual',
    title: everyLoopWords.region,
    description: 'Calls.',
    hostRegion: 'world',
    hostManager: berlin.lead,
    homeRegions: [elsewhere.id],
    goals: [{ competency: 'clinical-fluency', level: 'advanced' }],
    weeklyHours: 4,
    overlapHours: 1,
    languages: ['ja'],
    firstDay: '2027-01-04',
    lastDay: '2027-02-05',
  };
  const made = await pages.world.ask('/opportunities', { method: 'POST', as: berlin.lead, body });
  return opportunityPath((made.json as { id: string }).id);
}

async function send(
  who: Browser,
  id: string,
  sent: Readonly<Record<string, string>>,
): Promise<Visited> {
  const path = taskPath(id);
  return who.visit(path, { ...fieldsOf((await who.visit(path)).text, path), ...sent });
}

const heldWords = 'Until Monday.';

/** What the story's people wrote, and the days of the week and amounts, which are the runtime's. */
const { actions, contingencies } = offer('', tokyo.lead);
const words: readonly string[] = [
  'St. Hedwig Clinics',
  heldWords,
  'eve@elsewhere.test',
  everyLoopWords.holiday,
  everyLoopWords.action,
  everyLoopWords.region,
  everyLoopWords.subject,
  everyLoopWords.participant,
  everyLoopWords.delegate,
  askedFields.title,
  askedFields.why,
  ...[1_000_000n, 960_000n, 520_000n, 480_000n, 40_000n, 0n].map((minor) =>
    moneyText({ minor, currency: 'EUR' }, 'en'),
  ),
  ...actions.map(({ text }) => text),
  ...contingencies.flatMap((one) => Object.values(one)),
  ...[1, 2, 3, 4, 5, 6, 7].map((day) => weekdayName(day, 'en')),
];
/** The address is beside what it says, so that a failure names the page. */
const untranslated = ({ url, text }: Visited): readonly string[] => {
  expect(text).toContain('lang="en-XA"');
  return hardCoded(text, words).map((said) => `${url}: ${said}`);
};

test('text that is in no catalogue is found, in an element and in what is read aloud', () => {
  const page = `<p>${pseudoText('Due {{at}}')} <bdi>Eve</bdi></p><b>Oops</b><i title="Hint"></i>`;
  expect(hardCoded(page)).toEqual(['Oops', 'Hint']);
});

test('no step of a handoff shows its giver or its receiver text that is in no catalogue', async () => {
  const id = await offered();
  const found: string[] = [];
  const look = async (): Promise<void> => {
    for (const who of [giver, receiver]) found.push(...untranslated(await who.visit(taskPath(id))));
  };
  await look();
  await send(receiver, id, { choice: 'ask', text: '1' });
  await look();
  await send(giver, id, { choice: 'answer', text: '1' });
  await send(receiver, id, { choice: 'comment', text: '1' });
  await send(receiver, id, { choice: 'accept', ...readBack, severity: 'urgent' });
  await look();
  await send(giver, id, { choice: 'return', text: '1' });
  await look();
  await send(receiver, id, { choice: 'accept', ...readBack });
  await send(giver, id, { choice: 'confirm' });
  await look();
  expect(found).toEqual([]);
  const { status } = await pages.world.db
    .selectFrom('handoff')
    .select('status')
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  expect(status).toBe('transferred');
});

let opened: ReturnType<typeof openEveryLoop> | null = null;
async function everyLoop(): ReturnType<typeof openEveryLoop> {
  if (opened === null) {
    await offered();
    opened = openEveryLoop(pages.world, `account-${accounts}` as AccountId);
  }
  return opened;
}

test('neither does the page of any loop, whichever it is', async () => {
  const asked = await everyLoop();
  expect(asked.size).toBe(loopNames.length);
  for (const id of asked.values()) {
    const page = await receiver.visit(taskPath(id));
    expect([page.status, page.text.includes('<form')]).toEqual([200, true]);
    expect(untranslated(page)).toEqual([]);
  }
});

test('neither do the pages of whoever asks for money, and of what waits', async () => {
  const ask = '/budgets/ask';
  const asked = await asksFor(pages.world, tokyo.lead);
  const key = fieldsOf((await receiver.visit(ask)).text, ask);
  const form = { ...key, ...askedFields };
  const seen: readonly Visited[] = [
    await receiver.visit(ask),
    await receiver.visit(ask, { ...form, choice: 'preview' }),
    await receiver.visit(ask, { ...form, choice: 'submit', fee: '-' }),
    await receiver.visit(taskPath(asked)),
    await giver.visit('/budgets/approvals/world'),
  ];
  expect(seen.map(({ status }) => status)).toEqual([200, 200, 422, 200, 200]);
  expect(seen.flatMap(untranslated)).toEqual([]);
});

test('neither do the pages of a person, nor those of nobody', async () => {
  const id = await offered();
  const { db, clock } = pages.world;
  const held = { id: randomUUID(), loop_id: id, person_id: tokyo.lead, at: clock.now() };
  const said = { reason: 'other_sender', sender: 'eve@elsewhere.test', words: heldWords };
  await db
    .insertInto('held_reply')
    .values({ ...held, ...said })
    .execute();
  const digests = unsubscribePath(unsubscribeToken(pagesSecret, tokyo.lead));
  const seen: readonly Visited[] = [
    await receiver.visit('/'),
    await stranger.visit('/'),
    await receiver.visit('/preferences'),
    await receiver.visit('/preferences?saved=yes'),
    await receiver.visit('/held-replies'),
    await receiver.visit('/held-replies', { id: held.id, choice: 'add' }),
    await receiver.visit(taskPath(id)),
    await giver.visit(`/scorecards/account/account-${accounts}`),
    await giver.visit('/portfolio'),
    await giver.visit('/budgets'),
    await giver.visit('/stand-ins'),
    await giver.visit('/placements'),
    await giver.visit('/placements/draft'),
    await giver.visit(await drafted()),
    await giver.visit('/library?q=nothing'),
    await giver.visit(`/digests/${berlin.lead}`),
    await giver.visit('/markets'),
    await giver.visit('/competencies'),
    await giver.visit(`/competencies/${berlin.lead}`),
    await giver.visit('/audits'),
    await giver.visit(`/trainings/${berlin.lead}`),
    await giver.visit('/curiosity'),
    await giver.visit(`/portfolio/account-${accounts}`),
    await giver.visit(`/portfolio/account-${accounts}/offer`),
    await giver.visit(`/portfolio/account-${accounts}/alert`),
    await giver.visit(`/portfolio/account-${accounts}/cover`),
    await giver.visit(`/portfolio/account-${accounts}/rotation`),
    await stranger.visit(digests),
    await stranger.visit(digests, {}),
    await stranger.visit(taskPath(id), { choice: 'ask', text: '1' }),
  ];
  expect(seen.flatMap(untranslated)).toEqual([]);
  const holding = seen.filter(({ text }) => text.includes(heldWords)).map(({ url }) => url);
  expect(holding).toEqual([expect.stringMatching(/held-replies$/), expect.stringContaining(id)]);
});

test('neither does a page that refuses', async () => {
  const id = await offered();
  const seen: readonly Visited[] = [
    await receiver.visit('/tasks/none'),
    await receiver.visit('/scorecards/account/none'),
    await stranger.visit('/unsubscribe/none'),
    await send(receiver, id, { choice: 'ask', text: ' ' }),
    await send(receiver, id, { choice: 'accept', ...readBack, revision: '99' }),
    await send(receiver, id, { choice: 'none' }),
  ];
  expect(seen.map(({ status }) => status).filter((status) => status < 400)).toEqual([]);
  expect(seen.flatMap(untranslated)).toEqual([]);
});
