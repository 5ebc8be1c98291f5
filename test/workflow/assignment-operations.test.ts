import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { assignmentOperations } from '../../api/assignments/routes.ts';
import { createLoopGateway } from '../../api/loop-gateway.ts';
import { opportunityOperations } from '../../api/opportunities/routes.ts';
import { handoffParts } from '../../api/register.ts';
import { trainingOperations } from '../../api/trainings/training-operations.ts';
import { loadActor } from '../../db/actors.ts';
import { present } from '../../domain/assert.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import { type Problem, Refusal } from '../../domain/problem.ts';
import { assignmentWorld, dayAfter, home, host, termsFor } from '../support/assignment-story.ts';
import { account, berlin, operator, tokyo } from '../support/handoff-organisation.ts';
import { custodian, inbox } from '../support/handoff-story.ts';
import type { World } from '../support/world.ts';

const day = 86_400_000;
let world: World;
let parts: Parameters<typeof assignmentOperations.read.run>[0];
beforeAll(async () => {
  world = await assignmentWorld();
  const { client, clock, taskQueue, database } = world;
  const loops = createLoopGateway({ client, db: database.db, taskQueue });
  const { tell } = handoffParts({ db: database.db, clock, loops });
  parts = { db: database.db, clock, loops, tell };
});
afterAll(() => world.stop());

const asks = async <Input>(id: PersonId, input: Input) => ({
  actor: present(await loadActor(world.database.db, id, world.clock.now()), 'who asks'),
  input,
  commandId: randomUUID() as string,
});

async function problemOf(act: Promise<unknown>): Promise<Problem | null> {
  try {
    await act;
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
  return null;
}

/** Its code where it is refused; `accepted` where it is not. */
const answerOf = async (act: Promise<unknown>): Promise<string> =>
  (await problemOf(act))?.code ?? 'accepted';

type Given = Parameters<typeof termsFor>[1];
const bodyOf = (given: Given = {}) => {
  const { home: homeManager, host: hostManager, ...terms } = termsFor(world, given);
  return {
    kind: 'virtual' as const,
    participant: berlin.lead as string,
    hostRegion: host as string,
    terms: {
      ...terms,
      homeManager,
      hostManager,
      goals: [...terms.goals],
      accounts: [...terms.accounts],
    },
  };
};
/** Whatever is proposed here is previewed first: it is refused for what the proposal is refused for. */
async function foretold<Done>(preview: Promise<unknown>, act: () => Promise<Done>): Promise<Done> {
  const said = await problemOf(preview);
  const done = act();
  expect(await problemOf(done)).toEqual(said);
  return done;
}
const propose = async (given: Given = {}) => {
  const asked = await asks(berlin.lead, bodyOf(given));
  return foretold(assignmentOperations.preview.run(parts, asked), () =>
    assignmentOperations.propose.run(parts, asked),
  );
};
const signs = async (id: string, who: PersonId, seen?: number) => {
  const asked = await asks(who, { id });
  return assignmentOperations.sign.run(parts, seen === undefined ? asked : { ...asked, seen });
};
const allSign = async ({ id, revision }: { id: string; revision: number }) => {
  for (const who of [berlin.lead, berlin.manager, tokyo.manager]) await signs(id, who, revision);
};
const cancels = async (id: string) =>
  assignmentOperations.cancel.run(parts, await asks(berlin.manager, { id }));

test('all three sign one revision: none without it, none another, and a change makes another', async () => {
  const { id, revision } = await propose();
  expect(await answerOf(signs(id, berlin.lead))).toBe('assignment.revision_missing');
  expect(await answerOf(signs(id, berlin.lead, revision))).toBe('accepted');
  const { terms } = bodyOf({ days: 60 });
  await assignmentOperations.change.run(parts, await asks(tokyo.manager, { id, terms }));
  expect(await answerOf(signs(id, berlin.manager, revision))).toBe('request.revision_stale');
  expect(await inbox(world, berlin.lead)).toContain('assignment.sign');
  await cancels(id);
});

test('whoever signs is trained for the two sides to the last day, whoever began the signing', async () => {
  const { db } = world.database;
  const without = async (person: PersonId, expiresOn: string | null) =>
    db
      .updateTable('cultural_training')
      .set({ expires_on: expiresOn ?? '2026-01-15' })
      .where('person_id', '=', person)
      .execute();
  const { id, revision, gates } = await propose();
  expect(gates).toEqual([]);
  await without(tokyo.manager, dayAfter(world, 40));
  expect(await answerOf(signs(id, tokyo.manager, revision))).toBe('assignment.training_expires');
  const read = await assignmentOperations.read.run(parts, await asks(berlin.lead, { id }));
  expect(read.gates).toHaveLength(1);
  const entry = { id: tokyo.manager as string, regions: [home, host] as [string, string] };
  const dates = { completedOn: dayAfter(world, -1), expiresOn: dayAfter(world, 800) };
  const recorded = trainingOperations.record.run(
    parts,
    await asks(tokyo.manager, { ...entry, ...dates }),
  );
  expect(await answerOf(recorded)).toBe('authority.forbidden');
  await db
    .insertInto('person_role')
    .values({ person_id: tokyo.backup, role: 'learning-lead' })
    .execute();
  await trainingOperations.record.run(parts, await asks(tokyo.backup, { ...entry, ...dates }));
  expect(await answerOf(signs(id, tokyo.manager, revision))).toBe('accepted');
  await cancels(id);
});

test('days that have passed, an account of somebody else, an unknown person and a manager of nobody are refused', async () => {
  const refused = (given: Given) => answerOf(propose(given));
  expect(await refused({ firstDay: dayAfter(world, -9), lastDay: dayAfter(world, 9) })).toBe(
    'assignment.days_past',
  );
  expect(await refused({ days: 900 })).toBe('assignment.too_long');
  expect(await refused({ accounts: ['nothing' as AccountId] })).toBe(
    'assignment.not_their_account',
  );
  expect(await refused({ host: 'nobody' as PersonId })).toBe('person.unknown');
  expect(await refused({ home: tokyo.lead })).toBe('assignment.not_signer');
});

test('nobody is proposed, shown or steered by whoever does not stand over them', async () => {
  const forbidden = assignmentOperations.propose.run(parts, await asks(tokyo.lead, bodyOf()));
  expect(await answerOf(forbidden)).toBe('authority.forbidden');
  const { id } = await propose();
  const stranger = await asks(tokyo.lead, { id });
  expect(await answerOf(assignmentOperations.read.run(parts, stranger))).toBe('request.not_found');
  const { terms } = bodyOf();
  const other = { ...stranger, input: { id, terms } };
  const { cancel, previewChange } = assignmentOperations;
  expect(await answerOf(cancel.run(parts, stranger))).toBe('request.not_found');
  expect(await answerOf(previewChange.run(parts, other))).toBe('request.not_found');
  const seeing = await asks(operator, { id });
  expect(await answerOf(assignmentOperations.sign.run(parts, { ...seeing, seen: 1 }))).toBe(
    'assignment.not_signer',
  );
  await cancels(id);
});

test('zones without a common working minute are said in the draft and refused on publishing', async () => {
  const week = (weekId: string) =>
    world.database.db
      .updateTable('region')
      .set({ week_id: weekId })
      .where('id', '=', host)
      .execute();
  const { db } = world.database;
  await db.updateTable('region').set({ zone: 'Europe/Berlin' }).where('id', '=', home).execute();
  await week('office');
  const { terms } = bodyOf();
  const draft = {
    kind: 'virtual' as const,
    title: 'Learn with Tokyo',
    description: 'Calls across two zones.',
    hostRegion: host as string,
    hostManager: tokyo.manager as string,
    homeRegions: [home as string],
    goals: terms.goals,
    weeklyHours: 8,
    overlapHours: 3,
    languages: ['en'],
    firstDay: terms.firstDay,
    lastDay: terms.lastDay,
  };
  const { id, homeRegions } = await opportunityOperations.draft.run(
    parts,
    await asks(tokyo.lead, draft),
  );
  expect(homeRegions).toMatchObject([{ id: home, sharedHours: 0 }]);
  expect(await answerOf(propose())).toBe('assignment.no_common_minute');
  const publish = async (who: PersonId) =>
    answerOf(opportunityOperations.publish.run(parts, await asks(who, { id })));
  expect(await publish(tokyo.manager)).toBe('assignment.no_common_minute');
  await week('late');
  expect(await publish(berlin.lead)).toBe('request.not_found');
  expect(await publish(tokyo.lead)).toBe('authority.forbidden');
  expect(await publish(tokyo.manager)).toBe('accepted');
  const suggested = async (who: PersonId) =>
    (await opportunityOperations.suggest.run(parts, await asks(who, { id }))).items.map(
      ({ person }) => person.id,
    );
  expect(await suggested(berlin.manager)).toContain(berlin.lead);
  expect(await suggested(tokyo.manager)).toEqual([]);
});

/** As a refusal names the days that stand against it. */
const against = (code: string, from: number, to: number) => ({
  code,
  params: { firstDay: dayAfter(world, from), lastDay: dayAfter(world, to) },
});
const between = (from: number, to: number): Given => ({
  firstDay: dayAfter(world, from),
  lastDay: dayAfter(world, to),
  accounts: [],
});

test('an extension into the next assignment is refused with its days, and so is whichever of two is signed second', async () => {
  const first = await propose(between(100, 130));
  await allSign(first);
  const next = await propose(between(150, 180));
  await allSign(next);
  const extends_ = async (to: number) => {
    const { terms } = bodyOf(between(100, to));
    const asked = await asks(berlin.manager, { id: first.id, terms });
    const previewed = assignmentOperations.previewChange.run(parts, asked);
    return problemOf(foretold(previewed, () => assignmentOperations.change.run(parts, asked)));
  };
  expect(await extends_(150)).toMatchObject(against('assignment.overlaps', 150, 180));
  expect(await extends_(149)).toBeNull();

  const [third, fourth] = [await propose(between(200, 230)), await propose(between(210, 240))];
  await allSign(third);
  for (const who of [berlin.lead, berlin.manager]) await signs(fourth.id, who, fourth.revision);
  const last = () => problemOf(signs(fourth.id, tokyo.manager, fourth.revision));
  expect(await last()).toMatchObject(against('assignment.overlaps', 200, 230));
  await cancels(third.id);
  expect(await last()).toBeNull();
  for (const { id } of [first, next, fourth]) await cancels(id);
});

test('an account is covered in one assignment at a time, though its owner may have two', async () => {
  const covered = { ...between(100, 130), accounts: [account] };
  const body = { ...bodyOf(covered), kind: 'mentorship' as const };
  const beside = await propose({ ...covered, lastDay: dayAfter(world, 120) });
  const mentorship = await assignmentOperations.propose.run(parts, await asks(berlin.lead, body));
  await allSign(mentorship);
  const taken = against('assignment.account_covered', 100, 130);
  expect(await problemOf(propose(covered))).toMatchObject(taken);
  expect(await problemOf(allSign(beside))).toMatchObject(taken);
  const { terms } = bodyOf(between(100, 130));
  const asked = await asks(berlin.lead, { id: beside.id, terms });
  await allSign(await assignmentOperations.change.run(parts, asked));
  for (const { id } of [mentorship, beside]) await cancels(id);
});

test('a request to meet that is repeated is one meeting, and a meeting at hand stalls nothing', async () => {
  const signed = await propose(between(1, 40));
  await allSign(signed);
  const { id } = signed;
  await world.advance(11 * day);
  const asked = await asks(berlin.lead, { id, minutes: 30 });
  const met = await assignmentOperations.meet.run(parts, asked);
  expect(await assignmentOperations.meet.run(parts, asked)).toEqual(met);
  await world.advance(6 * day);
  const { meetings } = await assignmentOperations.read.run(parts, await asks(berlin.lead, { id }));
  expect(meetings).toEqual([met]);
  const told = await world.database.db
    .selectFrom('notice')
    .select('key')
    .where('loop_id', '=', id)
    .where('key', '=', 'assignment.stalled')
    .execute();
  expect(told).toEqual([]);
  await assignmentOperations.returnEarly.run(parts, await asks(berlin.lead, { id }));
});

test('an early return ends access and covers at once, and hours and meetings count until then', async () => {
  const signed = await propose({ days: 60 });
  await allSign(signed);
  const { id } = signed;
  const second = await answerOf(propose({ days: 30 }));
  expect(second).toBe('assignment.overlaps');
  await world.advance(30 * day);
  expect(await custodian(world)).not.toBe(berlin.lead);
  const meets = async (days: number) => {
    const from = new Date(world.clock.now() + days * day).toISOString();
    const asked = await asks(berlin.lead, { id, minutes: 30, from });
    return assignmentOperations.meet.run(parts, asked);
  };
  expect(await answerOf(meets(60))).toBe('slot.none_fits');
  const meeting = await meets(5);
  expect(Date.parse(meeting.from)).toBeGreaterThanOrEqual(world.clock.now());
  const today = dayAfter(world, 0);
  const hours = { id, day: today, minutes: 240, overlapMinutes: 120 };
  const entered = await assignmentOperations.hours.run(parts, await asks(berlin.lead, hours));
  expect(entered.weeks).toMatchObject([{ minutes: 240, overlapMinutes: 120 }]);
  const late = { ...hours, day: dayAfter(world, 1) };
  const outside = assignmentOperations.hours.run(parts, await asks(berlin.lead, late));
  expect(await answerOf(outside)).toBe('assignment.hours_outside');
  const lending = await assignmentOperations.lending.run(
    parts,
    await asks(berlin.lead, { id: host }),
  );
  expect([lending.lent.value, lending.borrowed.value]).toEqual([0, 4]);

  await assignmentOperations.returnEarly.run(parts, await asks(berlin.lead, { id }));
  await world.advance(60_000);
  expect(await custodian(world)).toBe(berlin.lead);
  const over = await assignmentOperations.read.run(parts, await asks(berlin.lead, { id }));
  expect(over.meetings).toEqual([]);
  const off = await world.database.db
    .selectFrom('notice')
    .select('recipient_id')
    .where('loop_id', '=', id)
    .where('key', '=', 'assignment.meeting_off')
    .orderBy('recipient_id')
    .execute();
  expect(off.map(({ recipient_id: to }) => to)).toEqual([berlin.lead, tokyo.manager]);
  const after = present(await loadActor(world.database.db, berlin.lead, world.clock.now()), 'who');
  expect(after.grants.some(({ role }) => role === 'guest')).toBe(false);
  const lesson = { id, kind: 'failure' as const, text: 'We met too seldom.' };
  const given = await assignmentOperations.giveLesson.run(parts, await asks(berlin.lead, lesson));
  expect(given.lesson).toEqual({ kind: 'failure', text: 'We met too seldom.' });
  const other = await assignmentOperations.read.run(parts, await asks(operator, { id }));
  expect(other.lesson).toBeNull();
  await world.advance(1);
  const draft = await world.database.db
    .selectFrom('assignment_lesson')
    .innerJoin('practice', 'practice.id', 'assignment_lesson.practice_id')
    .select(['practice.author_id', 'practice.status', 'practice.kind', 'competency'])
    .select('is_author_hidden')
    .where('assignment_id', '=', id)
    .executeTakeFirstOrThrow();
  expect(draft).toEqual({
    author_id: berlin.lead,
    status: 'draft',
    kind: 'failure',
    competency: 'cross-border-teamwork',
    is_author_hidden: true,
  });
});

test('one’s own region as the host, an end before the start and a signature after the request has lapsed are refused', async () => {
  const own = { ...bodyOf(), hostRegion: home as string };
  const proposed = assignmentOperations.propose.run(parts, await asks(berlin.lead, own));
  expect(await answerOf(proposed)).toBe('assignment.host_is_home');
  expect(await answerOf(propose({ lastDay: dayAfter(world, 27) }))).toBe(
    'assignment.end_before_start',
  );
  const { id, revision } = await propose();
  await signs(id, berlin.lead, revision);
  await world.advance(11 * day);
  expect(await answerOf(signs(id, berlin.manager, revision))).toBe('loop.closed');
  const read = await assignmentOperations.read.run(parts, await asks(berlin.manager, { id }));
  expect([read.status, read.pending?.signed]).toEqual(['lapsed', ['participant']]);
});

test('a training that lapses while it runs is told to all three, shown, and a task until it is recorded again', async () => {
  const { db } = world.database;
  const told = async (key: string) =>
    (
      await db
        .selectFrom('notice')
        .select('recipient_id')
        .where('loop_id', '=', id)
        .where('key', '=', `assignment.${key}`)
        .orderBy('recipient_id')
        .execute()
    ).map(({ recipient_id: to }) => to);
  const others = [berlin.lead, berlin.manager];
  const gates = async () =>
    (await assignmentOperations.read.run(parts, await asks(berlin.lead, { id }))).gates.length;
  const records = async (completedOn: string, days: number) => {
    const entry = { id: tokyo.manager as string, regions: [home, host] as [string, string] };
    const dates = { completedOn, expiresOn: dayAfter(world, days) };
    await trainingOperations.record.run(parts, await asks(tokyo.backup, { ...entry, ...dates }));
  };
  const signed = await propose(between(1, 40));
  const { id } = signed;
  await allSign(signed);
  await world.advance(2 * day);
  expect(await gates()).toBe(0);
  const of = db.deleteFrom('cultural_training').where('person_id', '=', tokyo.manager);
  await of.where('completed_on', '<>', '2026-01-15' as never).execute();
  await records('2026-01-15', 3);
  await world.advance(2 * day);
  expect([await gates(), await told('training_lapsed')]).toEqual([1, []]);
  await world.advance(2 * day);
  expect(await inbox(world, tokyo.manager)).toContain('assignment.renew_training');
  expect(await told('training_lapsed')).toEqual([tokyo.manager]);
  expect(await told('training_lapsed_for')).toEqual(others);
  await world.advance(9 * day);
  expect(await told('renewal_reminder')).toEqual([tokyo.manager]);
  expect(await told('renewal_late')).toEqual(others);
  await records(dayAfter(world, 0), 800);
  await world.advance(60_000);
  expect(await inbox(world, tokyo.manager)).not.toContain('assignment.renew_training');
  expect([await gates(), await told('training_renewed')]).toEqual([0, [...others, tokyo.manager]]);
  await assignmentOperations.returnEarly.run(parts, await asks(berlin.lead, { id }));
});
