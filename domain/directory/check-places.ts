/** Regions, teams, accounts, policies, and who signs in as whom. */
import {
  type Check,
  checkIds,
  checkLocale,
  checkOneOf,
  checkReference,
  checkUnique,
  checkZone,
  error,
} from './checking.ts';
import type { EntryOf } from './directory.ts';
import { placeIn, policyFaults, policyKeys } from '../policy/policies.ts';
import { dayNumber } from '../time/calendar.ts';

export function checkRegions(check: Check): void {
  const { regions } = check.directory;
  checkIds(check, regions);
  for (const { path, value: region } of regions) {
    checkLocale(check, `${path}.locale`, region.locale);
    checkZone(check, `${path}.zone`, region.zone);
    checkReference(check, 'people', { path: `${path}.manager`, id: region.manager });
    checkReference(check, 'weeks', { path: `${path}.week`, id: region.week });
    checkPlace(check, path, region);
  }
}

const subdivisionPattern = /^[A-Z0-9]{1,3}$/;

function checkPlace(
  check: Check,
  path: string,
  { country, subdivision }: EntryOf['regions'],
): void {
  if (country !== undefined && !check.vocabulary.isCountry(country)) {
    error(check, `${path}.country`, 'country_unknown', { value: country });
  }
  if (subdivision === undefined) return;
  if (country === undefined || !subdivisionPattern.test(subdivision)) {
    error(check, `${path}.subdivision`, 'subdivision_invalid', { value: subdivision });
  }
}

export function checkTeams(check: Check): void {
  const { teams } = check.directory;
  checkIds(check, teams);
  for (const { path, value: team } of teams) {
    checkReference(check, 'regions', { path: `${path}.region`, id: team.region });
  }
}

export function checkAccounts(check: Check): void {
  const { accounts } = check.directory;
  checkIds(check, accounts);
  for (const { path, value: account } of accounts) {
    checkReference(check, 'teams', { path: `${path}.team`, id: account.team });
    checkReference(check, 'people', { path: `${path}.owner`, id: account.owner });
    for (const [index, site] of account.sites.entries()) {
      checkZone(check, `${path}.sites[${index}].zone`, site.zone);
    }
    for (const [index, country] of account.countries.entries()) {
      if (check.vocabulary.isCountry(country)) continue;
      error(check, `${path}.countries[${index}]`, 'country_unknown', { value: country });
    }
  }
}

export function checkPolicies(check: Check): void {
  const { policies } = check.directory;
  for (const { path, value: policy } of policies) {
    checkPolicy(check, path, policy);
    checkReference(check, 'regions', { path: `${path}.region`, id: policy.region });
    if (dayNumber(policy.validFrom) === null) {
      error(check, `${path}.validFrom`, 'day_invalid', { value: policy.validFrom });
    }
  }
  checkUnique(check, policies, {
    key: ({ key, region, validFrom }) => [key, region ?? '*', validFrom].join(' '),
  });
}

function checkPolicy(check: Check, path: string, { key, value }: EntryOf['policies']): void {
  const faults = policyFaults(key, value);
  if (faults === null) {
    checkOneOf(check, { path: `${path}.key`, value: key, code: 'policy_unknown' }, policyKeys);
  }
  for (const { place, wrong, params } of faults ?? []) {
    error(check, placeIn(`${path}.value`, place), wrong, {
      policy: placeIn(key, place),
      ...params,
    });
  }
}

export function checkIdentities(check: Check): void {
  const identities = check.directory.identities ?? [];
  for (const { path, value: identity } of identities) {
    checkReference(check, 'people', { path: `${path}.person`, id: identity.person });
  }
  checkUnique(check, identities, { key: ({ issuer, subject }) => `${issuer} ${subject}` });
}
