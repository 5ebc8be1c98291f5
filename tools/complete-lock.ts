/**
 * `npm run lock`, after a package was added: names in package-lock.json the programs for platforms
 * that this machine's registry did not offer. Without them npm ci refuses the file.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { completeLock, type Lock } from './lock-file.ts';

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = completeLock(JSON.parse(readFileSync(file, 'utf8')) as Lock);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
