import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { verifyAudit } from '../../db/audit.ts';
import { eraseContent, readContents } from '../../db/contents.ts';
import type { ContentId, PersonId } from '../../domain/id.ts';
import { account, berlin, givenAccount, operator, tokyo } from '../support/handoff-organisation.ts';
import { handoffRecorder } from '../support/handoff-recorder.ts';
import { person } from '../support/people.ts';

const director = person('berlin-director');
const stranger = person('london-lead');
const unknown = '00000000-0000-4000-8000-00000000ffff' as ContentId;

let recorder: Awaited<ReturnType<typeof handoffRecorder>>;
beforeEach(async () => {
  recorder = await handoffRecorder();
});
afterEach(() => recorder.drop());

const readBack = async (by: PersonId) =>
  ({
    type: 'readBack',
    actor: by,
    content: await recorder.write('handoff.synthesis', by),
  }) as const;
const withdraw = async (by: PersonId) =>
  ({ type: 'withdraw', actor: by, content: await recorder.write('handoff.reason', by) }) as const;

async function owner(): Promise<string | undefined> {
  const row = await recorder.db
    .selectFrom('custody')
    .select('owner_id')
    .where('account_id', '=', account)
    .where((eb) => eb.fn<boolean>('upper_inf', ['period']), '=', true)
    .executeTakeFirst();
  return row?.owner_id;
}

async function leaves(who: PersonId): Promise<void> {
  await recorder.db
    .updateTable('person')
    .set({ left_at: recorder.clock.now() })
    .where('id', '=', who)
    .execute();
}

async function delegates(principal: PersonId, delegate: PersonId, hours = 24): Promise<void> {
  const from = recorder.clock.now();
  const until = from + hours * 3_600_000;
  await recorder.db
    .insertInto('delegation')
    .values({
      id: `${principal}-${delegate}`,
      principal_id: principal,
      delegate_id: delegate,
      period: `[${new Date(from).toISOString()},${new Date(until).toISOString()})`,
    })
    .execute();
}

test('an offer is recorded in at most 13 statements, each other step of a clean handoff in 12', async () => {
  const handoff = recorder.handoff();
  const offer = await recorder.offerOf();
  await recorder.offered({ ...offer, account: await anotherAccount() }); // calendars are now known
  const synthesis = await readBack(tokyo.lead);
  const counts = [
    await recorder.statementsOf(() => handoff.does(offer)),
    await recorder.statementsOf(() => handoff.does(synthesis)),
    await recorder.statementsOf(() => handoff.does({ type: 'confirm', actor: berlin.lead })),
  ];
  expect(handoff.state.status).toBe('transferred');
  const most = [13, 12, 12];
  expect(counts.filter((count, index) => count > (most[index] ?? 0))).toEqual([]);
});

test('a step under a delegation by a manager fits the same budget', async () => {
  const handoff = await recorder.offered();
  const command = { ...(await withdraw(stranger)), onBehalfOf: berlin.manager };
  expect(await handoff.does(command)).toBe('authority.no_delegation'); // calendars are now known
  await delegates(berlin.manager, stranger);
  expect(await recorder.statementsOf(() => handoff.does(command))).toBeLessThanOrEqual(12);
  expect(handoff.state.status).toBe('withdrawn');
});

async function anotherAccount() {
  const id = 'charite' as typeof account;
  const since = recorder.clock.now() - 1_000;
  await givenAccount(recorder.db, { id, owner: berlin.lead, since });
  return id;
}

const offers = [
  ['an unknown account', { account: 'nowhere' as typeof account }, 'handoff.account_unknown'],
  [
    'a giver who is not the custodian',
    { giver: tokyo.backup, actor: tokyo.backup },
    'handoff.not_custodian',
  ],
  ['an unknown receiver', { receiver: person('nobody') }, 'person.unknown'],
  ['an unknown actor', { actor: person('nobody') }, 'person.unknown'],
  ['a colleague of the giver', { actor: stranger }, 'handoff.not_giver'],
  ['an operator, who steers but does not start', { actor: operator }, 'handoff.not_giver'],
  ['a packet that was never written', { packet: unknown }, 'content.unknown'],
  ['the manager of the giver', { actor: berlin.manager }, 'recorded'],
  ['anyone above the giver', { actor: director }, 'recorded'],
] as const;

test.for(offers)('an offer by or of %s', async ([, changes, expected]) => {
  const answer = await recorder.handoff().does(await recorder.offerOf(changes));
  expect(answer).toBe(expected);
  expect(await owner()).toBe(berlin.lead);
});

test('an offer to somebody who has left or never works is refused', async () => {
  await recorder.db
    .insertInto('working_week')
    .values({
      id: 'never',
      intervals: { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
    })
    .execute();
  await recorder.db
    .updateTable('person')
    .set({ week_id: 'never' })
    .where('id', '=', tokyo.lead)
    .execute();
  const offer = await recorder.offerOf();
  expect(await recorder.handoff().does(offer)).toBe('person.no_working_time');
  await leaves(tokyo.lead);
  expect(await recorder.handoff().does(offer)).toBe('person.left');
});

test('of two offers of one account at once, one is recorded', async () => {
  const offer = await recorder.offerOf();
  const other = await recorder.offerOf({ receiver: tokyo.backup });
  const answers = await Promise.all([
    recorder.handoff().does(offer),
    recorder.handoff().does(other),
  ]);
  expect(answers.sort()).toEqual(['handoff.account_in_handoff', 'recorded']);
});

test('an account can be offered again once its handoff is over', async () => {
  const first = await recorder.offered();
  expect(await first.does(await withdraw(berlin.lead))).toBe('recorded');
  await recorder.offered();
});

const steering = [
  ['the giver', berlin.lead, 'recorded'],
  ['the manager of the giver', berlin.manager, 'recorded'],
  ['anyone above', director, 'recorded'],
  ['an operator', operator, 'recorded'],
  ['the receiver', tokyo.lead, 'handoff.not_giver'],
  ['the manager of the receiver', tokyo.manager, 'handoff.not_giver'],
  ['a stranger', stranger, 'handoff.not_giver'],
] as const;

test('who may steer a handoff: the giver, the line above and operators', async () => {
  const handoff = await recorder.offered();
  for (const [who, actor, expected] of steering) {
    expect(await handoff.does({ type: 'hold', actor }), `hold by ${who}`).toBe(expected);
    const isHeld = expected === 'recorded';
    const resumed = await handoff.does({ type: 'resume', actor });
    expect(resumed, `resume by ${who}`).toBe(isHeld ? 'recorded' : 'loop.not_held');
  }
});

test('who may confirm: the giver and the manager directly above', async () => {
  const handoff = await recorder.offered();
  await handoff.does(await readBack(tokyo.lead));
  for (const actor of [director, operator, stranger, tokyo.manager]) {
    expect(await handoff.does({ type: 'confirm', actor })).toBe('handoff.not_giver');
  }
  expect(await owner()).toBe(berlin.lead);
  expect(await handoff.does({ type: 'confirm', actor: berlin.manager })).toBe('recorded');
  expect(await owner()).toBe(tokyo.lead);
});

test('a delegation counts while it lasts and for the two it names', async () => {
  const handoff = await recorder.offered();
  const step = { ...(await readBack(stranger)), onBehalfOf: tokyo.lead };
  expect(await handoff.does(step)).toBe('authority.no_delegation');
  await delegates(tokyo.lead, stranger, 1);
  expect(await handoff.does({ ...step, actor: tokyo.backup })).toBe('authority.no_delegation');
  recorder.clock.moveTo(recorder.clock.now() + 3_600_000);
  expect(await handoff.does(step)).toBe('authority.no_delegation');
});

test('under a delegation the step is recorded with both names', async () => {
  const handoff = await recorder.offered();
  await delegates(tokyo.lead, stranger);
  const step = { ...(await readBack(stranger)), onBehalfOf: tokyo.lead };
  expect(await handoff.does(step)).toBe('recorded');
  expect(handoff.state.readBack?.by).toBe(tokyo.lead);
  const row = await recorder.db
    .selectFrom('transition')
    .select(['actor_id', 'on_behalf_of'])
    .where('loop_id', '=', handoff.id)
    .where('sequence', '=', 1)
    .executeTakeFirst();
  expect(row).toEqual({ actor_id: stranger, on_behalf_of: tokyo.lead });
});

test('offices are not delegated', async () => {
  const handoff = await recorder.offered();
  await delegates(operator, stranger);
  expect(await handoff.does({ type: 'hold', actor: stranger, onBehalfOf: operator })).toBe(
    'handoff.not_giver',
  );
});

test('whoever has left takes no step', async () => {
  const handoff = await recorder.offered();
  await leaves(tokyo.lead);
  expect(await handoff.does(await readBack(tokyo.lead))).toBe('person.left');
});

test('a step of the clock towards somebody who has left is planned again', async () => {
  const handoff = await recorder.offered();
  await handoff.fires();
  await handoff.fires();
  await leaves(tokyo.backup);
  expect(await handoff.fires()).toBe('loop.stale_plan');
  expect(await handoff.replans()).toBe('recorded');
  expect(handoff.moments[0]?.command).toMatchObject({ type: 'passOn', to: tokyo.manager });
  expect(await handoff.fires()).toBe('recorded');
});

test('when the receiver leaves, the next one is asked within an hour', async () => {
  const handoff = await recorder.offered();
  await leaves(tokyo.lead);
  expect(await handoff.replans()).toBe('recorded');
  expect(handoff.moments.map(({ command }) => command.type)).toEqual(['passOn']);
  expect((handoff.moments[0]?.at ?? 0) - recorder.clock.now()).toBeLessThanOrEqual(3_600_000);
  expect(await handoff.fires()).toBe('recorded');
  expect(handoff.state.asked?.person).toBe(tokyo.backup);
});

test('when the giver leaves before confirming, their manager confirms', async () => {
  const handoff = await recorder.offered();
  await handoff.does(await readBack(tokyo.lead));
  await leaves(berlin.lead);
  await handoff.replans();
  expect(await handoff.fires()).toBe('recorded');
  expect(await handoff.does({ type: 'confirm', actor: berlin.manager })).toBe('recorded');
  expect(await owner()).toBe(tokyo.lead);
});

test('whoever leaves between their read-back and its confirmation is given nothing, and the next is asked at once', async () => {
  const handoff = await recorder.offered();
  await handoff.does(await readBack(tokyo.lead));
  await leaves(tokyo.lead);
  const confirm = { type: 'confirm', actor: berlin.lead } as const;
  expect(await handoff.does(confirm)).toBe('person.left');
  await handoff.replans();
  expect(await handoff.fires()).toBe('recorded');
  expect(await handoff.does(confirm)).toBe('handoff.not_read_back');
  expect(await handoff.fires()).toBe('recorded');
  expect(handoff.state.asked?.person).toBe(tokyo.backup);
  expect(await owner()).toBe(berlin.lead);
  await handoff.does(await readBack(tokyo.backup));
  expect(await handoff.does(confirm)).toBe('recorded');
  expect(await owner()).toBe(tokyo.backup);
});

test('custody moves at the instant of the confirmation, and no earlier', async () => {
  const handoff = await recorder.offered();
  await handoff.does(await readBack(tokyo.lead));
  recorder.clock.moveTo(recorder.clock.now() + 60_000);
  await handoff.does({ type: 'confirm', actor: berlin.lead });
  const { rows } = await sql<{ owner: string; from: number; loop: string | null }>`
    SELECT owner_id AS owner, lower(period) AS "from", loop_id AS loop FROM custody
    WHERE account_id = ${account} ORDER BY lower(period)`.execute(recorder.db);
  expect(rows.at(-1)).toEqual({
    owner: tokyo.lead,
    from: recorder.clock.now(),
    loop: handoff.id,
  });
});

test('withdrawn, an account stays with its giver; nobody else is left with a task', async () => {
  const handoff = await recorder.offered();
  await handoff.does(await readBack(tokyo.lead));
  await handoff.does(await withdraw(berlin.lead));
  expect(await owner()).toBe(berlin.lead);
  const open = await recorder.db
    .selectFrom('task')
    .select('id')
    .where('closed_sequence', 'is', null)
    .execute();
  expect(open).toEqual([]);
});

test('unsent messages that ask for a settled step are cancelled with it', async () => {
  const handoff = await recorder.offered();
  await handoff.does(await readBack(tokyo.lead));
  const notices = await recorder.db
    .selectFrom('notice')
    .select(['key', 'status', 'reason'])
    .where('loop_id', '=', handoff.id)
    .orderBy('sequence')
    .execute();
  expect(notices).toEqual([
    { key: 'handoff.offered', status: 'cancelled', reason: 'settled' },
    { key: 'handoff.read_back', status: 'planned', reason: null },
  ]);
});

test('a step decided upon an older revision is refused', async () => {
  const handoff = await recorder.offered();
  await handoff.does(await readBack(tokyo.lead), 1);
  expect(await handoff.does({ type: 'confirm', actor: berlin.lead }, 1)).toBe(
    'request.revision_stale',
  );
  expect(await handoff.does({ type: 'confirm', actor: berlin.lead }, 2)).toBe('recorded');
});

test('an erased text leaves the chain whole, and nothing to read', async () => {
  const offer = await recorder.offerOf();
  await recorder.handoff().does(offer);
  await eraseContent(recorder.db, offer.packet, recorder.clock.now());
  expect((await readContents(recorder.db, [offer.packet])).get(offer.packet)?.body).toBeNull();
  expect((await verifyAudit(recorder.db)).firstBreak).toBeNull();
});

test('a text changed behind the record is named', async () => {
  const offer = await recorder.offerOf();
  const handoff = recorder.handoff();
  await handoff.does(offer);
  await recorder.db
    .updateTable('content')
    .set({ body: { text: 'another packet' } })
    .where('id', '=', offer.packet)
    .execute();
  expect((await verifyAudit(recorder.db)).firstBreak).toEqual({
    loopId: handoff.id,
    sequence: 0,
    what: 'content',
  });
});
