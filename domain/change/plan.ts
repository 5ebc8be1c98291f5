/** What a change moves, whom it tells and which loops follow: the same for its preview and its day. */
import type { PersonId, RegionId } from '../id.ts';
import {
  type AccountClosing,
  type Change,
  type ChangeFacts,
  type ChangePlan,
  type ClearanceLoss,
  everywhere,
  type Move,
  type MoveKind,
  type PolicyChange,
  type RegionMerge,
  type TeamDissolution,
  type ToldKey,
} from './change.ts';
import { policyBefore } from './refuse.ts';

interface Part {
  readonly moves: readonly Move[];
  /** Those whose plans may be others with it. */
  readonly people: readonly (PersonId | null)[];
  readonly told: readonly (PersonId | null)[];
  readonly key: ToldKey;
  readonly hours?: readonly PersonId[];
}

/** Of a change that nothing forbids (`refuseChange`). Lists are sorted, so that two plans compare. */
export function planChange(facts: ChangeFacts, change: Change): ChangePlan {
  const { moves, people, told, key, hours = [] } = partsOf(facts, change);
  const touched = sortedOnce(people);
  const isTouched = new Set(touched);
  const leaves = new Set(moves.filter(({ what }) => what === 'person.leaves').map(({ id }) => id));
  return {
    moves: moves.toSorted(byKindAndId),
    steps: facts.steps.filter(({ person }) => leaves.has(person)).toSorted(byId),
    hours: hours.toSorted(),
    days: facts.days,
    people: touched,
    loops: facts.loops
      .filter(({ plannedWith }) => plannedWith.some((person) => isTouched.has(person)))
      .map(({ id, loop, account }) => ({ id, loop, account }))
      .toSorted(byId),
    // Whoever leaves is signed out, and their address may be gone with them.
    told: sortedOnce(told)
      .filter((person) => !leaves.has(person))
      .map((person) => ({ person, key })),
  };
}

function partsOf(facts: ChangeFacts, change: Change): Part {
  switch (change.kind) {
    case 'region_merged':
      return regionMerged(facts, change);
    case 'team_dissolved':
      return teamDissolved(facts, change);
    case 'clearance_lost':
      return clearanceLost(facts, change);
    case 'policy_changed':
      return policyChanged(facts, change);
    case 'account_closed':
      return accountClosed(facts, change);
  }
}

function regionMerged(facts: ChangeFacts, { region, into, offices }: RegionMerge): Part {
  const of = <T extends { readonly region: unknown }>(rows: readonly T[]) =>
    rows.filter((row) => row.region === region);
  const members = of(facts.members);
  const teams = of(facts.teams);
  const managers = [managerOf(facts, region), managerOf(facts, into)];
  const isTheirs = new Set<string>(teams.map(({ id }) => id));
  const owners = facts.accounts.filter(({ team }) => isTheirs.has(team)).map(({ owner }) => owner);
  const hoursOf = (id: RegionId) => facts.regions.find((fact) => fact.id === id)?.hours;
  const isOther = hoursOf(region) !== hoursOf(into);
  const to = (what: MoveKind, id: string, detail?: string): Move => {
    const ends = what === 'office' && offices === 'end';
    return { what, id, from: region, to: ends ? null : into, ...(detail && { detail }) };
  };
  return {
    moves: [
      ...members.map(({ id }) => to('person.region', id)),
      ...teams.map(({ id }) => to('team.region', id)),
      ...of(facts.offices).map(({ person, role }) => to('office', person, role)),
      ...of(facts.webhooks).map(({ id }) => to('webhook', id)),
    ],
    people: [...members.map(({ id }) => id), ...owners, ...managers],
    told: [
      ...members.map(({ id }) => id),
      ...of(facts.offices).map(({ person }) => person),
      ...owners,
      ...managers,
    ],
    key: 'change.region_merged',
    hours: members.filter(({ worksAsRegion }) => isOther && worksAsRegion).map(({ id }) => id),
  };
}

function teamDissolved(facts: ChangeFacts, { team, into, people }: TeamDissolution): Part {
  const members = facts.members.filter((member) => member.team === team);
  const accounts = facts.accounts.filter((account) => account.team === team);
  const managers = [regionOf(facts, team), into === null ? null : regionOf(facts, into)].map(
    (region) => (region === null ? null : managerOf(facts, region)),
  );
  const isLeaving = people === 'leave';
  const leaving = new Set(isLeaving ? members.map(({ id }) => id) : []);
  const owners = accounts.map(({ owner }) => owner);
  const handedOn = facts.accounts.filter(
    ({ owner, isClosed, isInHand }) => leaving.has(owner) && !isClosed && !isInHand,
  );
  return {
    moves: [
      ...handedOn.map(({ id, owner, heir }): Move => {
        return { what: 'account.owner', id, from: owner, to: heir };
      }),
      ...members.map(({ id }): Move => {
        const what = isLeaving ? 'person.leaves' : 'person.team';
        return { what, id, from: team, to: isLeaving ? null : into };
      }),
      ...accounts.map(({ id }): Move => ({ what: 'account.team', id, from: team, to: into })),
      ...facts.delegations
        .filter(({ principal, delegate }) => leaving.has(principal) || leaving.has(delegate))
        .map(({ id, principal }): Move => {
          return { what: 'delegation.ends', id, from: principal, to: null };
        }),
      ...facts.items
        .filter(({ owner }) => leaving.has(owner))
        .map(({ id, owner, heir }): Move => ({ what: 'item.owner', id, from: owner, to: heir })),
    ],
    people: [...members.map(({ id }) => id), ...owners, ...managers],
    told: [
      ...members.map(({ id, line }) =>
        isLeaving ? (line.find((above) => !leaving.has(above)) ?? null) : id,
      ),
      ...owners,
      ...handedOn.map(({ heir }) => heir),
      ...managers,
    ],
    key: into === null ? 'change.team_left' : 'change.team_dissolved',
  };
}

/** Of an account that has it in no country any more, the product is taken; the others are told. */
function clearanceLost(facts: ChangeFacts, { product, countries }: ClearanceLoss): Part {
  const isEverywhere = countries.length === 0;
  const lost = new Set([...facts.lostIn, ...(isEverywhere ? [everywhere] : countries)]);
  const isLost = (country: string) => lost.has(everywhere) || lost.has(country);
  const accounts = facts.accounts.filter(
    (account) =>
      account.products.includes(product) && (isEverywhere || account.countries.some(isLost)),
  );
  const regions = new Set(accounts.map(({ team }) => regionOf(facts, team)));
  const ids = new Set<string>(accounts.map(({ id }) => id));
  const compliance = facts.compliance.filter(
    ({ region }) => region === null || regions.has(region),
  );
  const owners = accounts.map(({ owner }) => owner);
  return {
    moves: accounts
      .filter((account) => isEverywhere || isWholly(account.countries, isLost))
      .map(({ id }): Move => ({ what: 'account.product', id, from: product, to: null })),
    people: owners,
    told: [
      ...owners,
      ...facts.loops
        .filter(({ account }) => account !== null && ids.has(account))
        .flatMap(({ parties }) => parties),
      ...[...regions].map((region) => (region === null ? null : managerOf(facts, region))),
      ...compliance.map(({ person }) => person),
    ],
    key: isEverywhere ? 'change.clearance_lost_everywhere' : 'change.clearance_lost',
  };
}

/** Open steps keep the terms that they were asked under; whatever is asked from then on has the new. */
function policyChanged(facts: ChangeFacts, { key, region, value }: PolicyChange): Part {
  const before = policyBefore(facts, region);
  const managers = facts.regions
    .filter(({ id, isMerged }) => !isMerged && (region === null || id === region))
    .map(({ manager }) => manager);
  return {
    moves: [
      {
        what: 'policy',
        id: key,
        from: before === null ? null : JSON.stringify(before.value),
        to: JSON.stringify(value),
      },
    ],
    people: [],
    told: managers,
    key: region === null ? 'change.policy_changed_everywhere' : 'change.policy_changed',
  };
}

/** With what had become part of it before; its custody follows that of the account it goes to. */
function accountClosed(facts: ChangeFacts, { account, into }: AccountClosing): Part {
  const closing = facts.accounts.filter(({ id, mergedInto }) => [id, mergedInto].includes(account));
  const target = facts.accounts.find(({ id }) => id === into);
  const owners = [...closing, ...(target ? [target] : [])].map(({ owner }) => owner);
  const ids = new Set<string>(closing.map(({ id }) => id));
  const regions = [...closing, ...(target ? [target] : [])].map(({ team }) =>
    regionOf(facts, team),
  );
  const parties = facts.loops
    .filter((loop) => loop.account !== null && ids.has(loop.account))
    .flatMap((loop) => loop.parties);
  return {
    moves: [
      ...closing.map(({ id, mergedInto }): Move => {
        return { what: 'account.closes', id, from: mergedInto, to: into };
      }),
      ...closing.flatMap(({ id, owner }): readonly Move[] =>
        target && target.owner !== owner
          ? [{ what: 'account.owner', id, from: owner, to: target.owner }]
          : [],
      ),
      ...facts.items.map(({ id, owner, heir }): Move => {
        return { what: 'item.owner', id, from: owner, to: heir };
      }),
    ],
    people: [...owners, ...parties],
    told: [
      ...owners,
      ...parties,
      ...regions.map((region) => (region === null ? null : managerOf(facts, region))),
    ],
    key: into === null ? 'change.account_closed' : 'change.account_merged',
  };
}

const isWholly = (countries: readonly string[], isLost: (country: string) => boolean): boolean =>
  countries.length > 0 && countries.every(isLost);

const managerOf = (facts: ChangeFacts, region: string): PersonId | null =>
  facts.regions.find(({ id }) => id === region)?.manager ?? null;

const regionOf = (facts: ChangeFacts, team: string) =>
  facts.teams.find(({ id }) => id === team)?.region ?? null;

const sortedOnce = (people: readonly (PersonId | null)[]): readonly PersonId[] =>
  [...new Set(people.filter((person) => person !== null))].toSorted();

const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : 1;

const sortKey = ({ what, id, detail = '' }: Move): string => `${what} ${id} ${detail}`;
const byKindAndId = (a: Move, b: Move): number => (sortKey(a) < sortKey(b) ? -1 : 1);
