/** The people and the lines that stories of development money are told with. */
import { changeAllocation, openBudgetLine } from '../../db/budget-lines.ts';
import type { Database } from '../../db/client.ts';
import { fiscalYear } from '../../domain/budget/fiscal-year.ts';
import type { PersonId, RegionId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import { randomUUID } from 'node:crypto';
import { givenPeople, person, type TestPerson } from './people.ts';

/** The requester reports to the lead, the lead to the chief, the chief to the director. */
const people: readonly TestPerson[] = [
  { id: 'director', zone: 'Europe/Berlin' },
  { id: 'chief', zone: 'Europe/Berlin', manager: 'director' },
  { id: 'lead', zone: 'Europe/Berlin', locale: 'de', manager: 'chief' },
  { id: 'requester', zone: 'Europe/Berlin', locale: 'de', manager: 'lead' },
  { id: 'report', zone: 'Europe/Berlin', manager: 'requester' },
  { id: 'officer', zone: 'Europe/London', manager: 'director', roles: ['compliance'] },
  { id: 'learning', zone: 'Asia/Tokyo', manager: 'director', roles: ['learning-lead'] },
  { id: 'treasurer', zone: 'Europe/Berlin', manager: 'director' },
  { id: 'stranger', zone: 'Europe/Berlin', manager: 'treasurer' },
  { id: 'operator', zone: 'Etc/UTC', roles: ['operator'] },
];

const [director, chief, lead, requester, report, officer, learning, treasurer, stranger] =
  people.map(({ id }) => person(id));
export const who = {
  director: director!,
  chief: chief!,
  lead: lead!,
  requester: requester!,
  report: report!,
  officer: officer!,
  learning: learning!,
  treasurer: treasurer!,
  stranger: stranger!,
};

export const region = 'world' as RegionId;
export const purpose = 'development';
/** In cents, on the lines of this year and the next two. */
export const allocated = 10_000_00n;

export async function givenBudgetPeople(db: Database, at: Instant): Promise<void> {
  await givenPeople(db, people);
  const first = new Date(at).getUTCFullYear();
  for (const year of [first, first + 1, first + 2]) await givenLine(db, { year, at });
}

interface GivenLine {
  readonly year: number;
  readonly at: Instant;
  readonly purpose?: string;
  readonly currency?: string;
  readonly to?: bigint;
  readonly isRingFenced?: boolean;
  readonly author?: PersonId;
}

export async function givenLine(db: Database, given: GivenLine): Promise<string> {
  const { year, at, currency = 'EUR', to = allocated, isRingFenced = false } = given;
  return db.transaction().execute(async (tx) => {
    const opened = await openBudgetLine(tx, {
      region,
      year: fiscalYear(year, { zone: 'Etc/UTC', fiscalStartMonth: 1 }),
      purpose: given.purpose ?? purpose,
      isRingFenced,
      currency,
    });
    if (!opened.ok) throw new Error(opened.problem.code);
    const change = {
      id: randomUUID(),
      line: opened.id,
      to,
      author: given.author ?? who.director,
      at,
    };
    const changed = await changeAllocation(tx, { ...change, reason: 'The plan of the year.' });
    if (!changed.ok) throw new Error(changed.problem.code);
    return opened.id;
  });
}

/** What a region says from the beginning of time on. */
export async function givenPolicy(db: Database, key: string, value: unknown): Promise<void> {
  await db
    .insertInto('policy')
    .values({ key, value: value as object, valid_from: '2020-01-01' })
    .execute();
}
