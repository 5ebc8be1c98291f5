import { expect, test } from 'vitest';
import { readCsv } from '../../../api/directory/csv.ts';
import { readDirectory } from '../../../api/directory/file.ts';
import { vocabulary } from '../../../api/directory/vocabulary.ts';
import type { FindingCode } from '../../../domain/directory/finding.ts';
import { wholeMap } from '../../support/competency-map.ts';
import { findingsOf, put } from '../../support/directory-file.ts';

const target = {
  role: 'account-lead',
  region: 'germany',
  validFrom: '2027-01-01',
  competency: 'clinical-fluency',
  level: 'advanced',
};
const quota = { person: 'berlin-lead', quarter: '2026-Q4', percent: 104 };
const [first, ...rest] = wholeMap('2027-01-01', 'anything');

type Row = [what: string, lists: object, path: string, code: FindingCode];
const mistakes: readonly Row[] = [
  [
    'a role that is none',
    { targetProfiles: [{ ...target, role: 'account-leed' }] },
    'targetProfiles[0].role',
    'role_unknown',
  ],
  [
    'a region that is none',
    { targetProfiles: [{ ...target, region: 'atlantis' }] },
    'targetProfiles[0].region',
    'unknown_region',
  ],
  [
    'a competency that is none',
    { targetProfiles: [{ ...target, competency: 'charm' }] },
    'targetProfiles[0].competency',
    'not_one_of',
  ],
  [
    'a day that is none',
    { targetProfiles: [{ ...target, validFrom: '2027-02-30' }] },
    'targetProfiles[0].validFrom',
    'day_invalid',
  ],
  [
    'two levels for the same',
    { targetProfiles: [target, { ...target, level: 'beginner' }] },
    'targetProfiles[1]',
    'duplicate',
  ],
  ['a version with a text missing', { descriptors: rest }, 'descriptors[0]', 'descriptor_missing'],
  ['a text twice', { descriptors: [first, ...rest, first] }, 'descriptors[27]', 'duplicate'],
  [
    'a language that is none',
    { descriptors: [first, ...rest, { ...first, locale: 'tlh' }] },
    'descriptors[27].locale',
    'locale_unknown',
  ],
  [
    'a quarter that is none',
    { quotas: [{ ...quota, quarter: '2026-Q5' }] },
    'quotas[0].quarter',
    'quarter_invalid',
  ],
  [
    'half a percent',
    { quotas: [{ ...quota, percent: 99.5 }] },
    'quotas[0].percent',
    'percent_invalid',
  ],
  [
    'less than nothing',
    { quotas: [{ ...quota, percent: -1 }] },
    'quotas[0].percent',
    'percent_invalid',
  ],
  [
    'a quota of nobody',
    { quotas: [{ ...quota, person: 'x' }] },
    'quotas[0].person',
    'unknown_person',
  ],
];

test.each(mistakes)('%s is told where it stands', (_what, lists, path, code) => {
  const { errors } = findingsOf((file) => put(file, lists));
  expect(errors.map((one) => [one.path, one.code])).toEqual([[path, code]]);
});

test('whatever is whole is read, as CSV too', () => {
  const { errors } = findingsOf((file) =>
    put(file, { targetProfiles: [target], quotas: [quota], descriptors: [first, ...rest] }),
  );
  expect(errors).toEqual([]);
  const raw = readCsv([
    {
      name: 'quotas.csv',
      text: 'person,quarter,percent\nberlin-lead,2026-Q4,104\nx,2026-Q4,1e3\n',
    },
  ]);
  const read = readDirectory(raw, vocabulary);
  const ofQuotas = read.ok ? [] : read.errors.filter((one) => one.path.startsWith('quotas'));
  expect(ofQuotas.map((one) => [one.path, one.code])).toEqual([
    ['quotas.csv:3.percent', 'not_value'],
    ['quotas.csv:2.person', 'unknown_person'],
  ]);
});
