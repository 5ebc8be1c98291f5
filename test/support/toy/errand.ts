/** A small loop of the tests: somebody is asked to do an errand, is nudged twice, and it expires. */
import type { PersonId } from '../../../domain/id.ts';
import {
  accept,
  refuse,
  type Command,
  type Instant,
  type LoopPlan,
  type LoopRules,
} from '../../../domain/loop.ts';
import type { TaskKind } from '../../../domain/task-kind.ts';

export interface ErrandState {
  readonly status: 'new' | 'open' | 'done' | 'expired';
  readonly asker: PersonId;
  readonly doer: PersonId;
  readonly openedAt: Instant;
  readonly allowanceMinutes: number;
  readonly worked: number;
  readonly nudges: number;
}

export type ErrandCommand = Command &
  (
    | {
        readonly type: 'ask';
        readonly actor: PersonId;
        readonly doer: PersonId;
        readonly allowanceMinutes: number;
      }
    | { readonly type: 'work'; readonly actor: PersonId; readonly amount: number }
    | { readonly type: 'finish'; readonly actor: PersonId }
    | { readonly type: 'nudge' }
    | { readonly type: 'expire' }
  );

export type ErrandEvent =
  | {
      readonly type: 'asked';
      readonly asker: PersonId;
      readonly doer: PersonId;
      readonly allowanceMinutes: number;
    }
  | { readonly type: 'worked'; readonly amount: number }
  | { readonly type: 'finished' }
  | { readonly type: 'nudged' }
  | { readonly type: 'expired' };

const nobody = '' as PersonId;

export const errandRules: LoopRules<ErrandState, ErrandCommand, ErrandEvent> = {
  loop: 'errand',
  version: 1,
  initial: {
    status: 'new',
    asker: nobody,
    doer: nobody,
    openedAt: 0,
    allowanceMinutes: 0,
    worked: 0,
    nudges: 0,
  },
  decide(state, command) {
    if (command.type === 'ask') {
      if (state.status !== 'new') return refuse('loop.already_open');
      return accept<ErrandEvent>({
        type: 'asked',
        asker: command.actor,
        doer: command.doer,
        allowanceMinutes: command.allowanceMinutes,
      });
    }
    if (state.status !== 'open') return refuse('loop.not_open');
    switch (command.type) {
      case 'work':
        return accept<ErrandEvent>({ type: 'worked', amount: command.amount });
      case 'finish':
        return command.actor === state.doer
          ? accept<ErrandEvent>({ type: 'finished' })
          : refuse('authority.forbidden');
      case 'nudge':
        return accept<ErrandEvent>({ type: 'nudged' });
      case 'expire':
        return accept<ErrandEvent>({ type: 'expired' });
    }
  },
  evolve(state, event, at) {
    switch (event.type) {
      case 'asked':
        return {
          ...state,
          status: 'open',
          asker: event.asker,
          doer: event.doer,
          openedAt: at,
          allowanceMinutes: event.allowanceMinutes,
        };
      case 'worked':
        return { ...state, worked: state.worked + event.amount };
      case 'finished':
        return { ...state, status: 'done' };
      case 'nudged':
        return { ...state, nudges: state.nudges + 1 };
      case 'expired':
        return { ...state, status: 'expired' };
    }
  },
  isClosed: (state) => state.status === 'done' || state.status === 'expired',
};

/** Of no loop of the product. */
const errandTask = 'errand.do' as TaskKind;

/** Both nudges fall on one instant, so that their order is the plan's and not luck. */
export const errandPlan: LoopPlan<ErrandState, ErrandCommand, ErrandEvent> = {
  parties: (state) => (state.status === 'new' ? [] : [state.asker, state.doer]),
  account: () => null,
  tasks(state, world) {
    if (state.status !== 'open') return [];
    const dueAt = world.working(state.doer).add(state.openedAt, state.allowanceMinutes);
    return [{ kind: errandTask, person: state.doer, since: state.openedAt, dueAt }];
  },
  moments(state, world) {
    if (state.status !== 'open') return [];
    const due = (share: number): Instant =>
      world.working(state.doer).add(state.openedAt, state.allowanceMinutes * share);
    const of = state.doer;
    const nudges = [0, 1]
      .filter((index) => index >= state.nudges)
      .map((index) => ({
        id: `nudge/${index}`,
        at: due(0.5),
        rank: index,
        command: { type: 'nudge' } as const,
        of,
      }));
    return [
      ...nudges,
      { id: 'expire', at: due(1), rank: 9, command: { type: 'expire' } as const, of },
    ];
  },
  notices(event, state) {
    if (event.type !== 'nudged') return [];
    return [
      {
        to: state.doer,
        key: 'errand.nudged' as never,
        params: { n: state.nudges },
        urgency: 'working',
        asks: errandTask,
      },
    ];
  },
  contents: () => [],
  isMaterial: (event) => event.type !== 'nudged',
};
