import { expect, test } from 'vitest';
import type { FindingCode } from '../../../domain/directory/finding.ts';
import { type DirectoryFile, drop, findingsOf, put } from '../../support/directory-file.ts';

type Spoil = (file: DirectoryFile) => void;
type Row = [what: string, spoil: Spoil, path: string, code: FindingCode, params?: object];

const mistakes: readonly Row[] = [
  [
    'an e-mail address with a second header',
    (f) => put(f.people[2]!, { email: 'a@b.de\r\nBcc: c@d.de' }),
    'people[2].email',
    'control_character',
  ],
  [
    'two e-mail addresses',
    (f) => put(f.people[2]!, { email: 'a@b.de,c@d.de' }),
    'people[2].email',
    'email_invalid',
  ],
  [
    'a named e-mail address',
    (f) => put(f.people[2]!, { email: 'A <a@b.de>' }),
    'people[2].email',
    'email_invalid',
  ],
  [
    'an e-mail address without a domain',
    (f) => put(f.people[2]!, { email: 'a@b' }),
    'people[2].email',
    'email_invalid',
  ],
  [
    'a name with a line break',
    (f) => put(f.people[2]!, { name: 'A\nB' }),
    'people[2].name',
    'control_character',
  ],

  [
    'hours that are none',
    (f) => put(f.weeks[0]!, { mon: ['9-17'] }),
    'weeks[0].mon[0]',
    'hours_invalid',
    { value: '9-17' },
  ],
  [
    'hours of no length',
    (f) => put(f.weeks[0]!, { mon: ['09:00-09:00'] }),
    'weeks[0].mon[0]',
    'hours_invalid',
  ],
  [
    'a day of 40 hours',
    (f) => put(f.weeks[0]!, { mon: ['00:00-40:00'] }),
    'weeks[0].mon[0]',
    'hours_invalid',
    { value: '00:00-40:00' },
  ],
  [
    'hours after midnight',
    (f) => put(f.weeks[0]!, { mon: ['24:00-25:00'] }),
    'weeks[0].mon[0]',
    'hours_invalid',
  ],
  [
    'overlapping hours',
    (f) => put(f.weeks[0]!, { mon: ['09:00-13:00', '12:59-18:00'] }),
    'weeks[0].mon[1]',
    'hours_overlap',
    { value: '12:59-18:00', first: 'weeks[0].mon[0]' },
  ],
  [
    'hours within other hours, further on',
    (f) => put(f.weeks[0]!, { tue: ['08:00-18:00', '18:00-19:00', '09:00-10:00'] }),
    'weeks[0].tue[2]',
    'hours_overlap',
  ],
  [
    'a night shift into the next day’s hours',
    (f) => put(f.weeks[1]!, { sat: ['05:59-10:00'] }),
    'weeks[1].sat[0]',
    'hours_overlap',
    { value: '05:59-10:00', first: 'weeks[1].fri[0]' },
  ],
  [
    'a Sunday night into Monday’s hours',
    (f) => put(f.weeks[0]!, { sun: ['22:00-09:01'] }),
    'weeks[0].mon[0]',
    'hours_overlap',
  ],

  [
    'a day no calendar has',
    (f) => put(f.holidays[0]!, { day: '2027-02-29' }),
    'holidays[0].day',
    'day_invalid',
  ],
  [
    'a half day without its end',
    (f) => put(f.holidays[0]!, { kind: 'half' }),
    'holidays[0].halfUntil',
    'half_until_missing',
  ],
  [
    'a whole day with an end',
    (f) => put(f.holidays[0]!, { halfUntil: '12:00' }),
    'holidays[0].halfUntil',
    'half_until_needless',
  ],
  [
    'an end that is no time',
    (f) => put(f.holidays[0]!, { kind: 'half', halfUntil: '12:60' }),
    'holidays[0].halfUntil',
    'time_invalid',
  ],
  [
    'an unknown kind of holiday',
    (f) => put(f.holidays[0]!, { kind: 'free' }),
    'holidays[0].kind',
    'not_one_of',
  ],
  [
    'an absence that ends first',
    (f) => put(f.absences[0]!, { lastDay: '2026-11-30' }),
    'absences[0].lastDay',
    'days_reversed',
  ],
  [
    'an instant without offset',
    (f) => put(f.delegations[0]!, { from: '2026-12-01T00:00:00' }),
    'delegations[0].from',
    'instant_invalid',
  ],
  [
    'an instant on no day',
    (f) => put(f.delegations[0]!, { from: '2026-02-30T00:00:00Z' }),
    'delegations[0].from',
    'instant_invalid',
  ],
  [
    'a delegation of no length',
    (f) => put(f.delegations[0]!, { until: f.delegations[0]!.from }),
    'delegations[0].until',
    'period_reversed',
  ],
  [
    'a policy that nothing reads',
    (f) => put(f.policies[0]!, { key: 'handoff.acceptanceMinute' }),
    'policies[0].key',
    'policy_unknown',
    { value: 'handoff.acceptanceMinute', suggestion: 'handoff.acceptanceMinutes' },
  ],
  [
    'a step of a route that asks nobody',
    (f) => {
      const steps = [{ name: 'region', asked: [] }];
      put(f.policies[0]!, { key: 'budget.route', value: { layers: [{ steps }] } });
    },
    'policies[0].value.layers[0].steps[0].asked',
    'policy_list',
    { policy: 'budget.route.layers[0].steps[0].asked', min: 1, max: 10 },
  ],
  [
    'a policy without a value',
    (f) => drop(f.policies[0]!, 'value'),
    'policies[0].value',
    'missing',
  ],
  [
    'a policy nested deeper than it is',
    (f) => put(f.policies[0]!, { value: { a: { b: { c: 1 } } } }),
    'policies[0].value',
    'policy_working_minutes',
    { policy: 'handoff.acceptanceMinutes', min: 1, max: 14_400 },
  ],

  [
    'an account without an owner',
    (f) => drop(f.accounts[0]!, 'owner'),
    'accounts[0].owner',
    'missing',
  ],
  [
    'an account without a site',
    (f) => put(f.accounts[0]!, { sites: [] }),
    'accounts[0].sites',
    'empty',
  ],
  [
    'a field that does not exist',
    (f) => put(f.people[2]!, { emial: 'x' }),
    'people[2].emial',
    'unknown_field',
    { suggestion: 'email' },
  ],
  [
    'a field of a site that does not exist',
    (f) => put(f.accounts[0]!.sites[0]!, { tz: 'x' }),
    'accounts[0].sites[0].tz',
    'unknown_field',
  ],
  ['a number for a text', (f) => put(f.people[2]!, { name: 5 }), 'people[2].name', 'not_text'],
  [
    'a text for a list',
    (f) => put(f.people[2]!, { roles: 'admin' }),
    'people[2].roles',
    'not_list',
  ],
  ['a list for an entry', (f) => put(f.people, { 2: [] }), 'people[2]', 'not_object'],
  ['nothing for an entry', (f) => put(f.people, { 6: null }), 'people[6]', 'not_object'],
  ['an object for a list', (f) => put(f, { absences: {} }), 'absences', 'not_list'],
  ['a noun that is left out', (f) => drop(f, 'absences'), 'absences', 'missing'],
  [
    'a noun that does not exist',
    (f) => put(f, { peple: [] }),
    'peple',
    'unknown_field',
    { suggestion: 'people' },
  ],
];

test.each(mistakes)('%s is found where it is', (_what, spoil, path, code, params) => {
  const { errors } = findingsOf(spoil);
  expect(errors).toContainEqual({ path, code, params: expect.objectContaining(params ?? {}) });
});
