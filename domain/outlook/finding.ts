/** What can come to be wrong with the ownership of an account, found while there is time to mend it. */
import type { AccountId, PersonId, RegionId } from '../id.ts';
import type { Instant, NoticeParams, Sentence } from '../loop.ts';

export const findingKinds = [
  /** Nobody who may hold the account is at work for longer than the policy says. */
  'gap',
  /** The same, but only if provisional days stay, or are none. */
  'holiday',
  /** The owner is on leave, and nobody covers. */
  'leave',
  /** No channel has an address at which the owner is reached. */
  'unreachable',
  /** Nothing can be written in the owner's language. */
  'language',
  /** The owner leaves, or has left. */
  'departure',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export const severities = ['high', 'medium', 'low'] as const;
export type Severity = (typeof severities)[number];

export interface Finding {
  readonly account: AccountId;
  readonly kind: FindingKind;
  /** The owner; with the region of the provisional day, or the language, where that is what it is about. */
  readonly subject: string;
  /** On the owner's calendar, such as `2027-03-08`; empty for what has no beginning. */
  readonly firstDay: string;
  readonly severity: Severity;
  /** Null: as long as it is known. */
  readonly from: Instant | null;
  /** Null: as far as is looked, or until somebody mends it. */
  readonly until: Instant | null;
  readonly owner: PersonId;
  /** Who can mend it. */
  readonly asked: PersonId;
  /** The region of the provisional day, or the tag of the language; else null. */
  readonly about: string | null;
}

/** The same however often it is looked for, and while it grows or shrinks at its end. */
export const findingKey = ({ account, kind, subject, firstDay }: Finding): string =>
  JSON.stringify([account, kind, subject, firstDay]);

type Told = Pick<Finding, 'kind' | 'account' | 'owner' | 'from' | 'until' | 'firstDay' | 'about'>;

/** What it says, as keys of `locales/<locale>/outlook.json`; instants on the reader's own clock. */
export function findingSentence({ kind, from, until, firstDay, ...told }: Told): Sentence {
  const { account, owner, about } = told;
  const params: NoticeParams = {
    account: { account },
    person: { person: owner },
    ...(from !== null && { from: { instant: from } }),
    ...(until !== null && { until: { instant: until } }),
  };
  const say = (key: string, more: NoticeParams = {}): Sentence => ({
    key: `outlook.finding.${key}`,
    params: { ...params, ...more },
  });
  switch (kind) {
    case 'gap':
      return say(until === null ? 'gap_open' : 'gap_ends');
    case 'holiday':
      return say('holiday', {
        day: { day: firstDay },
        region: { region: about as RegionId },
      });
    case 'leave':
      return say('leave');
    case 'unreachable':
      return say('unreachable');
    case 'language':
      return say('language', { language: about ?? '' });
    case 'departure':
      return say(from === null ? 'left' : 'leaves');
  }
}
