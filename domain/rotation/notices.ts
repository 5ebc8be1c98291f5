/** Who hears of what. The keys are those of `locales/<locale>/rotation.json`. */
import { present } from '../assert.ts';
import type { PersonId } from '../id.ts';
import type { HoldEvent, NoticeDraft, NoticeParams, PlanningWorld } from '../loop.ts';
import type { MessageOf } from '../notice/message-kinds.ts';
import type { RotationEvent, RotationFacts, RotationState } from './state.ts';

interface Letter {
  readonly to: PersonId | null;
  readonly key: MessageOf<'rotation'>;
  readonly params?: NoticeParams;
}

const person = (id: PersonId): NoticeParams => ({ person: { person: id } });

export function rotationNotices(
  event: RotationEvent | HoldEvent,
  state: RotationState,
  world: PlanningWorld<RotationFacts>,
): readonly NoticeDraft[] {
  const account: NoticeParams = { account: { account: present(state.account, 'the account') } };
  return letters(event, state, world).flatMap(({ to, key, params }) =>
    to === null
      ? []
      : [{ to, key: `rotation.${key}`, params: { ...account, ...params }, urgency: 'working' }],
  );
}

function letters(
  event: RotationEvent | HoldEvent,
  { members, starter, elsewhere = 0 }: RotationState,
  world: PlanningWorld<RotationFacts>,
): readonly Letter[] {
  const allBut = (by: PersonId, more: readonly PersonId[] = []) =>
    [...new Set([...members, starter, ...more])].filter((to) => to !== by);
  switch (event.type) {
    case 'changed': {
      const { by, removed = [] } = event;
      return allBut(by, removed).map((to) => ({
        to,
        key: removed.includes(to) ? 'left_out' : 'changed',
        params: person(by),
      }));
    }
    case 'started':
    case 'ended':
    case 'held':
    case 'resumed':
      return allBut(event.by).map((to) => ({ to, key: event.type, params: person(event.by) }));
    case 'stopped':
      return [...new Set([...members, starter])].map((to) => ({ to, key: event.type }));
    case 'emptied':
      // Also whoever has the account by now, who need not take turns.
      return [...new Set([...members, starter, event.owner])].map((to) => ({
        to,
        key: event.type,
      }));
    case 'handedOver': {
      const { giver, outcome } = event;
      if (giver === null) return [];
      // Once an outsider: each hand-over looks again, for as long as whoever covers has it.
      if (outcome === 'elsewhere' && elsewhere === 1) {
        const told = allBut(giver).map((to): Letter => ({
          to,
          key: 'waiting',
          params: person(giver),
        }));
        return [...told, { to: giver, key: 'waits_for_you', params: person(event.to) }];
      }
      if (outcome !== 'offered') return [];
      const begins = { instant: event.begins, alsoFor: event.to };
      return [
        {
          to: giver,
          key: 'handing_over',
          params: { ...person(event.to), at: begins, agreedFrom: begins },
        },
      ];
    }
    case 'warned': {
      const gap = {
        ...person(event.to),
        giver: { person: event.from },
        from: { instant: event.until },
        until: { instant: event.begins, alsoFor: event.to },
      };
      const told = new Set([event.from, world.person(event.from).manager]);
      return [...told].map((to) => ({ to, key: 'gap', params: gap }));
    }
  }
}
