/** What the provider remembers of one kind: in memory, since a restart only asks to sign in again. */
import type { Adapter, AdapterPayload } from 'oidc-provider';

const entriesMax = 10_000;

export function memoryStore(): Adapter {
  const entries = new Map<string, AdapterPayload>();
  const isAlive = ({ exp }: AdapterPayload): boolean =>
    exp === undefined || exp * 1000 > Date.now();
  const find = (
    matches: (payload: AdapterPayload) => boolean,
  ): Promise<AdapterPayload | undefined> =>
    Promise.resolve([...entries.values()].find((payload) => matches(payload) && isAlive(payload)));
  return {
    upsert(id, payload) {
      entries.delete(id);
      entries.set(id, payload);
      const [oldest] = entries.keys();
      if (entries.size > entriesMax && oldest !== undefined) entries.delete(oldest);
      return Promise.resolve();
    },
    find(id) {
      const payload = entries.get(id);
      return Promise.resolve(payload && isAlive(payload) ? payload : undefined);
    },
    findByUid: (uid) => find((payload) => payload.uid === uid),
    findByUserCode: (userCode) => find((payload) => payload.userCode === userCode),
    consume(id) {
      const payload = entries.get(id);
      if (payload) entries.set(id, { ...payload, consumed: Math.floor(Date.now() / 1000) });
      return Promise.resolve();
    },
    destroy(id) {
      entries.delete(id);
      return Promise.resolve();
    },
    revokeByGrantId(grantId) {
      for (const [id, payload] of entries) if (payload.grantId === grantId) entries.delete(id);
      return Promise.resolve();
    },
  };
}
