/** The errand loop one build later: nobody finishes what nobody worked on, and the state knows how often. */
import { refuse, type LoopRules } from '../../../domain/loop.ts';
import { errandRules, type ErrandCommand, type ErrandEvent, type ErrandState } from './errand.ts';

interface NextErrandState extends ErrandState {
  readonly turns: number;
}

export const nextErrandRules: LoopRules<NextErrandState, ErrandCommand, ErrandEvent> = {
  loop: errandRules.loop,
  version: 2,
  initial: { ...errandRules.initial, turns: 0 },
  upgrade(old) {
    const state = old as ErrandState;
    return { ...state, turns: state.worked > 0 ? 1 : 0 };
  },
  decide(state, command, at) {
    if (command.type !== 'finish' || state.turns > 0) return errandRules.decide(state, command, at);
    return refuse('loop.not_open');
  },
  evolve: (state, event, at) => ({
    ...errandRules.evolve(state, event, at),
    turns: event.type === 'worked' ? state.turns + 1 : state.turns,
  }),
  isClosed: errandRules.isClosed,
};
