/** Why a change cannot be made: asked when it is previewed, when it is scheduled, and on its day. */
import { type Problem, problem, type ProblemCode } from '../problem.ts';
import {
  type AccountClosing,
  type Change,
  type ChangeFacts,
  type ClearanceLoss,
  type DatedPolicy,
  everywhere,
  type PolicyChange,
  type RegionMerge,
  type ScheduledChange,
  type TeamDissolution,
} from './change.ts';
import type { RegionId } from '../id.ts';
import { policyFaults } from '../policy/policies.ts';

type Params = Problem['params'];

/** All there are, the first of a kind for each; none: it can be made. */
export function refuseChange(facts: ChangeFacts, change: Change): readonly Problem[] {
  const found: Problem[] = [];
  const refuse = (code: ProblemCode, params: Params = {}) => found.push(problem(code, params));
  if (facts.scheduled.some((other) => isSameThing(facts, change, other))) {
    refuse('change.already_scheduled');
  }
  switch (change.kind) {
    case 'region_merged':
      refuseMerge(facts, change, refuse);
      break;
    case 'team_dissolved':
      refuseDissolution(facts, change, refuse);
      break;
    case 'clearance_lost':
      refuseLoss(facts, change, refuse);
      break;
    case 'policy_changed':
      refusePolicy(facts, change, refuse);
      break;
    case 'account_closed':
      refuseClosing(facts, change, refuse);
      break;
  }
  return found;
}

type Refuse = (code: ProblemCode, params?: Params) => void;

function refuseMerge(facts: ChangeFacts, { region, into }: RegionMerge, refuse: Refuse): void {
  if (region === into) return refuse('change.into_itself');
  for (const id of [region, into]) {
    const known = facts.regions.find((fact) => fact.id === id);
    if (!known) refuse('change.unknown', { what: id });
    else if (known.isMerged) refuse('change.gone', { what: id });
  }
  refuseTarget(facts, { from: region, into, ends: endOfMerge }, refuse);
}

/** Where something that ends goes to, for the kinds that have such. */
type Ends = (change: Change) => { readonly from: string; readonly into: string | null } | null;
const endOfMerge: Ends = (change) =>
  change.kind === 'region_merged' ? { from: change.region, into: change.into } : null;
const endOfTeam: Ends = (change) =>
  change.kind === 'team_dissolved' ? { from: change.team, into: change.into } : null;

const endOfAccount: Ends = (change) =>
  change.kind === 'account_closed' ? { from: change.account, into: change.into } : null;

function refuseClosing(
  facts: ChangeFacts,
  { account, into }: AccountClosing,
  refuse: Refuse,
): void {
  if (account === into) return refuse('change.into_itself');
  for (const id of [account, into]) {
    if (id === null) continue;
    const known = facts.accounts.find((fact) => fact.id === id);
    if (!known) refuse('change.unknown', { what: id });
    else if (known.isClosed) refuse('change.gone', { what: id });
  }
  if (into !== null) refuseTarget(facts, { from: account, into, ends: endOfAccount }, refuse);
}

/** What is scheduled leads back to the start, or the target is gone before anything arrives there. */
function refuseTarget(
  facts: ChangeFacts,
  { from, into, ends }: { readonly from: string; readonly into: string; readonly ends: Ends },
  refuse: Refuse,
): void {
  const scheduled = facts.scheduled.flatMap(({ change, at }) => {
    const end = ends(change);
    return end === null ? [] : [{ ...end, at }];
  });
  const seen = new Set<string>();
  for (let next: string | null = into; next !== null && !seen.has(next);) {
    seen.add(next);
    if (next === from) return refuse('change.circle');
    const step: string = next;
    next = scheduled.find((end) => end.from === step)?.into ?? null;
  }
  const isGone = scheduled.some((end) => end.from === into && end.at <= facts.at);
  if (isGone) refuse('change.gone', { what: into });
  // What is to come here later would find nothing any more.
  const awaited = scheduled.some((end) => end.into === from && end.at >= facts.at);
  if (awaited) refuse('change.awaited', { what: from });
}

function refuseDissolution(facts: ChangeFacts, change: TeamDissolution, refuse: Refuse): void {
  const { team, into, people } = change;
  if (team === into) return refuse('change.into_itself');
  const known = (id: string) => facts.teams.find((fact) => fact.id === id);
  for (const id of [team, into]) {
    if (id === null) continue;
    const fact = known(id);
    if (!fact) refuse('change.unknown', { what: id });
    else if (fact.isDissolved) refuse('change.gone', { what: id });
  }
  if (into !== null) refuseTarget(facts, { from: team, into, ends: endOfTeam }, refuse);
  const members = facts.members.filter((member) => member.team === team);
  const accounts = facts.accounts.filter((account) => account.team === team);
  const isStranded = accounts.length > 0 || (people === 'move' && members.length > 0);
  if (into === null && isStranded) {
    refuse('change.nowhere_to_go', { accounts: accounts.length, people: members.length });
  }
  if (people === 'leave') return refuseLeaving(facts, change, refuse);
  const isToPartner =
    known(team)?.kind === 'own' && into !== null && known(into)?.kind === 'partner';
  if (isToPartner) refuse('change.own_to_partner');
}

/** Nothing may be left with nobody: no account, no region, and the directory itself. */
function refuseLeaving(facts: ChangeFacts, { team }: TeamDissolution, refuse: Refuse): void {
  const leaving = new Set(
    facts.members.filter((member) => member.team === team).map(({ id }) => id),
  );
  const owned = facts.accounts.find(
    ({ owner, heir, isClosed, isInHand }) =>
      leaving.has(owner) && heir === null && !isClosed && !isInHand,
  );
  if (owned) refuse('change.owner_leaves', { person: owned.owner, account: owned.id });
  const managed = facts.regions.find(({ manager, isMerged }) => !isMerged && leaving.has(manager));
  if (managed) refuse('change.manager_leaves', { person: managed.manager, region: managed.id });
  const isEmpty = facts.admins.length > 0 && facts.admins.every((admin) => leaving.has(admin));
  if (isEmpty) refuse('change.last_admin');
}

function refuseLoss(
  facts: ChangeFacts,
  { product, countries }: ClearanceLoss,
  refuse: Refuse,
): void {
  const wanted = countries.length === 0 ? [everywhere] : countries;
  const lost = new Set(facts.lostIn);
  if (lost.has(everywhere) || wanted.every((country) => lost.has(country))) {
    return refuse('change.gone', { what: product });
  }
  const isSold = facts.accounts.some((account) => account.products.includes(product));
  if (!isSold) refuse('change.unknown', { what: product });
}

function refusePolicy(
  facts: ChangeFacts,
  { key, region, value }: PolicyChange,
  refuse: Refuse,
): void {
  // Also on its day: the rules may be others than when it was planned.
  if (policyFaults(key, value)?.length !== 0) refuse('change.policy_invalid', { key });
  if (region !== null) {
    const known = facts.regions.find(({ id }) => id === region);
    if (!known) refuse('change.unknown', { what: region });
    else if (known.isMerged) refuse('change.gone', { what: region });
  }
  const isTaken = facts.policies.some(
    (policy) => policy.region === region && policy.validFrom === facts.fromDay,
  );
  if (isTaken) refuse('change.policy_overlaps', { day: facts.fromDay });
}

/** The value that the change follows: of that region or of all, the latest that has begun. */
export function policyBefore(facts: ChangeFacts, region: RegionId | null): DatedPolicy | null {
  const begun = facts.policies
    .filter(({ validFrom }) => validFrom < facts.fromDay)
    .toSorted((a, b) => (a.validFrom < b.validFrom ? 1 : -1));
  return begun.find((policy) => policy.region === region) ?? begun[0] ?? null;
}

/** Two changes at once of one region, team, policy on one day, or product in one country. */
function isSameThing(
  facts: ChangeFacts,
  change: Change,
  { change: other, fromDay }: ScheduledChange,
) {
  switch (change.kind) {
    case 'region_merged':
      return other.kind === change.kind && other.region === change.region;
    case 'team_dissolved':
      return other.kind === change.kind && other.team === change.team;
    case 'clearance_lost':
      return (
        other.kind === change.kind &&
        other.product === change.product &&
        (change.countries.length === 0 ||
          other.countries.length === 0 ||
          change.countries.some((country) => other.countries.includes(country)))
      );
    case 'account_closed':
      return other.kind === change.kind && other.account === change.account;
    case 'policy_changed':
      return (
        other.kind === change.kind &&
        other.key === change.key &&
        other.region === change.region &&
        fromDay === facts.fromDay
      );
  }
}
