/** Who hears of what. The keys are those of `locales/<locale>/cover.json`. */
import { present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams, PlanningWorld } from '../loop.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import { askedOf } from './decide.ts';
import type { Closing, CoverEvent, CoverFacts, CoverState } from './state.ts';

interface Letter {
  readonly to: PersonId | null;
  readonly key: MessageOf<'cover'>;
  readonly asks?: 'take' | 'hand_back';
  readonly params?: NoticeParams;
}

/** From then on somebody holds the account for a time that is in their calendars. */
const agreed: readonly string[] = [
  'taken',
  'yours',
  'replaced',
  'replaced_away',
  'begun',
  'begun_owner',
  'yours_by_default',
];

const person = (id: PersonId): NoticeParams => ({ person: { person: id } });

export function coverNotices(
  event: CoverEvent | HoldEvent,
  state: CoverState,
  world: PlanningWorld<CoverFacts>,
): readonly NoticeDraft[] {
  const { owner, from, until } = state;
  const common: NoticeParams = {
    account: { account: present(state.account, 'the account') },
    owner: { person: owner },
    from: { instant: from, alsoFor: owner },
    until: { instant: until, alsoFor: owner },
  };
  const period: NoticeParams = { agreedFrom: { instant: from }, agreedUntil: { instant: until } };
  return letters(event, state, world).flatMap(({ to, key, asks, params }) => {
    if (to === null) return [];
    const draft: NoticeDraft = {
      to,
      key: `cover.${key}`,
      params: { ...common, ...(agreed.includes(key) && period), ...params },
      urgency: 'working',
    };
    return [asks === undefined ? draft : { ...draft, asks: `cover.${asks}` }];
  });
}

function letters(
  event: CoverEvent | HoldEvent,
  state: CoverState,
  { at, facts: { chain, isFollowed } }: PlanningWorld<CoverFacts>,
): readonly Letter[] {
  const { owner, asker, taker } = state;
  const answered = [...new Set([owner, asker])];
  switch (event.type) {
    case 'requested':
      return [
        ...asked(state, 'asked'),
        ...(asker === owner ? [] : [{ to: owner, key: 'opened' } as const]),
      ];
    case 'reminded':
      return asked(state, 'reminder');
    case 'escalated':
      return [{ to: event.to, key: 'nobody', asks: 'take' }];
    case 'taken':
      return [
        ...answered.map((to): Letter => ({ to, key: 'taken', params: person(event.by) })),
        { to: event.by, key: 'yours' },
      ];
    case 'replaced':
      return replaced(event, state);
    case 'begun':
      return [
        { to: event.to, key: event.isForced ? 'yours_by_default' : 'begun', asks: 'hand_back' },
        { to: owner, key: 'begun_owner', params: person(event.to) },
      ];
    case 'handBackReminded':
      return [{ to: event.person, key: 'hand_back_reminder', asks: 'hand_back' }];
    case 'returned': {
      // By the owner's next cover, which tells who has it by that one: the owner, too, has it for no time.
      if (chain === 'later' || (isFollowed && at >= state.until)) {
        return event.from === event.to ? [] : [{ to: event.from, key: 'ended_followed' }];
      }
      // Whoever else has it then did not have it before: the owner has left.
      const isBack = event.to === owner;
      const told = event.from === event.to ? [] : [event.from];
      return [
        isBack
          ? { to: event.to, key: 'returned', params: person(event.from) }
          : { to: event.to, key: 'returned_left' },
        ...told.map((to): Letter => ({
          to,
          key: isBack ? 'ended' : 'ended_left',
          params: person(event.to),
        })),
      ];
    }
    case 'withdrawn':
      return event.from === null ? [] : [{ to: event.from, key: 'withdrawn' }];
    case 'overtaken':
      return taker === null ? [] : [{ to: taker, key: 'overtaken' }];
    case 'accountClosed':
      return [...new Set([owner, asker, event.from])].map((to) => ({
        to,
        ...closed(event, state),
      }));
    case 'held':
    case 'resumed':
      return [...new Set([owner, taker])].map((to) => ({ to, key: event.type }));
    case 'refused':
    case 'handedBack':
      return [];
  }
}

/** Whoever is away is told too, and the owner whom it leaves without anybody; one who has left is not. */
function replaced(
  event: Extract<CoverEvent, { type: 'replaced' }>,
  state: CoverState,
): readonly Letter[] {
  const isRunning = state.status === 'running';
  if (!event.isAway) {
    return isRunning
      ? [state.owner, event.to].map((to) => ({ to, key: 'replaced', params: person(event.to) }))
      : asked(state, 'reopened');
  }
  const relieved: Letter = { to: event.person, key: 'relieved' };
  const away: NoticeParams = { away: { person: event.person } };
  if (isRunning) {
    const params = { ...person(event.to), ...away };
    return [
      relieved,
      ...[state.owner, event.to].map((to): Letter => ({ to, key: 'replaced_away', params })),
    ];
  }
  const answered = [...new Set([state.owner, state.asker])];
  return [
    relieved,
    ...answered.map((to): Letter => ({ to, key: 'sought_again', params: away })),
    ...asked(state, 'reopened'),
  ];
}

/** What became of the account, with which the cover has ended. */
function closed(
  { to, into }: Closing,
  { taker, owner }: CoverState,
): Pick<Letter, 'key' | 'params'> {
  if (into !== null) return { key: 'account_merged', params: { into: { account: into } } };
  if (to === null || to === taker) return { key: 'account_closed' };
  const key = to === owner ? 'account_closed_returned' : 'account_closed_left';
  return { key, params: person(to) };
}

const asked = (state: CoverState, key: MessageOf<'cover'>): readonly Letter[] =>
  askedOf(state).map((to) => ({ to, key, asks: 'take' }));
