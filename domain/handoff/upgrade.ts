/** State as older versions kept it. */
import { assert } from '../assert.ts';
import type { HandoffState } from './state.ts';

type Since3 = 'undone' | 'elsewhere';
type Since2 = 'revision' | 'readBacks' | 'sentBacks' | 'call';
type ReadBack = NonNullable<HandoffState['readBack']>;
interface ReadBackOf2 {
  readonly readBack: Omit<ReadBack, 'reader'> | null;
}
type HandoffOf2 = Omit<HandoffState, Since3 | 'readBack'> & ReadBackOf2;
type HandoffOf1 = Omit<HandoffOf2, Since2>;

export function upgradeHandoff(old: unknown, version: number): HandoffState {
  assert(version === 1 || version === 2, `a handoff of version ${version} is known`);
  const state = version === 1 ? from1(old as HandoffOf1) : (old as HandoffOf2);
  const { readBack } = state;
  return {
    ...state,
    readBack: readBack && { ...readBack, reader: readBack.by },
    undone: 0,
    elsewhere: null,
  };
}

/** Version 1 knew one packet and one read-back. */
function from1(state: HandoffOf1): HandoffOf2 {
  const hasPacket = state.packet !== null;
  const hasReadBack = state.readBack !== null;
  const counts = { revision: hasPacket ? 1 : 0, readBacks: hasReadBack ? 1 : 0, sentBacks: 0 };
  return { ...state, ...counts, call: null };
}
