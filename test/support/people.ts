import type { Database } from '../../db/client.ts';
import type { PersonId } from '../../domain/id.ts';

export interface TestPerson {
  readonly id: string;
  readonly zone: string;
  readonly locale?: string;
  readonly manager?: string;
  readonly backup?: string;
  readonly roles?: readonly string[];
}

/** Mondays to Fridays, nine to five, unless a test says otherwise. */
const officeWeek = Object.fromEntries([
  ...['mon', 'tue', 'wed', 'thu', 'fri'].map((day) => [day, [[540, 1020]]]),
  ['sat', []],
  ['sun', []],
]);

/** One region, one team and the given people, without the checks of an import. */
export async function givenPeople(db: Database, people: readonly TestPerson[]): Promise<void> {
  const [first] = people;
  if (!first) return;
  await db.transaction().execute(async (tx) => {
    await tx.insertInto('working_week').values({ id: 'office', intervals: officeWeek }).execute();
    await tx
      .insertInto('region')
      .values({
        id: 'world',
        name: 'World',
        locale: 'en',
        zone: 'Etc/UTC',
        manager_id: first.id,
        week_id: 'office',
      })
      .execute();
    await tx
      .insertInto('team')
      .values({ id: 'team', name: 'Team', kind: 'own', region_id: 'world' })
      .execute();
    await tx
      .insertInto('person')
      .values(
        people.map((person) => ({
          id: person.id,
          name: `Name of ${person.id}`,
          email: `${person.id}@example.test`,
          locale: person.locale ?? null,
          zone: person.zone,
          region_id: 'world',
          team_id: 'team',
          manager_id: person.manager ?? null,
          backup_id: person.backup ?? null,
        })),
      )
      .execute();
    await tx
      .insertInto('calendar_revision')
      .values(people.map(({ id }) => ({ person_id: id })))
      .execute();
    const roles = people.flatMap(({ id, roles: held = [] }) =>
      held.map((role) => ({ person_id: id, role })),
    );
    if (roles.length > 0) await tx.insertInto('person_role').values(roles).execute();
  });
}

export const person = (id: string): PersonId => id as PersonId;
