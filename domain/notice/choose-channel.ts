/** By which way a message goes to a person, and why not by the others. */
import { type ChannelName, channelNames } from '../people/preferences.ts';

export interface ChannelFacts {
  /** The person's own order; null: as their region has it. */
  readonly wanted: readonly ChannelName[] | null;
  /** What the region permits, in its order: the policy `message.channels`. */
  readonly allowed: readonly ChannelName[];
  /** Where there is an address of theirs. */
  readonly reachable: readonly ChannelName[];
  /** Whose address is known to reach nobody. */
  readonly off: readonly ChannelName[];
  /** Those that have failed for this message for good since somebody had it sent again. */
  readonly failed: readonly ChannelName[];
}

/** What a region permits that has said nothing. */
export const channelsByDefault: readonly ChannelName[] = ['email'];

/**
 * The policy `message.chatText`: how much a chat shows of a message. Its room may have readers who may not
 * see the loop, so unless a region says otherwise it is what the message is about, without names and amounts.
 */
export const chatTexts = ['subject', 'whole'] as const;
export const isWholeIn = (policy: unknown): boolean => policy === ('whole' satisfies ChatText);
type ChatText = (typeof chatTexts)[number];

export type LeftOut = 'not_allowed' | 'no_address' | 'off' | 'failed';

export interface ChannelChoice {
  /** The first is taken; the others follow when it fails for good. */
  readonly candidates: readonly ChannelName[];
  readonly leftOut: Readonly<Partial<Record<ChannelName, LeftOut>>>;
}

/** Wishes order what the region permits and never add to it; what is permitted is never lost by one. */
export function chooseChannel(facts: ChannelFacts): ChannelChoice {
  const { wanted, allowed } = facts;
  const order = [...new Set([...(wanted ?? []), ...allowed])];
  const leftOut: Partial<Record<ChannelName, LeftOut>> = {};
  const candidates = order.filter((channel) => {
    const why = whyNot(channel, facts);
    if (why !== null) leftOut[channel] = why;
    return why === null;
  });
  return { candidates, leftOut };
}

function whyNot(channel: ChannelName, facts: ChannelFacts): LeftOut | null {
  if (!facts.allowed.includes(channel)) return 'not_allowed';
  if (!facts.reachable.includes(channel)) return 'no_address';
  if (facts.off.includes(channel)) return 'off';
  return facts.failed.includes(channel) ? 'failed' : null;
}

/** The value of a policy, as far as it names channels; nothing else is ever sent by. */
export function allowedBy(policy: unknown): readonly ChannelName[] {
  if (!Array.isArray(policy)) return channelsByDefault;
  const known = channelNames.filter((name) => policy.includes(name));
  const inOrder = known.toSorted((a, b) => policy.indexOf(a) - policy.indexOf(b));
  return inOrder.length === 0 ? channelsByDefault : inOrder;
}
