/** The API over the practices of a bench, on a port of its own, and asked as programs ask it. */
import { Agent, get } from 'node:http';
import { pino } from 'pino';
import { createApp } from '../api/app.ts';
import { serve } from '../api/serve.ts';
import { present } from '../domain/assert.ts';
import { issuer, testTokens } from '../test/support/tokens.ts';
import { readers, type SearchStage } from './search-stage.ts';

export interface SearchApi {
  search(person: string, words: string, limit: number): Promise<void>;
  stop(): Promise<void>;
}

const clock = { now: () => Date.now() };
/** As many as come: how often somebody may ask is not what is measured. */
const unlimited = { burstMax: 1_000_000, perMinute: 1_000_000 };
const subjectOf = (person: string): string => `subject-of-${person}`;
const loopless = (): never => {
  throw new Error('a search takes no step');
};

export async function startSearchApi({ db }: SearchStage): Promise<SearchApi> {
  await db
    .insertInto('identity')
    .values(readers.map(({ id }) => ({ issuer, subject: subjectOf(id), person_id: id })))
    .execute();
  const { verifyToken, of } = await testTokens(clock);
  const tokens = new Map<string, string>();
  for (const { id } of readers) tokens.set(id, await of(subjectOf(id)));
  const app = createApp({
    db,
    clock,
    verifyToken,
    issuer,
    loops: { start: loopless, send: loopless, isReachable: async () => true },
    publicUrl: 'http://127.0.0.1',
    limits: { person: unlimited, address: unlimited },
    log: pino({ level: 'silent' }),
  });
  const { url, stop } = await serve({ app, host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  return {
    async search(person, words, limit) {
      const query = new URLSearchParams({ q: words, limit: String(limit) });
      const token = present(tokens.get(person), 'a token');
      await asked(`${url}/practices?${query.toString()}`, { agent, token });
    },
    async stop() {
      agent.destroy();
      await stop();
    },
  };
}

interface Asking {
  readonly agent: Agent;
  readonly token: string;
}

/** Until the whole answer is there and read. */
const asked = (url: string, { agent, token }: Asking): Promise<void> =>
  new Promise((resolve, reject) => {
    get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part: string) => void (text += part));
      answer.on('end', () => {
        if (answer.statusCode !== 200) reject(new Error(`answered ${answer.statusCode}: ${text}`));
        else resolve(void JSON.parse(text));
      });
    }).on('error', reject);
  });
