/** Every way to reach a person, by name. A new one adds its line here and its name to `channelNames`. */
import type { ChannelName } from '../domain/people/preferences.ts';
import type { Channel } from './channel.ts';
import { createSlackChannel } from './chat/slack.ts';
import { createTeamsChannel } from './chat/teams.ts';
import { createEmailChannel, type EmailOptions } from './email/email.ts';

export type Channels = Readonly<Record<ChannelName, Channel>>;

export const createChannels = (mail: EmailOptions): Channels => ({
  email: createEmailChannel(mail),
  slack: createSlackChannel(),
  teams: createTeamsChannel(),
});
