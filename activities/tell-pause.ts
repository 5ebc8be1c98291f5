/** Operators hear of a provider that rests by one line of the log; `meridian_paused_channels` says the same as a number. */
import type { ProviderWatchParts } from './provider-watch.ts';

export const tellPause: ProviderWatchParts['onPause'] = ({ channel, code, until }) => {
  const line = { level: 'error', event: 'channel_paused', channel, code, until };
  process.stderr.write(`${JSON.stringify(line)}\n`);
};
