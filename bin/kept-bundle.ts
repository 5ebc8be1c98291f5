/** The bundle of workflows on disk, under a name that changes with anything it is made from. */
import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { z } from 'zod';

const root = fileURLToPath(new URL('..', import.meta.url));
const cacheDirectory = path.join(root, 'node_modules', '.cache', 'meridian');
const bundleSchema = z.object({ code: z.string(), sourceMap: z.string() });

export interface KeptBundle {
  read(): Promise<WorkflowBundleWithSourceMap | undefined>;
  write(bundle: WorkflowBundleWithSourceMap): Promise<void>;
}

export async function keptBundle(entry: URL): Promise<KeptBundle> {
  const file = path.join(cacheDirectory, `workflows-${await fingerprint(entry)}.json`);
  return {
    async read() {
      try {
        return bundleSchema.parse(JSON.parse(await readFile(file, 'utf8')));
      } catch {
        return undefined;
      }
    },
    /** In one step, since several workers may start at once; a read-only disk only costs the time. */
    async write(bundle) {
      const next = `${file}.${process.pid}`;
      try {
        await mkdir(cacheDirectory, { recursive: true });
        await writeFile(next, JSON.stringify(bundle));
        await rename(next, file);
      } catch {
        // built again at the next start
      }
    },
  };
}

/** Of every source a workflow may reach, by the import rules, and of the packages. */
async function fingerprint(entry: URL): Promise<string> {
  const beside = path.relative(root, path.dirname(fileURLToPath(entry)));
  const reached = [...new Set(['workflows', 'domain', beside])].map((room) => `${room}/**/*.ts`);
  const sources = globSync(reached, { cwd: root }).sort();
  const hash = createHash('sha256').update(entry.href);
  for (const source of [...sources, 'package-lock.json']) {
    hash.update(`${source}\0`).update(await readFile(path.join(root, source)));
  }
  return hash.digest('hex').slice(0, 16);
}
