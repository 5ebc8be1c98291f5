import { expect, test } from 'vitest';
import type { FindingCode } from '../../../domain/directory/finding.ts';
import { type DirectoryFile, findingsOf, put } from '../../support/directory-file.ts';

type Spoil = (file: DirectoryFile) => void;
type Row = [what: string, spoil: Spoil, path: string, code: FindingCode, params?: object];
const zoneOf = (zone: string, suggestion: string): Row => [
  `the zone ${zone}`,
  (file) => put(file.people[2]!, { zone }),
  'people[2].zone',
  'zone_unknown',
  { value: zone, suggestion },
];

const turns = { id: 'turns', person: 'tokyo-lead', firstDay: '2027-01-04', weeks: ['office'] };

const mistakes: readonly Row[] = [
  zoneOf('Europe/Munchen', 'Europe/Berlin'),
  zoneOf('Europe/München', 'Europe/Berlin'),
  zoneOf('Asia/Osaka', 'Asia/Tokyo'),
  zoneOf('America/Sao Paulo', 'America/Sao_Paulo'),
  zoneOf('America/Sao_Paolo', 'America/Sao_Paulo'),
  zoneOf('Germany', 'Europe/Berlin'),
  zoneOf('europe/berlin', 'Europe/Berlin'),
  zoneOf('EST', 'America/New_York'),
  [
    'a fixed offset as zone',
    (f) => put(f.people[2]!, { zone: '+01:00' }),
    'people[2].zone',
    'zone_unknown',
    { value: '+01:00' },
  ],
  [
    'the zone of a site',
    (f) => put(f.accounts[1]!.sites[0]!, { zone: 'Mars' }),
    'accounts[1].sites[0].zone',
    'zone_unknown',
  ],
  [
    'the zone of a region',
    (f) => put(f.regions[1]!, { zone: 'Asia/Tokio' }),
    'regions[1].zone',
    'zone_unknown',
    { value: 'Asia/Tokio', suggestion: 'Asia/Tokyo' },
  ],
  [
    'a language somebody works in, which there is not',
    (f) => put(f.people[2]!, { languages: ['de', 'tlh'] }),
    'people[2].languages[1]',
    'locale_unknown',
  ],
  [
    'a locale that is not translated',
    (f) => put(f.people[2]!, { locale: 'tlh' }),
    'people[2].locale',
    'locale_unknown',
  ],
  [
    'the country of a region',
    (f) => put(f.regions[0]!, { country: 'UK' }),
    'regions[0].country',
    'country_unknown',
    { value: 'UK' },
  ],
  [
    'a subdivision in small letters',
    (f) => put(f.regions[0]!, { country: 'DE', subdivision: 'by' }),
    'regions[0].subdivision',
    'subdivision_invalid',
    { value: 'by' },
  ],
  [
    'a subdivision of nowhere',
    (f) => put(f.regions[0]!, { subdivision: 'BY' }),
    'regions[0].subdivision',
    'subdivision_invalid',
    { value: 'BY' },
  ],
  [
    'a country that is a union',
    (f) => f.accounts[0]!.countries.push('EU'),
    'accounts[0].countries[2]',
    'country_unknown',
    { value: 'EU' },
  ],

  [
    'a roster of nobody',
    (f) => put(f, { rosters: [{ id: 'r', firstDay: '2027-01-04', weeks: ['office'] }] }),
    'rosters[0]',
    'roster_subject',
  ],
  [
    'a roster with an unknown week',
    (f) => put(f, { rosters: [{ ...turns, weeks: ['offise'] }] }),
    'rosters[0].weeks[0]',
    'unknown_week',
    { value: 'offise', suggestion: 'office' },
  ],
  [
    'a roster that ends before it begins',
    (f) => put(f, { rosters: [{ ...turns, lastDay: '2027-01-03' }] }),
    'rosters[0].lastDay',
    'days_reversed',
  ],
  [
    'two rosters of one person on one day',
    (f) => put(f, { rosters: [{ ...turns, id: 'later', firstDay: '2027-02-01' }, turns] }),
    'rosters[0].firstDay',
    'roster_overlap',
    { first: 'rosters[1]' },
  ],
  [
    'a roster within another one that follows a third',
    (f) =>
      put(f, {
        rosters: [
          { ...turns, lastDay: '2027-03-31' },
          { ...turns, id: 'b', firstDay: '2027-01-11', lastDay: '2027-01-17' },
          { ...turns, id: 'c', firstDay: '2026-12-01', lastDay: '2027-01-03' },
        ],
      }),
    'rosters[1].firstDay',
    'roster_overlap',
    { first: 'rosters[0]' },
  ],
  [
    'a Sunday night that runs into the Monday of the week whose turn is next',
    (f) => {
      put(f.weeks[1]!, { sun: ['22:00-09:30'] });
      put(f, { rosters: [{ ...turns, weeks: ['office', 'night'] }] });
    },
    'rosters[0].weeks[0]',
    'hours_overlap',
    { value: '09:00-12:00', first: 'weeks[1].sun[0]' },
  ],
  [
    'hours off over several days',
    (f) => put(f.absences[0]!, { hours: '13:00-15:00', lastDay: '2026-12-31' }),
    'absences[0].hours',
    'hours_of_one_day',
  ],
  [
    'a day off like a Tuesday',
    (f) => put(f.holidays[0]!, { like: 'tue' }),
    'holidays[0].like',
    'like_needless',
  ],
  [
    'a day of one’s own whose hours overlap',
    (f) =>
      put(f, {
        oneOffs: [
          {
            id: 'o',
            person: 'tokyo-lead',
            day: '2027-01-09',
            hours: ['09:00-12:00', '11:00-13:00'],
          },
        ],
      }),
    'oneOffs[0].hours[1]',
    'hours_overlap',
  ],
  [
    'an unknown manager',
    (f) => put(f.people[2]!, { manager: 'berlin-manger' }),
    'people[2].manager',
    'unknown_person',
    { value: 'berlin-manger', suggestion: 'berlin-manager' },
  ],
  [
    'an unknown backup',
    (f) => put(f.people[2]!, { backup: 'nobody-at-all' }),
    'people[2].backup',
    'unknown_person',
    { value: 'nobody-at-all' },
  ],
  [
    'an unknown team',
    (f) => put(f.people[2]!, { team: 'berln' }),
    'people[2].team',
    'unknown_team',
  ],
  [
    'an unknown region',
    (f) => put(f.people[2]!, { region: 'france' }),
    'people[2].region',
    'unknown_region',
  ],
  [
    'an unknown week',
    (f) => put(f.people[2]!, { week: 'offices' }),
    'people[2].week',
    'unknown_week',
    { value: 'offices', suggestion: 'office' },
  ],
  [
    'an unknown regional manager',
    (f) => put(f.regions[0]!, { manager: 'x' }),
    'regions[0].manager',
    'unknown_person',
  ],
  [
    'an unknown week of a region',
    (f) => put(f.regions[0]!, { week: 'x' }),
    'regions[0].week',
    'unknown_week',
  ],
  [
    'an unknown region of a team',
    (f) => put(f.teams[0]!, { region: 'x' }),
    'teams[0].region',
    'unknown_region',
  ],
  [
    'an unknown owner',
    (f) => put(f.accounts[0]!, { owner: 'x' }),
    'accounts[0].owner',
    'unknown_person',
  ],
  [
    'an unknown team of an account',
    (f) => put(f.accounts[0]!, { team: 'x' }),
    'accounts[0].team',
    'unknown_team',
  ],
  [
    'a holiday of no region',
    (f) => put(f.holidays[0]!, { region: 'x' }),
    'holidays[0].region',
    'unknown_region',
  ],
  [
    'an absence of nobody',
    (f) => put(f.absences[0]!, { person: 'x' }),
    'absences[0].person',
    'unknown_person',
  ],
  [
    'a delegation by nobody',
    (f) => put(f.delegations[0]!, { principal: 'x' }),
    'delegations[0].principal',
    'unknown_person',
  ],
  [
    'a delegation to nobody',
    (f) => put(f.delegations[0]!, { delegate: 'x' }),
    'delegations[0].delegate',
    'unknown_person',
  ],
  [
    'a policy of no region',
    (f) => put(f.policies[1]!, { region: 'x' }),
    'policies[1].region',
    'unknown_region',
  ],
  [
    'a role in no region',
    (f) => put(f.people[0]!, { roles: ['admin', 'operator', 'compliance@x'] }),
    'people[0].roles[2]',
    'unknown_region',
  ],
  [
    'an unknown role',
    (f) => put(f.people[2]!, { roles: ['acount-lead'] }),
    'people[2].roles[0]',
    'role_unknown',
  ],
  [
    'the same role twice',
    (f) => put(f.people[2]!, { roles: ['member', 'member'] }),
    'people[2].roles[1]',
    'duplicate',
    { value: 'member', first: 'people[2].roles[0]' },
  ],
  [
    'an office for a partner',
    (f) => put(f.people[5]!, { roles: ['compliance'] }),
    'people[5].roles[0]',
    'role_not_for_partner',
    { role: 'compliance' },
  ],

  [
    'the same person twice',
    (f) => f.people.push({ ...f.people[2]! }),
    'people[6].id',
    'duplicate',
    { value: 'berlin-lead', first: 'people[2]' },
  ],
  [
    'the same region twice',
    (f) => f.regions.push({ ...f.regions[0]! }),
    'regions[2].id',
    'duplicate',
  ],
  [
    'the same account twice',
    (f) => f.accounts.push({ ...f.accounts[0]! }),
    'accounts[2].id',
    'duplicate',
  ],
  [
    'the same holiday twice',
    (f) => f.holidays.push({ ...f.holidays[0]! }),
    'holidays[2]',
    'duplicate',
    { value: 'germany 2026-12-25', first: 'holidays[0]' },
  ],
  [
    'the same policy twice',
    (f) => f.policies.push({ ...f.policies[0]! }),
    'policies[2]',
    'duplicate',
  ],
  [
    'an id with capitals',
    (f) => put(f.accounts[0]!, { id: 'St-Hedwig' }),
    'accounts[0].id',
    'id_invalid',
  ],
  [
    'an id of 64 characters',
    (f) => put(f.accounts[0]!, { id: 'a'.repeat(64) }),
    'accounts[0].id',
    'too_long',
    { max: 63, length: 64 },
  ],
  [
    'an id that begins with a hyphen',
    (f) => put(f.teams[1]!, { id: '-dealer' }),
    'teams[1].id',
    'id_invalid',
  ],

  [
    'oneself as manager',
    (f) => put(f.people[2]!, { manager: 'berlin-lead' }),
    'people[2].manager',
    'own_manager',
  ],
  [
    'oneself as backup',
    (f) => put(f.people[2]!, { backup: 'berlin-lead' }),
    'people[2].backup',
    'own_backup',
  ],
  [
    'a line of managers that leads back',
    (f) => put(f.people[0]!, { manager: 'berlin-lead' }),
    'people[0].manager',
    'manager_cycle',
    { people: 'director → berlin-lead → berlin-manager → director' },
  ],
  [
    'a delegation to oneself',
    (f) => put(f.delegations[0]!, { delegate: 'berlin-manager' }),
    'delegations[0].delegate',
    'delegate_to_self',
  ],
];

test.each(mistakes)('%s is found where it is', (_what, spoil, path, code, params) => {
  const { errors } = findingsOf(spoil);
  expect(errors).toContainEqual({ path, code, params: expect.objectContaining(params ?? {}) });
});
