/** The people that the arc of growth is told with: five regions, five languages, one who learns from another. */
import type { Database } from '../../db/client.ts';
import type { Instant } from '../../domain/loop.ts';
import { account, givenAccount } from './handoff-organisation.ts';
import { person } from './people.ts';
import { givenRegionalPeople, type RegionalPerson } from './regional-people.ts';

export const munich = {
  manager: person('munich-manager'),
  learner: person('munich-learner'),
  colleague: person('munich-colleague'),
  doctor: person('munich-doctor'),
  officer: person('munich-officer'),
  /** Opens the lines of the region’s money. */
  controller: person('munich-controller'),
  /** Leads the learning everywhere, and translates. */
  teacher: person('munich-teacher'),
};
export const bengaluru = {
  manager: person('bengaluru-manager'),
  doctor: person('bengaluru-doctor'),
  officer: person('bengaluru-officer'),
  seller: person('bengaluru-seller'),
};
export const saoPaulo = {
  director: person('sao-paulo-director'),
  doctor: person('sao-paulo-doctor'),
  officer: person('sao-paulo-officer'),
  seller: person('sao-paulo-seller'),
};
export const tokyo = {
  manager: person('tokyo-manager'),
  doctor: person('tokyo-doctor'),
  officer: person('tokyo-officer'),
  seller: person('tokyo-seller'),
};
export const boston = {
  manager: person('boston-manager'),
  doctor: person('boston-doctor'),
  officer: person('boston-officer'),
  seller: person('boston-seller'),
};
/** Who says that it may be read there. */
export const reviewers = [
  { country: 'DE', clinical: munich.doctor, compliance: munich.officer },
  { country: 'IN', clinical: bengaluru.doctor, compliance: bengaluru.officer },
  { country: 'BR', clinical: saoPaulo.doctor, compliance: saoPaulo.officer },
  { country: 'JP', clinical: tokyo.doctor, compliance: tokyo.officer },
  { country: 'US', clinical: boston.doctor, compliance: boston.officer },
] as const;

const regions = [
  { id: 'dach', country: 'DE', locale: 'de', zone: 'Europe/Berlin', manager: munich.manager },
  { id: 'india', country: 'IN', locale: 'hi', zone: 'Asia/Kolkata', manager: bengaluru.manager },
  {
    id: 'brazil',
    country: 'BR',
    locale: 'pt-BR',
    zone: 'America/Sao_Paulo',
    manager: saoPaulo.director,
  },
  { id: 'japan', country: 'JP', locale: 'ja', zone: 'Asia/Tokyo', manager: tokyo.manager },
  { id: 'us', country: 'US', locale: 'en', zone: 'America/New_York', manager: boston.manager },
] as const;

/** Who reviews abroad may do both, but not of one practice. */
const reviewer = ['clinical-reviewer', 'compliance'];

const people: readonly RegionalPerson<(typeof regions)[number]['id']>[] = [
  { id: munich.manager, region: 'dach', manager: saoPaulo.director },
  { id: munich.learner, region: 'dach', roles: ['account-lead'], backup: munich.colleague },
  { id: munich.colleague, region: 'dach', roles: ['account-lead'] },
  { id: munich.doctor, region: 'dach', roles: ['clinical-reviewer'] },
  { id: munich.officer, region: 'dach', roles: ['compliance'] },
  { id: munich.controller, region: 'dach', roles: ['admin'] },
  {
    id: munich.teacher,
    region: 'dach',
    roles: ['learning-lead'],
    languages: ['de', 'hi', 'pt-BR', 'ja', 'en'],
  },
  { id: bengaluru.manager, region: 'india' },
  { id: bengaluru.doctor, region: 'india', roles: reviewer },
  { id: bengaluru.officer, region: 'india', roles: ['compliance'] },
  { id: bengaluru.seller, region: 'india' },
  { id: saoPaulo.director, region: 'brazil' },
  { id: saoPaulo.doctor, region: 'brazil', roles: reviewer },
  { id: saoPaulo.officer, region: 'brazil', roles: ['compliance'] },
  { id: saoPaulo.seller, region: 'brazil' },
  { id: tokyo.manager, region: 'japan' },
  { id: tokyo.doctor, region: 'japan', roles: reviewer },
  { id: tokyo.officer, region: 'japan', roles: ['compliance'] },
  { id: tokyo.seller, region: 'japan' },
  { id: boston.manager, region: 'us' },
  { id: boston.doctor, region: 'us', roles: reviewer },
  { id: boston.officer, region: 'us', roles: ['compliance'] },
  { id: boston.seller, region: 'us' },
];

export const competency = 'cross-border-teamwork';

/** One account is the learner’s; whoever leads accounts is asked to work across borders at an advanced level. */
export async function givenGrowthPeople(db: Database, at: Instant): Promise<void> {
  await db.transaction().execute((tx) => givenRegionalPeople(tx, { regions, people }));
  await givenAccount(db, { id: account, owner: munich.learner, since: at - 86_400_000 });
  await db
    .insertInto('target_profile')
    .values({ role: 'account-lead', valid_from: '2020-01-01', competency, level: 'advanced' })
    .execute();
}
