/** The pages with a provider to sign in at: what `npm start` brings up, without Temporal. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type IdentityProvider,
  startIdentityProvider,
} from '../../bin/embedded/identity-provider.ts';
import type { PersonId } from '../../domain/id.ts';
import { type ApiWorld, apiWorld } from './api.ts';
import { freePort } from './free-port.ts';

/** Signs what pages and messages hand out. */
export const pagesSecret = 'a secret of the test that nobody can guess';

export interface PagesWorld {
  readonly world: ApiWorld;
  readonly provider: IdentityProvider;
  stop(): Promise<void>;
}

export interface PagesOptions {
  readonly appUrl: string;
  /** Who can be chosen at the provider. */
  readonly people: readonly PersonId[];
  /** Who of them nobody of the directory is linked to. */
  readonly unlinked?: readonly PersonId[];
}

export async function pagesWorld(options: PagesOptions): Promise<PagesWorld> {
  const { appUrl, people, unlinked = [] } = options;
  const keyDirectory = mkdtempSync(path.join(tmpdir(), 'meridian-pages-'));
  const provider = await startIdentityProvider({
    port: await freePort(),
    people: () => Promise.resolve(people.map((id) => ({ id, name: id }))),
    appUrl,
    keyDirectory,
    clientId: 'meridian',
    clientSecret: 'secret',
    audience: 'urn:meridian:api',
  });
  const { issuer } = provider;
  const world = await apiWorld(() => ({
    publicUrl: appUrl,
    pages: { issuer, clientId: 'meridian', clientSecret: 'secret', secret: pagesSecret },
  }));
  const linked = people.filter((id) => !unlinked.includes(id));
  await world.db
    .insertInto('identity')
    .values(linked.map((id) => ({ issuer, subject: id, person_id: id })))
    .execute();
  return {
    world,
    provider,
    async stop() {
      await world.drop();
      await provider.stop();
      rmSync(keyDirectory, { recursive: true });
    },
  };
}
