/** By which channel one message goes now, and by which next. */
import type { Channel } from '../channels/channel.ts';
import type { ClaimedNotice } from '../db/notices.ts';
import { routesOn } from '../db/routes.ts';
import type { Instant } from '../domain/loop.ts';
import { chooseChannel } from '../domain/notice/choose-channel.ts';
import type { ChannelName } from '../domain/people/preferences.ts';
import { wallDay } from '../domain/time/wall.ts';

export interface Route {
  readonly name: ChannelName;
  readonly channel: Channel;
  readonly address: string;
  /** The one after it, should it fail for good. */
  readonly next: ChannelName | undefined;
  readonly pausedUntil: Instant | null;
  /** Its bytes are those of a channel that is open, too, and whose provider rests. */
  readonly isAwayFromRest: boolean;
  /** It tells what the message is about alone: others than its reader may see it there. */
  readonly isBrief: boolean;
}

/**
 * What was frozen for a channel stays with it. What cannot wait takes another way while a provider
 * rests, and where none is open it is tried all the same.
 */
export function routeOf(
  { channels }: { readonly channels: Readonly<Record<string, Channel>> },
  notice: ClaimedNotice,
  { now, zone }: { readonly now: Instant; readonly zone: string },
): Route | null {
  const { channel: before, onlyChannel, rendered, urgency } = notice;
  const routes = routesOn(notice.routes, wallDay(now, zone));
  const isOpen = (name: ChannelName): boolean =>
    name in channels && (onlyChannel === null || name === onlyChannel);
  const open = chooseChannel(routes).candidates.filter(isOpen);
  const resting = (name: ChannelName): boolean => name in routes.paused;
  const frozen = rendered === null ? undefined : open.find((name) => name === before);
  const awake = urgency === 'now' ? open.find((name) => !resting(name)) : undefined;
  const isAwayFromRest = frozen !== undefined && resting(frozen) && awake !== undefined;
  const name = isAwayFromRest ? awake : (frozen ?? awake ?? open[0]);
  const channel = name && channels[name];
  const address = name && routes.addresses[name];
  if (!name || !channel || address === undefined) return null;
  return {
    name,
    channel,
    address,
    next: open.find((other) => other !== name),
    pausedUntil: routes.paused[name] ?? null,
    isAwayFromRest,
    isBrief: channel.isRoom === true && !routes.isWholeByChat,
  };
}
