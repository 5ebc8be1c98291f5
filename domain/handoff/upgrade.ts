/** State as older versions kept it. */
import { assert } from '../assert.ts';
import type { HandoffState } from './state.ts';

type Since2 = 'revision' | 'readBacks' | 'sentBacks' | 'call';

/** Version 1 knew one packet and one read-back. */
export function upgradeHandoff(old: unknown, version: number): HandoffState {
  assert(version === 1, `a handoff of version ${version} is known`);
  const state = old as Omit<HandoffState, Since2>;
  const hasPacket = state.packet !== null;
  const hasReadBack = state.readBack !== null;
  const counts = { revision: hasPacket ? 1 : 0, readBacks: hasReadBack ? 1 : 0, sentBacks: 0 };
  return { ...state, ...counts, call: null };
}
