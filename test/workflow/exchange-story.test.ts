/**
 * A practice from Brazil on the real server, with the mails that people get: cleared for Germany and Japan
 * but not for the United States, digested to three teams, tried, failed in Japan, withdrawn, called back.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliver } from '../../activities/deliver.ts';
import { createCollectDigests } from '../../activities/digest/collect.ts';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import { unreachedPath } from '../../locales/links.ts';
import { createTellRecalls } from '../../activities/practice/tell-recalls.ts';
import { verdicts } from '../../domain/exchange/practice.ts';
import type { PersonId } from '../../domain/id.ts';
import { boston, munich, osaka, rio } from '../support/exchange-people.ts';
import { mailFrom } from '../support/mail-stage.ts';
import { drafts, practiceOf, practiceWorld } from '../support/practice-story.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';

const hour = 3_600_000;
const day = 24 * hour;
let world: World;
let site: ServedWorld;
let sink: MailSink;
let email: Channel;
beforeAll(async () => {
  world = await practiceWorld();
  site = await served(world);
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  email = createEmailChannel({ smtpUrl: sink.smtpUrl, from: mailFrom });
});
afterAll(async () => {
  email.close();
  await sink.stop();
  await world.stop();
});

/** Whatever is due of these, as the product's workers send it; to whom each came, and what it says. */
async function mails(kind: { readonly key: string }) {
  const { database, clock } = world;
  const due = await database.db
    .selectFrom('notice')
    .select(['id', 'revision'])
    .where('key', '=', kind.key)
    .where('status', '=', 'planned')
    .where('send_at', '<=', clock.now())
    .execute();
  const deliver = createDeliver({
    db: database.db,
    clock,
    channels: { email },
    publicUrl: 'https://meridian.test',
    unsubscribeUrl: (person) => `https://meridian.test/unsubscribe/${person}`,
  });
  const before = sink.messages().length;
  for (const { id, revision } of due) await deliver({ noticeId: id, revision });
  const came = sink.messages().slice(before);
  return new Map(
    came.map(({ to, subject, text, html }) => [to.join().split('@')[0], { subject, text, html }]),
  );
}

const sorted = (list: Iterable<string | undefined>) =>
  [...list].toSorted((a = '', b = '') => (a < b ? -1 : 1));

const collects = () => createCollectDigests({ db: world.database.db, clock: world.clock })();

test('its digest reaches those it is cleared for, each in a language that is approved, and its recall exactly them; no mail tells who wrote it', async () => {
  await collects();
  const practice = await drafts(world, { isAuthorHidden: true });
  await practice.isCleared();
  await practice.isTranslated('de', munich.doctor);
  const monday = world.clock.now() - (world.clock.now() % day);
  // Thursday at nine in Tokyo, Berlin and Boston.
  const told = new Map<string | undefined, { subject: string; text: string; html: string }>();
  for (const at of [0, 8, 14]) {
    await world.advanceTo(monday + 3 * day + at * hour + 120_000);
    await collects();
    for (const [to, mail] of await mails({ key: 'digest.ready' })) told.set(to, mail);
  }
  expect(told.get(munich.seller)?.text).toContain('Nachsorge nach 30 Tagen mit CardioFlow');
  expect(told.get(munich.partner)?.text).toContain('Nachsorge nach 30 Tagen mit CardioFlow');
  expect(told.get(osaka.seller)?.text).toContain('Retorno em 30 dias com o CardioFlow');
  expect(told.get(osaka.seller)?.text).toContain('ポルトガル語');
  expect([told.has(boston.seller), told.has(boston.manager), told.has(rio.author)]).toEqual([
    false,
    false,
    false,
  ]);

  const path = `/practices/${practice.id}`;
  const onPage = `/tasks/${practice.id}`;
  const reading = await (await site.browser(munich.seller)).see(onPage);
  const offered = [...reading.matchAll(/name="verdict"\s+value="(\w+)"/g)].map(([, one]) => one);
  expect(offered).toEqual([...verdicts]);
  expect((await site.sends(munich.seller, onPage, { verdict: 'tried' })).status).toBe(303);
  const failed = { verdict: 'failed', text: '2施設でうまくいかなかった。' };
  expect((await site.ask(osaka.seller, `${path}/judge`, failed)).status).toBe(200);
  expect((await site.ask(boston.seller, `${path}/judge`, failed)).status).toBe(404);
  const { reports } = await practice.reads(rio.author);
  expect(reports.sentences.map(({ region, text }) => `${region.id}: ${text}`)).toContain(
    'japan: 2施設でうまくいかなかった。',
  );

  const why = await site.ask(munich.officer, `${path}/explain`);
  expect(JSON.stringify(why.json['sentences'])).toContain('wieder erbeten');
  expect((await site.ask(munich.seller, `${path}/explain`)).status).toBe(404);
  await practice.does(munich.officer, 'withdraw', { severity: 'safety', text: 'It may stick.' });
  const recalled = await mails({ key: 'practice.recall_withdrawn' });
  // Two had read it before, on its page, while they worked on it.
  const had = sorted([...told.keys(), munich.doctor, munich.translator]);
  expect(sorted(recalled.keys())).toEqual(had);
  expect(recalled.get(osaka.seller)?.subject).toContain('Não use mais');
  expect(recalled.get(munich.seller)?.subject).toContain('Bitte nicht mehr verwenden');
  for (const [to, mail] of [...told, ...recalled]) {
    expect([to, JSON.stringify(mail).includes(rio.author)]).toEqual([to, false]);
  }
  const { items } = await practice.reach(munich.officer);
  expect(sorted(items.map(({ person }) => person.id))).toEqual(had);
  expect(items.every(({ recalls }) => recalls[0]?.status === 'sent')).toBe(true);
  const page = await (await site.browser(munich.seller)).see(`/tasks/${practice.id}`);
  expect(page).toContain('zurückgezogen');
  expect(page).not.toContain('Kliniken');
});

test('a practice written, changed, submitted and translated on pages is one, with nothing in it obeyed', async () => {
  const author = await site.browser(rio.author);
  const key = (page: string): string => /name="key" value="([^"]+)"/.exec(page)?.[1] ?? '';
  const revision = (page: string): string => /name="revision" value="(\d+)"/.exec(page)?.[1] ?? '0';
  const text = { situation: '<script>alert()</script>', action: 'B', result: 'C' };
  const fields = { ...text, title: 'Uma lista', kind: 'failure', competency: 'clinical-fluency' };
  const form = { ...fields, locale: 'pt-BR', countries: 'jp', products: 'stent', hidden: 'yes' };
  const blank = await author.see('/library/write');
  const twice = { ...form, key: key(blank) };
  const sent = await author.send('/library/write', twice);
  expect(sent.status).toBe(303);
  const address = sent.headers.get('location') ?? '';
  expect((await author.send('/library/write', twice)).headers.get('location')).toBe(address);
  const id = address.split('/').at(-1) ?? '';
  const draft = await author.see(`/tasks/${id}`);
  expect(draft).toContain('&lt;script&gt;alert()&lt;/script&gt;');
  expect(draft).not.toContain('<script>alert()');
  expect(await author.see('/library')).toContain('Uma lista');
  const stranger = await site.browser(munich.seller);
  expect(await stranger.see(`/library/write/${id}`)).not.toContain('Uma lista');

  const again = await author.see(`/library/write/${id}`);
  const unknown = { ...form, key: key(again), revision: revision(again), countries: 'XX' };
  const refused = await author.send(`/library/write/${id}`, unknown);
  expect([refused.status, await refused.text()]).toEqual([
    422,
    expect.stringContaining('Uma lista'),
  ]);
  const better = {
    ...unknown,
    key: crypto.randomUUID(),
    countries: 'JP',
    title: 'Uma lista melhor',
  };
  expect((await author.send(`/library/write/${id}`, better)).status).toBe(303);
  const shown = await author.see(`/tasks/${id}`);
  // Who would be asked, and when; nothing is kept of it.
  const before = await world.database.db.selectFrom('transition').select('loop_id').execute();
  const preview = await author.see(`/library/preview/${id}`);
  expect(preview).toContain(`Name of ${osaka.doctor}`);
  expect(shown).toContain(`href="/library/preview/${id}"`);
  expect(await stranger.see(`/library/preview/${id}`)).not.toContain(`Name of ${osaka.doctor}`);
  expect((await site.ask(osaka.doctor, `/practices/${id}/preview`)).status).toBe(404);
  expect(await world.database.db.selectFrom('transition').select('loop_id').execute()).toHaveLength(
    before.length,
  );
  const submit = { key: crypto.randomUUID(), revision: revision(shown), choice: 'submit' };
  expect((await author.send(`/tasks/${id}`, submit)).status).toBe(303);
  await world.advance(1);

  const doctor = await site.browser(osaka.doctor);
  const work = await doctor.see(`/tasks/${id}`);
  const proposal = { key: crypto.randomUUID(), revision: revision(work), choice: 'translate' };
  const japanese = { title: 'よりよい一覧', situation: 'あ', action: 'い', result: 'う' };
  const proposed = { ...proposal, ...japanese, version: '2', locale: 'ja' };
  expect((await doctor.send(`/tasks/${id}`, proposed)).status).toBe(303);
  const tooLong = { ...proposed, key: crypto.randomUUID(), result: 'う'.repeat(2_001) };
  const kept = await doctor.send(`/tasks/${id}`, tooLong);
  expect([kept.status, await kept.text()]).toEqual([422, expect.stringContaining('よりよい一覧')]);
  const { work: translated } = await practiceOf(world, id as never).reads(osaka.doctor);
  expect(translated?.translations).toMatchObject([{ locale: 'ja', status: 'proposed' }]);
  // Whoever is not named is named on no page: not as author, nor among those who were told.
  for (const page of [work, await doctor.see(`/tasks/${id}`)]) {
    expect(page).not.toContain(`Name of ${rio.author}`);
  }
  const mine = await site.ask(osaka.manager, `/loops/${id}/notices`);
  expect(JSON.stringify(mine.json)).not.toContain(rio.author);
});

test('whoever looks after it names its expert, holds and withdraws it on its page, and nobody else is offered that', async () => {
  const practice = await drafts(world, { isAuthorHidden: true });
  await practice.isCleared();
  await practice.reads(munich.seller);
  const path = `/tasks/${practice.id}`;
  const fieldOf = (page: string, name: string): string =>
    new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? '';
  const pageOf = async (who: PersonId) => {
    const browser = await site.browser(who);
    const sees = () => browser.see(path);
    const sends = async (form: Record<string, string>) => {
      const revision = fieldOf(await sees(), 'revision') || '1';
      return browser.send(path, { key: crypto.randomUUID(), revision, ...form });
    };
    return { sees, sends };
  };
  const [officer, doctor] = [await pageOf(munich.officer), await pageOf(osaka.doctor)];
  const [second, seller] = [await pageOf(osaka.second), await pageOf(munich.seller)];
  // The expert of Japan names another there, and holds nothing.
  const expert = await doctor.sees();
  expect(expert).toContain(`<option value="${osaka.second}"`);
  expect(expert).not.toContain('value="hold"');
  for (const page of [await second.sees(), await seller.sees()]) {
    expect(page).not.toMatch(/value="(nameExpert|hold|resume|withdraw)"/);
  }
  const named = { choice: 'nameExpert', country: 'JP', person: osaka.second };
  expect((await doctor.sends({ ...named, person: osaka.seller })).status).toBe(422);
  expect((await doctor.sends(named)).status).toBe(303);
  expect((await practice.reads(osaka.second)).work?.duties).toContainEqual(
    expect.objectContaining({
      country: 'JP',
      expert: expect.objectContaining({ id: osaka.second }),
    }),
  );
  expect((await seller.sends({ choice: 'hold' })).status).toBe(403);
  expect((await officer.sends({ choice: 'hold' })).status).toBe(303);
  expect(await officer.sees()).toMatch(/value="resume"[^]*value="withdraw"/);
  expect((await officer.sends({ choice: 'resume' })).status).toBe(303);
  await officer.sends({ choice: 'hold' });
  await officer.sends({ choice: 'resume' });

  await practice.isTranslated('de', munich.doctor);
  await practice.reads(munich.partner);
  expect(await seller.sees()).not.toContain('value="callBack"');
  const page = await officer.sees();
  expect(page).toMatch(/value="callBack"/);
  const content = fieldOf(page, 'content');
  const called = { choice: 'callBack', locale: 'de', content, text: 'Falsche Dosis.' };
  expect((await officer.sends({ ...called, severity: '' })).status).toBe(422);
  expect((await seller.sends({ ...called, severity: 'safety' })).status).toBe(403);
  expect((await officer.sends({ ...called, severity: 'safety' })).status).toBe(303);
  expect(await practice.reads(munich.partner)).toMatchObject({ locale: 'pt-BR' });
  const reached = (await practice.reach(munich.officer)).items;
  expect(reached.find(({ person }) => person.id === munich.partner)?.recalls).toHaveLength(1);
  await officer.sends({ choice: 'hold' });

  const words = '<b onclick=alert()>Klemmt</b>';
  const withdrawal = { choice: 'withdraw', severity: 'safety', text: words };
  const unsaid = await officer.sends({ ...withdrawal, severity: '' });
  expect([unsaid.status, await unsaid.text()]).toEqual([
    422,
    expect.stringContaining('&lt;b onclick=alert()&gt;Klemmt&lt;/b&gt;</textarea>'),
  ]);
  expect((await seller.sends(withdrawal)).status).toBe(403);
  expect((await officer.sends({ ...withdrawal, revision: '1' })).status).toBe(303);
  const { items } = await practice.reach(munich.officer);
  // They had read the translation, too.
  expect(items.find(({ person }) => person.id === munich.seller)?.recalls).toHaveLength(2);
  // Why is for those who work on it.
  expect(await officer.sees()).toContain('&lt;b onclick=alert()&gt;Klemmt&lt;/b&gt;');
  expect(await seller.sees()).not.toContain('Klemmt');
  expect(await practice.reads(munich.officer)).toMatchObject({
    status: 'withdrawn',
    isHeld: false,
  });
});

test('whom no message about patients reaches is told in person by whoever the first page leads there, and by nobody else', async () => {
  const practice = await drafts(world, { isAuthorHidden: true });
  await practice.isCleared();
  await practice.reads(osaka.seller);
  const ends = { severity: 'safety', text: 'It sticks.' } as const;
  await practice.does(munich.officer, 'withdraw', ends);
  await world.database.db
    .updateTable('notice')
    .set({ status: 'failed', reason: 'gave_up', settled_at: world.clock.now() })
    .where('loop_id', '=', practice.id)
    .where('recipient_id', '=', osaka.seller)
    .execute();
  await createTellRecalls({ db: world.database.db, clock: world.clock })();
  const told = await mails({ key: 'practice.unreached' });
  expect([...told.keys()]).toEqual([osaka.manager]);
  expect(told.get(osaka.manager)?.text).toContain(`https://meridian.test${unreachedPath}`);
  const [manager, other] = [await site.browser(osaka.manager), await site.browser(osaka.doctor)];
  expect(await manager.see('/')).toContain(`href="${unreachedPath}"`);
  expect(await other.see('/')).not.toContain(`href="${unreachedPath}"`);
  const page = await manager.see(unreachedPath);
  expect(page).toContain(`Name of ${osaka.seller}`);
  expect(page).toContain('<span lang="pt-BR" dir="ltr"><bdi>Retorno em 30 dias');
  const id = /name="id" value="([^"]+)"/.exec(page)?.[1] ?? '';
  expect((await other.send(unreachedPath, { id, choice: 'told' })).status).toBe(404);
  expect((await manager.send(unreachedPath, { id, choice: 'told' })).status).toBe(303);
  expect(await manager.see(unreachedPath)).not.toContain(`Name of ${osaka.seller}`);
});

test('whoever is not named is shown to no reader: not in the library, a search, a digest, an answer or a list', async () => {
  const practice = await drafts(world, { isAuthorHidden: true });
  await practice.isCleared();
  const reader = munich.seller;
  const browser = await site.browser(reader);
  // What they have read is in no digest: these come first.
  const answers = [
    `/people/${reader}/digest-preview`,
    '/practices?q=retorno&locale=pt-BR',
    `/practices/${practice.id}`,
    '/practices/queue?queue=review',
    '/exchange/recognition',
    '/exchange/balance',
    '/regions/brazil/curiosity',
    `/loops/${practice.id}/notices`,
    `/loops/${practice.id}/comments`,
  ];
  const shown = [
    `/digests/${reader}`,
    '/library',
    `/tasks/${practice.id}`,
    '/shared-lessons',
    '/curiosity?region=brazil',
    '/markets',
  ];
  const told: (readonly [path: string, text: string])[] = [];
  told.push([shown[0]!, await browser.see(shown[0]!)]);
  for (const path of answers) {
    told.push([path, JSON.stringify((await site.ask(reader, path)).json)]);
  }
  for (const path of shown.slice(1)) told.push([path, await browser.see(path)]);
  for (const [path, text] of told) expect([path, text.includes(rio.author)]).toEqual([path, false]);
  const reading = told.filter(([, text]) => text.includes('Retorno em 30')).map(([path]) => path);
  expect(reading).toEqual(expect.arrayContaining([...answers.slice(0, 3), ...shown.slice(0, 3)]));
  expect((await site.ask(reader, `/practices?q=${rio.author}`)).json).toMatchObject({ items: [] });
  // Nor to whoever works on it, who reads what became of every step and message of it.
  await practice.does(reader, 'judge', { verdict: 'tried', text: 'Twice.' });
  const parts = ['', '/explain', '/preview', '/reach'].map(
    (part) => `/practices/${practice.id}${part}`,
  );
  const worked = [...parts, ...answers.filter((path) => /queue|loops/.test(path))];
  const looks = async () => {
    for (const by of [munich.officer, munich.manager, osaka.doctor]) {
      for (const path of worked) {
        const { status, json } = await site.ask(by, path);
        const isNamed = JSON.stringify(json).includes(rio.author);
        expect([by, path, status, isNamed]).toEqual([by, path, 200, false]);
      }
      const page = await (await site.browser(by)).see(`/tasks/${practice.id}`);
      expect([by, page.includes(rio.author)]).toEqual([by, false]);
    }
  };
  await looks();
  await practice.does(rio.author, 'withdraw', { severity: 'information', text: 'Told enough.' });
  await looks();
});
