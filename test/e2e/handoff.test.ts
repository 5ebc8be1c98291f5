import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMailSink, type MailSink } from '../../bin/embedded/mail-sink.ts';
import type { Channel } from '../../channels/channel.ts';
import { createEmailChannel } from '../../channels/email/email.ts';
import type { PersonId } from '../../domain/id.ts';
import { offer } from '../support/api.ts';
import { berlin, custodian, handoffWorld, tokyo } from '../support/handoff-story.ts';
import { fieldsOf } from '../support/browser.ts';
import { givenAccount } from '../support/handoff-organisation.ts';
import { served, type ServedWorld } from '../support/served-world.ts';
import type { World } from '../support/world.ts';
import { readBack } from '../support/read-back.ts';

const hour = 3_600_000;
let sink: MailSink;
let email: Channel;
let world: World;
let ask: ServedWorld['ask'];
let browser: ServedWorld['browser'];

beforeAll(async () => {
  sink = await startMailSink({ smtpPort: 0, pagePort: 0 });
  email = createEmailChannel({
    smtpUrl: sink.smtpUrl,
    from: { name: 'Meridian', address: 'meridian@example.test' },
  });
  world = await handoffWorld({ channels: { email } });
  ({ ask, browser } = await served(world));
});
afterAll(async () => {
  await world.stop();
  email.close();
  await sink.stop();
});

test('an account moves over HTTP, Temporal, Postgres and SMTP, and each hears of it in their own language', async () => {
  const offered = await ask(berlin.lead, '/handoffs', offer('st-hedwig', tokyo.lead));
  expect(offered).toMatchObject({ status: 201, json: { status: 'offered' } });
  const id = String(offered.json['id']);
  await world.advance(16 * hour); // Tuesday 10:00 in Tokyo
  const mail = sink.messages().find(({ to }) => to[0] === `${tokyo.lead}@example.test`);
  expect(mail?.language).toBe('ja');
  expect(mail?.subject).toContain('復唱');
  expect(mail?.text).toContain(`/tasks/${id}`);

  const stranger = await ask('london-lead' as PersonId, `/handoffs/${id}/accept`, readBack);
  expect(stranger.status).toBe(404);
  const early = await ask(berlin.lead, `/handoffs/${id}/confirm`, {});
  expect(early).toMatchObject({ status: 409, json: { code: 'handoff.not_read_back' } });
  const stale = { 'if-match': '"7"' };
  const old = await ask(tokyo.lead, `/handoffs/${id}/accept`, readBack, stale);
  expect(old).toMatchObject({ status: 412, json: { code: 'request.revision_stale' } });

  const dueAt = new Date(world.clock.now() - hour).toISOString();
  const item = { text: 'They called', dueAt };
  const added = await ask(berlin.lead, '/accounts/st-hedwig/actions', item);
  expect(added.json).toMatchObject({ owner: { id: berlin.lead }, isLate: true, handoff: id });

  const accepted = await ask(tokyo.lead, `/handoffs/${id}/accept`, readBack);
  expect(accepted).toMatchObject({ status: 200, json: { status: 'readBack' } });
  expect(await custodian(world)).toBe(berlin.lead);
  const confirmed = await ask(berlin.lead, `/handoffs/${id}/confirm`, {});
  expect(confirmed).toMatchObject({ status: 200, json: { status: 'transferred' } });
  expect(await custodian(world)).toBe(tokyo.lead);
  const due = await ask(tokyo.lead, '/accounts/st-hedwig/actions?open=true');
  expect(due.json['items']).toContainEqual(
    expect.objectContaining({ ...item, owner: expect.objectContaining({ id: tokyo.lead }) }),
  );
  const note = { text: 'The head of purchasing has called since.' };
  expect((await ask(berlin.lead, `/handoffs/${id}/notes`, note)).status).toBe(201);
  const told = await ask(tokyo.lead, `/handoffs/${id}`);
  expect(told.json).toMatchObject({ notes: [note], lateActions: [{ text: item.text }] });
  const card = await ask(berlin.lead, '/accounts/st-hedwig/scorecard');
  expect(card.json).toMatchObject({
    handoffs: { value: 1 },
    bounced: { value: 0 },
    acceptMinutes: { value: 60 },
    firstTime: { value: 1 },
    overdue: { value: 2 }, // that, and the action of the packet
  });

  const late = await ask(berlin.lead, `/handoffs/${id}/withdraw`, { text: 'too late' });
  expect(late).toMatchObject({ status: 409, json: { code: 'loop.closed' } });
  await world.advance(24 * hour);
  const german = sink.messages().filter(({ to }) => to[0] === `${berlin.lead}@example.test`);
  expect(german.map(({ subject }) => subject).join()).toContain('Verantwortung');
});

test('of two who decide upon the same revision at once one settles it, and the other is told', async () => {
  await givenAccount(world.database.db, {
    id: 'raced' as never,
    owner: berlin.lead,
    since: world.clock.now() - hour,
  });
  const offered = await ask(berlin.lead, '/handoffs', offer('raced', tokyo.lead));
  const id = String(offered.json['id']);
  const seen = { 'if-match': '"1"' };
  const answers = await Promise.all([
    ask(tokyo.lead, `/handoffs/${id}/ask`, { text: 'By when?' }, seen),
    ask(berlin.lead, `/handoffs/${id}/hold`, {}, seen),
    ask(tokyo.lead, `/handoffs/${id}/accept`, readBack, seen),
    ask(berlin.lead, `/handoffs/${id}/reassign`, { to: tokyo.backup }, seen),
  ]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  // Whoever the quicker one has relieved of the step may not take it any more: 403.
  for (const { status } of answers) expect([200, 403, 409, 412]).toContain(status);
  const steps = world.database.db.selectFrom('transition').select('sequence');
  expect(await steps.where('loop_id', '=', id).execute()).toHaveLength(2);
});

test('what cannot wait is raised, cover is asked for and turns are taken, by forms on the reader’s own clock', async () => {
  const id = 'asked-about';
  const since = world.clock.now() - hour;
  await givenAccount(world.database.db, { id: id as never, owner: berlin.lead, since });
  const { see, send } = await browser(berlin.lead);
  const account = `/portfolio/${id}`;
  expect(await see(account)).toContain(`${account}/alert`);
  const sent = async (path: string, words: Record<string, string>) => {
    const form = `${account}/${path}`;
    return send(form, { ...fieldsOf(await see(form), form), ...words });
  };
  const refused = await sent('alert', { text: ' ', dueAt: 'soon' });
  expect([refused.status, (await refused.text()).includes('role="alert"')]).toEqual([422, true]);
  const raised = await sent('alert', { text: 'Ruf an', dueAt: '2026-12-14T09:30' });
  const covered = await sent('cover', { from: '2026-12-16T09:00', until: '2026-12-17T18:00' });
  // The owner is suggested as the first; of the team it is whoever else there is.
  const first = /id="member-0"[^>]*value="([^"]*)"/.exec(await see(`${account}/rotation`));
  expect(first?.[1]).toBe(berlin.lead);
  const words = { severity: 'routine', summary: 'Weekly calls.', situation: '' };
  const watch = { ...words, 'member-0': berlin.lead, 'team-0': 'team' };
  const nobodys = await sent('rotation', { ...watch, 'member-1': 'nobody' });
  const kept = await nobodys.text();
  expect([nobodys.status, kept.includes('value="nobody"')]).toEqual([422, true]);
  expect(kept).toContain('Weekly calls.');
  const turns = await sent('rotation', { ...watch, 'member-1': tokyo.backup });
  const begun = async (answer: Response, path: string) => {
    const task = answer.headers.get('location') ?? '';
    return (await ask(berlin.lead, `/${path}/${task.split('/').at(-1)}`)).json;
  };
  expect(await begun(raised, 'alerts')).toMatchObject({ dueAt: '2026-12-14T08:30:00.000Z' });
  expect(await begun(covered, 'covers')).toMatchObject({
    from: '2026-12-16T08:00:00.000Z',
    until: '2026-12-17T17:00:00.000Z',
  });
  const { members } = (await begun(turns, 'rotations')) as { members: { id: string }[] };
  expect(members.slice(0, 2).map((one) => one.id)).toEqual([berlin.lead, tokyo.backup]);
  expect(members.map((one) => one.id)).toContain(tokyo.lead);
});
