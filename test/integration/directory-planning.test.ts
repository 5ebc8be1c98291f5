import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadCalendars } from '../../db/calendars.ts';
import { lockPeople } from '../../db/people.ts';
import { checkCalendar } from '../../domain/time/check-calendar.ts';
import type { PersonId } from '../../domain/id.ts';
import { type DirectoryFile, drop, put } from '../support/directory-file.ts';
import { applied, type ImportStory, importStory } from '../support/import-story.ts';

const start = Date.UTC(2026, 10, 23, 9);
const hour = 3_600_000;
const person = (id: string) => id as PersonId;

let story: ImportStory;
beforeAll(async () => {
  story = await importStory(start);
});
afterAll(() => story.drop());
beforeEach(() => story.forget());

const roster = (subject: object) => ({
  id: 'turns',
  ...subject,
  firstDay: '2027-01-04',
  weeks: ['office', 'night'],
});
const oneOff = { id: 'fair', person: 'berlin-lead', day: '2027-01-09', hours: ['10:00-16:00'] };

describe('exactly those are planned again whose plans could be other', () => {
  type Change = (file: DirectoryFile) => unknown;
  const germans = ['berlin-lead', 'berlin-manager', 'director'];
  const everybodyAtTheOffice = [...germans, 'tokyo-lead', 'tokyo-manager'];
  test.each<[string, Change, readonly string[]]>([
    ['a zone', (f) => put(f.people[2]!, { zone: 'Europe/Paris' }), ['berlin-lead']],
    ['a week of one’s own', (f) => put(f.people[2]!, { week: 'night' }), ['berlin-lead']],
    [
      'the hours of a week',
      (f) => put(f.weeks[0]!, { wed: ['09:00-12:00'] }),
      everybodyAtTheOffice,
    ],
    [
      'the week of a region',
      (f) => put(f.regions[1]!, { week: 'night' }),
      ['tokyo-lead', 'tokyo-manager'],
    ],
    [
      'the manager of a region',
      (f) => put(f.regions[0]!, { manager: 'director' }),
      ['berlin-manager', 'director'],
    ],
    ['a holiday', (f) => put(f.holidays[0]!, { day: '2026-12-24' }), germans],
    ['a holiday that is gone', (f) => f.holidays.shift(), germans],
    ['a half holiday', (f) => put(f.holidays[0]!, { kind: 'half', halfUntil: '12:00' }), germans],
    ['the name of a holiday', (f) => put(f.holidays[0]!, { name: 'Another' }), []],
    ['an absence', (f) => put(f.absences[0]!, { lastDay: '2026-12-04' }), ['tokyo-lead']],
    [
      'an absence that passes to another',
      (f) => put(f.absences[0]!, { person: 'berlin-lead' }),
      ['berlin-lead', 'tokyo-lead'],
    ],
    [
      'hours off',
      (f) => put(f.absences[0]!, { lastDay: f.absences[0]!.firstDay, hours: '13:00-15:00' }),
      ['tokyo-lead'],
    ],
    [
      'a holiday that frees the wall day',
      (f) => put(f.weeks[0]!, { holidays: 'day' }),
      everybodyAtTheOffice,
    ],
    [
      'a roster of one’s own',
      (f) => put(f, { rosters: [roster({ person: 'berlin-lead' })] }),
      ['berlin-lead'],
    ],
    [
      'the roster of a region, for those without a week of their own',
      (f) => put(f, { rosters: [roster({ region: 'japan' })] }),
      ['tokyo-lead', 'tokyo-manager'],
    ],
    ['a day of one’s own', (f) => put(f, { oneOffs: [oneOff] }), ['berlin-lead']],
    ['a region', (f) => put(f.people[2]!, { region: 'japan' }), ['berlin-lead']],
    ['a manager', (f) => put(f.people[2]!, { manager: 'director' }), ['berlin-lead']],
    ['a backup', (f) => drop(f.people[2]!, 'backup'), ['berlin-lead']],
    ['a role', (f) => put(f.people[2]!, { roles: ['compliance'] }), ['berlin-lead']],
    [
      'a name, an e-mail address and a locale',
      (f) => put(f.people[2]!, { name: 'X', email: 'x@example.org', locale: 'ja' }),
      [],
    ],
    [
      'a new colleague',
      (f) => f.people.push({ ...f.people[2]!, id: 'new-lead', email: 'n@example.org' }),
      [],
    ],
    ['an account', (f) => put(f.accounts[0]!, { name: 'Another' }), []],
    ['somebody who left', (f) => f.people.pop(), ['dealer-lead']],
  ])('%s', async (_what, change, people) => {
    await story.importFile();
    const before = await story.revisions();
    story.clock.at += hour;
    const result = applied(await story.importFile(change));
    expect(result.replanned).toEqual(people);
    const after = await story.revisions();
    const raised = Object.keys(before).filter((id) => after[id] !== before[id]);
    expect(raised.sort()).toEqual(people);
    const announced = await story.sql`SELECT id::text, people, at FROM calendar_change`;
    expect(announced.map((row) => ({ ...row, at: (row['at'] as Date).getTime() }))).toEqual(
      people.length === 0
        ? []
        : [{ id: result.calendarChangeId, people: [...people], at: story.clock.at }],
    );
  });
});

describe('people and calendars, as a transition plans with them', () => {
  test('the asked, their backups and two managers up are locked, each with what is planned with', async () => {
    await story.importFile();
    const people = await story.db
      .transaction()
      .execute((tx) => lockPeople(tx, [person('berlin-lead'), person('nobody')]));
    expect(people.map(({ facts }) => facts.id)).toEqual([
      'berlin-lead',
      'berlin-manager',
      'director',
    ]);
    expect(people[0]).toEqual({
      facts: {
        id: 'berlin-lead',
        isActive: true,
        region: 'germany',
        manager: 'berlin-manager',
        backup: 'berlin-manager',
        roles: [],
      },
      zone: 'Europe/Berlin',
      locale: 'de',
      regionLocale: 'en',
      email: 'berlin-lead@example.org',
      revision: 1,
      zoneData: '',
      quiet: null,
    });
  });

  test('a calendar has one’s own week or the region’s, the region’s days, and one’s absences', async () => {
    await story.importFile((file) => put(file.holidays[1]!, { kind: 'half', halfUntil: '12:30' }));
    const ids = ['tokyo-lead', 'dealer-lead', 'nobody'].map(person);
    const calendars = await loadCalendars(story.db, ids);
    const none = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
    const plain = { holidayRule: 'shift', rosters: [], hoursOff: [], oneOffs: [] };
    const days = [{ day: '2026-12-25', kind: 'half', halfUntilMinute: 750 }];
    expect(Object.fromEntries(calendars)).toEqual({
      'tokyo-lead': {
        ...plain,
        zone: 'Asia/Tokyo',
        week: {
          ...none,
          mon: [
            [540, 720],
            [780, 1080],
          ],
          tue: [[540, 1050]],
        },
        days,
        absences: [{ firstDay: '2026-12-01', lastDay: '2026-12-03' }],
        revision: 1,
      },
      'dealer-lead': {
        ...plain,
        zone: 'Asia/Tokyo',
        week: { ...none, fri: [[1320, 1800]] },
        days,
        absences: [],
        revision: 1,
      },
    });
  });

  test('an import waits for a transition that plans with the facts it changes', async () => {
    await story.importFile();
    let isImported = false;
    let importing: Promise<unknown> | undefined;
    await story.db.transaction().execute(async (tx) => {
      await lockPeople(tx, [person('berlin-lead')]);
      importing = story
        .importFile((file) => put(file.people[1]!, { zone: 'Europe/Paris' }))
        .then(() => (isImported = true));
      await story.waitsForLock();
      expect(isImported).toBe(false);
    });
    await importing;
    expect(await story.revisions()).toMatchObject({ 'berlin-manager': 2 });
  });

  test('an import and a transition that want the same people and account do not block each other', async () => {
    await story.importFile();
    let importing: Promise<unknown> | undefined;
    await story.db.transaction().execute(async (tx) => {
      await lockPeople(tx, [person('berlin-lead')]);
      importing = story.importFile((file) => {
        put(file.people[2]!, { zone: 'Europe/Paris' });
        put(file.accounts[0]!, { name: 'Another' });
      });
      await story.waitsForLock();
      await sql`SELECT FROM account WHERE id = 'st-hedwig-clinics' FOR UPDATE`.execute(tx);
    });
    expect(await importing).toMatchObject({ ok: true, replanned: ['berlin-lead'] });
  });

  test('a transition that waited for a change plans with all of it, not with half', async () => {
    await story.importFile();
    let locking: ReturnType<typeof lockPeople> | undefined;
    await story.sql.begin(async (tx) => {
      await tx`UPDATE person SET zone = 'Europe/Paris', manager_id = 'tokyo-manager' WHERE id = 'berlin-lead'`;
      await tx`UPDATE calendar_revision SET revision = 2 WHERE person_id = 'berlin-lead'`;
      locking = story.db.transaction().execute((own) => lockPeople(own, [person('berlin-lead')]));
      await story.waitsForLock();
    });
    const people = await locking!;
    expect(people.map(({ facts }) => facts.id)).toContain('tokyo-manager');
    expect(people.find(({ facts }) => facts.id === 'berlin-lead')).toMatchObject({
      facts: { manager: 'tokyo-manager' },
      zone: 'Europe/Paris',
      revision: 2,
    });
  });
});

test('a calendar is stored and read with every layer it can have', async () => {
  await story.importFile((f) => {
    put(f, {
      rosters: [
        roster({ person: 'berlin-lead' }),
        { ...roster({ region: 'japan' }), id: 'theirs' },
      ],
      oneOffs: [oneOff],
    });
    put(f.weeks[0]!, { holidays: 'day' });
    put(f.absences[0]!, { lastDay: f.absences[0]!.firstDay, hours: '13:00-15:00' });
    put(f.holidays[0]!, { kind: 'working', like: 'tue' });
  });
  const loaded = await loadCalendars(
    story.db,
    ['berlin-lead', 'tokyo-lead', 'dealer-lead'].map(person),
  );
  const [lead, tokyo, dealer] = ['berlin-lead', 'tokyo-lead', 'dealer-lead'].map((id) =>
    loaded.get(person(id)),
  );
  for (const calendar of loaded.values()) expect(checkCalendar(calendar)).toEqual([]);
  expect(lead).toMatchObject({
    holidayRule: 'day',
    rosters: [
      {
        firstDay: '2027-01-04',
        weeks: [
          { tue: [[540, 1050]], holidayRule: 'day' },
          { fri: [[1320, 1800]], holidayRule: 'shift' },
        ],
      },
    ],
    days: [{ day: '2026-12-25', kind: 'working', like: 'tue' }],
    oneOffs: [{ day: '2027-01-09', intervals: [[600, 960]] }],
    absences: [],
    hoursOff: [],
  });
  expect(lead?.rosters?.[0]).not.toHaveProperty('lastDay');
  expect(tokyo).toMatchObject({ absences: [], hoursOff: [{ interval: [780, 900] }] });
  expect(tokyo?.rosters).toHaveLength(1);
  expect(dealer).toMatchObject({ rosters: [], holidayRule: 'shift' }); // a week of their own
});
