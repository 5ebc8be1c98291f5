import { readDirectory, readJson } from '../../api/directory/file.ts';
import { vocabulary } from '../../api/directory/vocabulary.ts';
import type { Database } from '../../db/client.ts';
import type { Finding } from '../../domain/directory/finding.ts';

/** A small organisation as a file, valid in every respect, to be spoiled one place at a time. */
export type DirectoryFile = ReturnType<typeof directoryFile>;

interface FilePerson {
  id: string;
  name: string;
  email: string;
  locale?: string;
  zone: string;
  region: string;
  team: string;
  manager?: string;
  backup?: string;
  week?: string;
  roles?: string[];
}

export function directoryFile() {
  const person = (id: string, more: Partial<FilePerson> = {}): FilePerson => ({
    id,
    name: 'Somebody Else',
    email: `${id}@example.org`,
    zone: 'Europe/Berlin',
    region: 'germany',
    team: 'berlin',
    ...more,
  });
  return {
    regions: [
      region('germany', 'Europe/Berlin', 'berlin-manager'),
      region('japan', 'Asia/Tokyo', 'tokyo-manager'),
    ],
    weeks: [
      { id: 'office', mon: ['09:00-12:00', '13:00-18:00'], tue: ['09:00-17:30'] },
      { id: 'night', fri: ['22:00-06:00'] },
    ] as ({ id: string } & Record<string, string | string[]>)[],
    teams: [
      { id: 'berlin', name: 'Berlin', kind: 'own', region: 'germany' },
      { id: 'dealer', name: 'A dealer', kind: 'partner', region: 'japan' },
    ],
    people: [
      person('director', { roles: ['admin', 'operator'] }),
      person('berlin-manager', { manager: 'director', roles: ['regional-manager@germany'] }),
      person('berlin-lead', { manager: 'berlin-manager', backup: 'berlin-manager', locale: 'de' }),
      person('tokyo-manager', { manager: 'director', zone: 'Asia/Tokyo', region: 'japan' }),
      person('tokyo-lead', { manager: 'tokyo-manager', zone: 'Asia/Tokyo', region: 'japan' }),
      person('dealer-lead', {
        manager: 'tokyo-manager',
        zone: 'Asia/Tokyo',
        region: 'japan',
        team: 'dealer',
        week: 'night',
      }),
    ],
    accounts: [account('st-hedwig-clinics', 'berlin-lead'), account('sakura-center', 'tokyo-lead')],
    holidays: [holiday('germany', '2026-12-25'), holiday('japan', '2026-12-25')],
    absences: [{ id: 'a-1', person: 'tokyo-lead', firstDay: '2026-12-01', lastDay: '2026-12-03' }],
    delegations: [
      {
        id: 'd-1',
        principal: 'berlin-manager',
        delegate: 'berlin-lead',
        from: '2026-12-01T00:00:00+01:00',
        until: '2026-12-05T00:00:00+01:00',
      },
    ],
    policies: [
      { key: 'handoff.acceptanceMinutes', validFrom: '2026-01-01', value: 480 },
      { key: 'handoff.acceptanceMinutes', region: 'japan', validFrom: '2026-01-01', value: 240 },
    ] as { key: string; region?: string; validFrom: string; value: unknown }[],
  };
}

const region = (id: string, zone: string, manager: string) => ({
  id,
  name: id,
  locale: 'en',
  zone,
  manager,
  week: 'office',
});

const account = (id: string, owner: string) => ({
  id,
  name: id,
  team: 'berlin',
  products: ['imaging'],
  countries: ['DE', 'CH'],
  sites: [{ name: 'Main', zone: 'Europe/Berlin' }],
  owner,
});

const holiday = (region: string, day: string) => ({
  region,
  day,
  kind: 'off',
  name: 'A holiday',
  source: 'The law',
  status: 'confirmed',
});

/** All that a reader finds in the file after it was spoiled. */
export function findingsOf(spoil: (file: DirectoryFile) => void): {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
} {
  const file = directoryFile();
  spoil(file);
  const read = readDirectory(readJson(JSON.stringify(file)), vocabulary);
  return read.ok ? { errors: [], warnings: read.warnings } : { errors: read.errors, warnings: [] };
}

/** Assigns where the type would not. */
export const put = (target: object, values: object): void => void Object.assign(target, values);
export const drop = (target: object, field: string): void =>
  void Reflect.deleteProperty(target, field);

/** The one region of `givenPeople` as its file would be sent, without whoever has left. */
export async function worldFileWithout(db: Database, gone: readonly string[]): Promise<object> {
  const people = await db
    .selectFrom('person')
    .select(['id', 'email', 'zone', 'manager_id as manager'])
    .execute();
  const roles = await db.selectFrom('person_role').select(['person_id as id', 'role']).execute();
  const above = new Map(people.map(({ id, manager }) => [id, manager]));
  const stays = (id: string | null): string | null =>
    id !== null && gone.includes(id) ? stays(above.get(id) ?? null) : id;
  const hours = ['09:00-17:00'];
  const place = { region: 'world', team: 'team' };
  return {
    regions: [
      {
        id: 'world',
        name: 'World',
        locale: 'en',
        zone: 'Etc/UTC',
        week: 'office',
        manager: 'director',
      },
    ],
    weeks: [{ id: 'office', mon: hours, tue: hours, wed: hours, thu: hours, fri: hours }],
    teams: [{ id: 'team', name: 'Team', kind: 'own', region: 'world' }],
    people: people
      .filter(({ id }) => !gone.includes(id))
      .map(({ manager, ...one }) => ({
        ...one,
        name: 'Somebody Else',
        ...place,
        ...(stays(manager) !== null && { manager: stays(manager) }),
        roles: roles.flatMap(({ id, role }) => (id === one.id ? [role] : [])),
      })),
    accounts: [],
    holidays: [],
    absences: [],
    delegations: [],
    policies: [],
  };
}
