/** Reads the chain of every loop again and names the first row that does not fit. */
import type { Database } from './client.ts';
import { contentHash, transitionHash } from './audit-chain.ts';

export interface AuditBreak {
  readonly loopId: string;
  readonly sequence: number;
  readonly what: 'hash' | 'previous hash' | 'missing transition' | 'content' | 'head';
}

export interface AuditReport {
  readonly loops: number;
  readonly transitions: number;
  readonly firstBreak: AuditBreak | null;
}

/** Loops read at a time. */
const pageSize = 500;

export async function verifyAudit(db: Database): Promise<AuditReport> {
  let loops = 0;
  let transitions = 0;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await db
      .selectFrom('loop_instance')
      .select(['id', 'sequence', 'last_hash'])
      .where('id', '>', after)
      .orderBy('id')
      .limit(pageSize)
      .execute();
    for (const head of page) {
      const { count, found } = await verifyLoop(db, head);
      loops++;
      transitions += count;
      if (found) return { loops, transitions, firstBreak: found };
    }
    const last = page.at(-1);
    if (!last || page.length < pageSize) return { loops, transitions, firstBreak: null };
    after = last.id;
  }
}

interface Head {
  readonly id: string;
  readonly sequence: number;
  readonly last_hash: Uint8Array | null;
}

async function verifyLoop(
  db: Database,
  head: Head,
): Promise<{ count: number; found: AuditBreak | null }> {
  const rows = await db
    .selectFrom('transition')
    .selectAll()
    .where('loop_id', '=', head.id)
    .orderBy('sequence')
    .execute();
  const contents = await contentsOf(
    db,
    rows.flatMap((row) => row.contents),
  );
  let previous: Uint8Array | null = null;
  for (const [index, row] of rows.entries()) {
    const broken = (what: AuditBreak['what']) => ({
      count: index + 1,
      found: { loopId: head.id, sequence: index, what },
    });
    if (row.sequence !== index) return broken('missing transition');
    if (!same(row.previous_hash, previous)) return broken('previous hash');
    const bad = row.contents.some((id) => contents.get(id)?.isIntact !== true);
    if (bad) return broken('content');
    const hash = transitionHash(previous, {
      loopId: row.loop_id,
      sequence: row.sequence,
      commandId: row.command_id,
      commandType: row.command_type,
      actorId: row.actor_id,
      onBehalfOf: row.on_behalf_of,
      at: row.at,
      recordedAt: row.recorded_at,
      revision: row.revision,
      version: row.version,
      events: row.events,
      contentHashes: row.contents.map((id) => contents.get(id)?.hash ?? ''),
      state: row.state,
      moments: row.moments,
      computedWith: row.computed_with,
    });
    if (!same(row.hash, hash)) return broken('hash');
    previous = row.hash;
  }
  const isWhole = rows.length === head.sequence && same(head.last_hash, previous);
  const found = isWhole ? null : { loopId: head.id, sequence: rows.length, what: 'head' as const };
  return { count: rows.length, found };
}

const same = (a: Uint8Array | null, b: Uint8Array | null): boolean =>
  a === null || b === null ? a === b : Buffer.compare(a, b) === 0;

interface CheckedContent {
  readonly hash: string;
  /** An erased text is intact: only its hash was kept. */
  readonly isIntact: boolean;
}

async function contentsOf(
  db: Database,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CheckedContent>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('content')
    .select(['id', 'hash', 'salt', 'body'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map((row) => {
      const isIntact = row.salt === null || same(row.hash, contentHash(row.salt, row.body));
      return [row.id, { hash: Buffer.from(row.hash).toString('hex'), isIntact }];
    }),
  );
}
