/** The next 90 days of one account: what is known of it now → what somebody should see to. */
import type { Instant } from '../loop.ts';
import { dayMs, type ZoneData } from '../time/zone.ts';
import { wallDay } from '../time/wall.ts';
import { type AccountFacts, daysAhead, type Owner, soonDays } from './facts.ts';
import type { Finding, FindingKind, Severity } from './finding.ts';
import { gapsOf } from './gaps.ts';
import { leavesOf } from './leaves.ts';
import type { WorkBook } from './work-book.ts';

export interface Horizon {
  readonly now: Instant;
  /** Of the accounts that are looked at together: each calendar is worked out once. */
  readonly book: WorkBook;
  readonly zoneData: ZoneData;
}

/** In the order of the kinds, then of time. Nothing of it depends on when it is asked, but what has passed. */
export function lookAhead(facts: AccountFacts, look: Horizon): readonly Finding[] {
  const { owner } = facts;
  const hasLeft = owner.leavesAt !== null && owner.leavesAt <= look.now;
  return [
    ...gapFindings(facts, look),
    ...(hasLeft ? [] : leaveFindings(facts, look)),
    ...(hasLeft || owner.isReachable ? [] : [unreachable(facts)]),
    ...(hasLeft || owner.hasCatalogue ? [] : [unreadable(facts)]),
    ...departure(facts, look),
  ];
}

/** What the account, its owner and the kind say of every finding of it. */
function found(facts: AccountFacts, kind: FindingKind, severity: Severity): Finding {
  const { account, owner, superior } = facts;
  return {
    account,
    kind,
    severity,
    subject: owner.id,
    firstDay: '',
    from: null,
    until: null,
    owner: owner.id,
    asked: superior,
    about: null,
  };
}

function gapFindings(facts: AccountFacts, look: Horizon): readonly Finding[] {
  return gapsOf(facts, look).map(({ from, until, provisional }): Finding => {
    const isSoon = from < look.now + soonDays * dayMs;
    if (provisional === null) {
      const gap = found(facts, 'gap', isSoon ? 'high' : 'medium');
      return { ...gap, from, until, firstDay: dayOf(facts.owner, from, look) };
    }
    const { region, day } = provisional;
    const subject = `${facts.owner.id}/${region}`;
    const holiday = found(facts, 'holiday', isSoon ? 'medium' : 'low');
    return { ...holiday, from, until, subject, firstDay: day, about: region };
  });
}

const leaveFindings = (facts: AccountFacts, look: Horizon): readonly Finding[] =>
  leavesOf(facts, look).map(({ firstDay, from, until }) => {
    const isSoon = from < look.now + soonDays * dayMs;
    return { ...found(facts, 'leave', isSoon ? 'high' : 'medium'), from, until, firstDay };
  });

const unreachable = (facts: AccountFacts): Finding => ({
  ...found(facts, 'unreachable', 'high'),
  asked: facts.owner.id,
});

const unreadable = (facts: AccountFacts): Finding => ({
  ...found(facts, 'language', 'low'),
  subject: `${facts.owner.id}/${facts.owner.locale}`,
  about: facts.owner.locale,
});

/** One finding, from the day it is known until somebody else owns the account. */
function departure(facts: AccountFacts, look: Horizon): readonly Finding[] {
  const { leavesAt } = facts.owner;
  if (leavesAt === null || leavesAt >= look.now + daysAhead * dayMs) return [];
  const firstDay = dayOf(facts.owner, leavesAt, look);
  const from = leavesAt <= look.now ? null : leavesAt;
  return [{ ...found(facts, 'departure', 'high'), from, firstDay }];
}

const dayOf = ({ calendar }: Owner, at: Instant, { zoneData }: Horizon): string =>
  wallDay(at, calendar.zone, zoneData);
