/**
 * How many are at work over a range, noted one after the other and told in order. Instants of one
 * minute are kept in a chain, nearly always of one: far cheaper than to sort what many have noted.
 */
import { assert } from '../assert.ts';
import type { Instant } from '../loop.ts';
import type { Range } from './range.ts';

export interface Changes {
  /** One of them is at work in the first `end` / 2 stretches, which lie within the range. */
  note(stretches: Float64Array, end: number): void;
  /** Instants noted so far, each counted once. */
  count(): number;
  /** Writes, as start, end, start, end, when `atLeast` > 0 are at work; returns where they end. */
  reaching(atLeast: number, into: Float64Array): number;
}

const minuteMs = 60_000;
const chainsMax = 2 ** 18;
const none = -1;

/** Used again for every question: one is finished with before the next begins. */
const chains = new Int32Array(chainsMax).fill(none);
/** A bit for each chain that has an instant, so that empty ones are neither seen nor cleared. */
const filled = new Int32Array(chainsMax / 32);

/** An instant, by how much it changes the number, and the next of its chain. */
let times = new Float64Array(1_024);
let sums = new Int32Array(1_024);
let following = new Int32Array(1_024);

export function changes({ from, until }: Range): Changes {
  const perChain = 1 / Math.max(minuteMs, (until - from) / (chainsMax - 1));
  const words = (Math.trunc((until - from) * perChain) >>> 5) + 1;
  assert(words <= filled.length, 'a range has a chain for each of its instants');
  clear();
  let count = 0;
  return {
    note(stretches, end) {
      makeRoomFor(count + end);
      for (let i = 0; i < end; i++) {
        const at = stretches[i]!;
        const chain = ((at - from) * perChain) | 0;
        const first = chains[chain]!;
        if (first !== none && times[first] === at) sums[first]! += i & 1 ? -1 : 1;
        else count = change(at, i & 1 ? -1 : 1, { chain, count });
      }
    },
    count: () => count,
    reaching(atLeast, into) {
      let number = 0;
      let end = 0;
      for (let word = 0; word < words; word++) {
        for (let bits = filled[word]!; bits !== 0; bits &= bits - 1) {
          let there = chains[word * 32 + lowest(bits)]!;
          for (; there !== none; there = following[there]!) {
            number += sums[there]!;
            if (number >= atLeast === (end % 2 === 0)) into[end++] = times[there]!;
          }
        }
      }
      return end;
    },
  };
}

interface Place {
  readonly chain: number;
  readonly count: number;
}

/** Returns how many instants are noted then. */
function change(at: Instant, by: 1 | -1, { chain, count }: Place): number {
  let before = none;
  let there = chains[chain]!;
  while (there !== none && times[there]! < at) {
    before = there;
    there = following[there]!;
  }
  if (there !== none && times[there] === at) {
    sums[there]! += by;
    return count;
  }
  times[count] = at;
  sums[count] = by;
  following[count] = there;
  if (before === none) chains[chain] = count;
  else following[before] = count;
  filled[chain >>> 5]! |= 1 << (chain & 31);
  return count + 1;
}

/** Which is the lowest bit set. */
const lowest = (bits: number): number => 31 - Math.clz32(bits & -bits);

/** Also what a question left that was not finished. */
function clear(): void {
  for (let word = 0; word < filled.length; word++) {
    for (let bits = filled[word]!; bits !== 0; bits &= bits - 1) {
      chains[word * 32 + lowest(bits)] = none;
    }
    filled[word] = 0;
  }
}

function makeRoomFor(instants: number): void {
  if (instants <= times.length) return;
  const size = 2 * instants;
  const [oldTimes, oldSums, oldFollowing] = [times, sums, following];
  times = new Float64Array(size);
  sums = new Int32Array(size);
  following = new Int32Array(size);
  times.set(oldTimes);
  sums.set(oldSums);
  following.set(oldFollowing);
}
