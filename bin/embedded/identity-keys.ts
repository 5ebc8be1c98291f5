/** The provider's signing key, kept on disk: a new one at each start would break every token. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import { z } from 'zod';

const keysSchema = z.object({
  signing: z.looseObject({ kty: z.string(), kid: z.string() }),
  cookies: z.string(),
});
export type IdentityKeys = z.infer<typeof keysSchema>;

export async function keepKeys(directory: string): Promise<IdentityKeys> {
  const file = path.join(directory, 'keys.json');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return keysSchema.parse(JSON.parse(kept));
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = randomBytes(8).toString('hex');
  const signing = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' };
  const keys = keysSchema.parse({ signing, cookies: randomBytes(32).toString('hex') });
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
