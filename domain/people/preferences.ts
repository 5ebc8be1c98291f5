/** How somebody wants to be reached. What is null is as the policy of their region says. */

/** Ways to reach a person, by the names of `channels/`. */
export const channelNames = ['email', 'slack', 'teams'] as const;
export type ChannelName = (typeof channelNames)[number];

export const digestRhythms = ['never', 'day', 'week', 'fortnight', 'month'] as const;
export type DigestRhythm = (typeof digestRhythms)[number];

export const hourCycles = ['h12', 'h23'] as const;
export type HourCycle = (typeof hourCycles)[number];

/** Minutes of the person's wall day, `[from, until)`; past midnight when `until` is the smaller one. */
export interface QuietHours {
  readonly from: number;
  readonly until: number;
}

export interface DigestWish {
  readonly every: DigestRhythm;
  /** 1 Monday … 7 Sunday (ISO 8601). */
  readonly weekday: number;
  /** Of the person's wall day. */
  readonly minute: number;
}

export interface Preferences {
  /** Tried one after the other. */
  readonly channels: readonly ChannelName[] | null;
  readonly quiet: QuietHours | null;
  readonly digest: DigestWish | null;
  readonly hourCycle: HourCycle | null;
  /** 0: nothing was ever said. */
  readonly revision: number;
}
