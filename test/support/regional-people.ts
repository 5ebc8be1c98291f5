/** People of several regions, each with its country, language, zone and manager; all of one team of our own. */
import { sql, type Transaction } from 'kysely';
import type { DB } from '../../db/schema.ts';

export interface TestRegion {
  readonly id: string;
  readonly country: string;
  readonly locale: string;
  readonly zone: string;
  readonly manager: string;
}

export interface RegionalPerson<Region extends string = string> {
  readonly id: string;
  readonly region: Region;
  readonly roles?: readonly string[];
  readonly languages?: readonly string[];
  readonly team?: string;
  readonly backup?: string;
  /** Of their region where absent. */
  readonly manager?: string;
}

interface Given {
  readonly regions: readonly TestRegion[];
  readonly people: readonly RegionalPerson[];
}

const days = ['mon', 'tue', 'wed', 'thu', 'fri'];
const officeWeek = Object.fromEntries([
  ...days.map((day) => [day, [[540, 1020]]]),
  ['sat', []],
  ['sun', []],
]);

/** With a partner’s team beside, which is in the region of the team of our own: the `dach` one. */
export async function givenRegionalPeople(
  tx: Transaction<DB>,
  { regions, people }: Given,
): Promise<void> {
  await tx.insertInto('working_week').values({ id: 'office', intervals: officeWeek }).execute();
  await tx
    .insertInto('region')
    .values(
      regions.map(({ manager, ...region }) => ({
        ...region,
        name: `Region ${region.id}`,
        manager_id: manager,
        week_id: 'office',
      })),
    )
    .execute();
  await tx
    .insertInto('team')
    .values([
      { id: 'team', name: 'Team', kind: 'own', region_id: 'dach' },
      { id: 'partners', name: 'Partners', kind: 'partner', region_id: 'dach' },
    ])
    .execute();
  const placeOf = new Map(regions.map((region) => [region.id, region]));
  await tx
    .insertInto('person')
    .values(
      people.map(({ id, region, languages = [], team = 'team', backup, manager }) => {
        const place = placeOf.get(region);
        const above = manager ?? place?.manager;
        return {
          id,
          name: `Name of ${id}`,
          email: `${id}@example.test`,
          zone: place?.zone ?? 'UTC',
          region_id: region,
          team_id: team,
          languages: [...languages],
          manager_id: above === id ? null : (above ?? null),
          backup_id: backup ?? null,
        };
      }),
    )
    .execute();
  await sql`INSERT INTO calendar_revision (person_id) SELECT id FROM person`.execute(tx);
  const grants = people.flatMap(({ id, region, roles = [] }) =>
    roles.map((role) => ({
      person_id: id,
      role,
      // Who teaches does so everywhere; who reviews, where they know the law.
      region_id: role === 'learning-lead' ? null : region,
    })),
  );
  await tx.insertInto('person_role').values(grants).execute();
}
