/** The people and the account that stories of handoffs are told with. */
import type { Database } from '../../db/client.ts';
import type { AccountId, PersonId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { givenPeople, person, type TestPerson } from './people.ts';

export const account = 'st-hedwig' as AccountId;

const people: readonly TestPerson[] = [
  { id: 'berlin-director', zone: 'Europe/Berlin' },
  { id: 'berlin-manager', zone: 'Europe/Berlin', manager: 'berlin-director' },
  { id: 'berlin-lead', zone: 'Europe/Berlin', locale: 'de', manager: 'berlin-manager' },
  { id: 'tokyo-manager', zone: 'Asia/Tokyo', locale: 'ja' },
  { id: 'tokyo-backup', zone: 'Asia/Tokyo', locale: 'ja', manager: 'tokyo-manager' },
  {
    id: 'tokyo-lead',
    zone: 'Asia/Tokyo',
    locale: 'ja',
    manager: 'tokyo-manager',
    backup: 'tokyo-backup',
  },
  { id: 'london-lead', zone: 'Europe/London', manager: 'new-york-lead', backup: 'new-york-lead' },
  {
    id: 'new-york-lead',
    zone: 'America/New_York',
    manager: 'berlin-director',
    backup: 'london-lead',
  },
  { id: 'operator', zone: 'Etc/UTC', roles: ['operator'] },
];

export const berlin = { lead: person('berlin-lead'), manager: person('berlin-manager') };
export const tokyo = {
  lead: person('tokyo-lead'),
  backup: person('tokyo-backup'),
  manager: person('tokyo-manager'),
};

export const operator = person('operator');

/** The account is the Berlin lead's since the day before `at`. */
export async function givenHandoffPeople(db: Database, at: Instant): Promise<void> {
  await givenPeople(db, people);
  await givenAccount(db, { id: account, owner: berlin.lead, since: at - 86_400_000 });
}

interface GivenAccount {
  readonly id: AccountId;
  readonly owner: PersonId;
  readonly since: Instant;
}

export async function givenAccount(db: Database, given: GivenAccount): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('account')
      .values({
        id: given.id,
        name: 'St. Hedwig Clinics',
        team_id: 'team',
        products: ['stent'],
        countries: ['DE', 'JP'],
        sites: [{ name: 'Berlin', zone: 'Europe/Berlin' }],
      })
      .execute();
    await tx
      .insertInto('custody')
      .values({
        account_id: given.id,
        owner_id: given.owner,
        period: `[${new Date(given.since).toISOString()},)`,
      })
      .execute();
  });
}

/** Whoever works as everybody does, works again in three days: what can wait is planned and not sent. */
export async function givenDaysOff(db: Database, at: Instant): Promise<void> {
  const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
  const worked = (new Date(at).getUTCDay() + 3) % days.length;
  const intervals = Object.fromEntries(
    days.map((day, index) => [day, index === worked ? [[540, 1020]] : []]),
  );
  await db.updateTable('working_week').set({ intervals }).where('id', '=', 'office').execute();
}
