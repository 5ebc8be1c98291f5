import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { publishedHolidays } from '../../bin/holidays/published.ts';
import { loadCalendars } from '../../db/calendars.ts';
import { holidaysOf } from '../../db/holiday-reviews.ts';
import { type Seeded, seedHolidays, type SeedRequest } from '../../db/holidays.ts';
import type { PublishedHoliday } from '../../domain/holidays/published-holiday.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import { type DirectoryFile, put } from '../support/directory-file.ts';
import { applied, type ImportStory, importStory } from '../support/import-story.ts';

const year = 2027;
const germany = 'germany' as RegionId;
let story: ImportStory;
beforeAll(async () => {
  story = await importStory(Date.UTC(2026, 10, 23, 9));
});
afterAll(() => story.drop());
beforeEach(() => story.forget());

type Publish = SeedRequest<unknown>['publish'];
type Run = { readonly isDryRun?: boolean; readonly publish?: Publish };

const seed = ({ isDryRun = false, publish = publishedHolidays }: Run = {}) =>
  seedHolidays<unknown>(story.db, { year, at: story.clock.now(), isDryRun, publish });

const inBavaria = (file: DirectoryFile) =>
  put(file.regions[0]!, { country: 'DE', subdivision: 'BY' });

/** Days that one publication says, whatever the law of the place. */
const saying =
  (...days: readonly Partial<PublishedHoliday>[]): Publish =>
  () => ({
    days: days.map((day) => ({
      day: '2027-03-10',
      kind: 'off',
      halfUntilMinute: null,
      name: 'عيد الفطر',
      names: { en: 'Eid al-Fitr', ar: 'عيد الفطر' },
      source: 'The moon',
      status: 'provisional',
      ...day,
    })),
  });

const changed = (seeded: Seeded<unknown>, region: string): number | undefined =>
  seeded.regions.find(({ id }) => id === region)?.changes.length;

const days = async (): Promise<readonly string[]> =>
  ((await holidaysOf(story.db, germany, year)) ?? []).map(
    ({ day, kind, status, name }) => `${day} ${kind} ${status} ${name}`,
  );

const changes = () => story.db.selectFrom('calendar_change').select(['reason', 'people']).execute();

async function answered(day: string, movedTo: string | null): Promise<void> {
  const id = randomUUID();
  await story.sql`INSERT INTO loop_instance (id, loop, opened_at)
    VALUES (${id}, 'holidayReview', now())`;
  await story.sql`INSERT INTO holiday_review (id, region_id, day, status, moved_to, closed_at)
    VALUES (${id}, ${germany}, ${day}, 'corrected', ${movedTo}, now())`;
}

test('the holidays of a region’s country are put in once, and those who work there plan again', async () => {
  applied(await story.importFile(inBavaria));
  const first = await seed();
  expect(changed(first, 'germany')).toBe(12);
  expect(first.people).toBe(3);
  expect(await changes()).toEqual([
    { reason: 'holiday', people: ['berlin-lead', 'berlin-manager', 'director'] },
  ]);
  expect(await days()).toContain('2027-05-27 off confirmed Fronleichnam');
  const before = await story.everything();
  const second = await seed();
  expect(second.regions.flatMap((region) => region.changes)).toEqual([]);
  expect(second.calendarChangeId).toBeNull();
  expect(await story.everything()).toBe(before);
});

test('a dry run tells the same and writes nothing', async () => {
  applied(await story.importFile(inBavaria));
  const before = await story.everything();
  expect(changed(await seed({ isDryRun: true }), 'germany')).toBe(12);
  expect(await story.everything()).toBe(before);
});

test('a region without a country, and one whose country nobody knows, keep their days', async () => {
  applied(
    await story.importFile((file) => put(file.regions[1]!, { country: 'JP', subdivision: '99' })),
  );
  const seeded = await seed();
  expect(seeded.regions).toMatchObject([
    { id: 'germany', place: null, problem: null, changes: [] },
    { id: 'japan', problem: 'subdivision', changes: [] },
  ]);
  expect(await changes()).toEqual([]);
});

test('what the organisation’s file says of a day wins, before and after, and comes back when the file is silent', async () => {
  const withOwnDay = (file: DirectoryFile) => {
    inBavaria(file);
    put(file.holidays[0]!, { day: '2027-05-27', kind: 'working', name: 'Inventur' });
  };
  applied(await story.importFile(withOwnDay));
  const seeded = await seed();
  expect([...(seeded.regions[0]?.own ?? [])]).toEqual([['2027-05-27', 'working']]);
  expect(await days()).toContain('2027-05-27 working confirmed Inventur');
  const calendars = await loadCalendars(story.db, ['berlin-lead' as PersonId]);
  const own = calendars
    .get('berlin-lead' as PersonId)
    ?.days.find(({ day }) => day === '2027-05-27');
  expect(own).toEqual({ day: '2027-05-27', kind: 'working' });
  applied(await story.importFile(inBavaria));
  expect(await days()).toContain('2027-05-27 off confirmed Fronleichnam');
});

test('a publication that changes moves what it published, and one that only names it anew moves nobody', async () => {
  applied(await story.importFile(inBavaria));
  await seed({ publish: saying({ day: '2027-03-10' }) });
  const renamed = await seed({ publish: saying({ names: {}, status: 'confirmed' }) });
  expect(renamed).toMatchObject({ people: 0, calendarChangeId: null });
  const moved = await seed({ publish: saying({ day: '2027-03-11' }) });
  expect(moved.regions[0]?.changes.map(({ day, from, to }) => [day, from?.day, to?.day])).toEqual([
    ['2027-03-10', '2027-03-10', undefined],
    ['2027-03-11', undefined, '2027-03-11'],
  ]);
  expect(moved.people).toBe(3);
  expect(await days()).toEqual(['2027-03-11 off provisional عيد الفطر']);
});

test('what the region’s manager has answered holds against the publication and against a file that is unsure', async () => {
  applied(await story.importFile(inBavaria));
  await seed({ publish: saying({ day: '2027-03-10' }, { day: '2027-03-12' }) });
  await answered('2027-03-10', '2027-03-11');
  await answered('2027-03-12', null);
  const told = ['2027-03-11 off confirmed عيد الفطر'];
  expect(await days()).toEqual(told);
  await seed({
    publish: saying({ day: '2027-03-10', status: 'confirmed' }, { day: '2027-03-12' }),
  });
  expect(await days()).toEqual(told);
  const later = await seed({ publish: saying() });
  expect(later.regions[0]).toMatchObject({ changes: [], kept: ['2027-03-10', '2027-03-12'] });
  expect(await days()).toEqual(told);
  const unsure = (status: string) => (file: DirectoryFile) => {
    inBavaria(file);
    put(file.holidays[0]!, { day: '2027-03-10', status });
  };
  applied(await story.importFile(unsure('provisional')));
  expect(await days()).toEqual(['2027-03-11 off confirmed A holiday']);
  applied(await story.importFile(unsure('confirmed')));
  expect(await days()).toEqual(['2027-03-10 off confirmed A holiday']);
});

test('a region that lies in another country now forgets what was published for the first', async () => {
  applied(await story.importFile(inBavaria));
  await seed();
  applied(await story.importFile((file) => put(file.regions[0]!, { country: 'FR' })));
  expect(await days()).toEqual([]);
  expect((await changes()).at(-1)).toMatchObject({ reason: 'directory' });
  expect(changed(await seed(), 'germany')).toBe(11);
});
