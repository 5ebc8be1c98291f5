/** The most memory that a process has used once it has sent 10,000 messages; printed as JSON. */
import { startMessageStage } from './message-stage.ts';

const messages = 10_000;
const readers = 5_000;
const stage = await startMessageStage(readers);
for (let sent = 0; sent < messages; sent += readers) {
  await stage.sendAll(Math.min(readers, messages - sent));
}
const { maxRSS } = process.resourceUsage();
await stage.stop();
process.stdout.write(JSON.stringify({ messages, megabytes: Math.round(maxRSS / 1_024) }));
process.exit(0);
