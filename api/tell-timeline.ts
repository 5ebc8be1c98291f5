/** What happened to a loop, for its reader: every event that has a sentence. */
import type { Database } from '../db/client.ts';
import { loopTimeline } from '../db/timelines.ts';
import type { LoopId, PersonId } from '../domain/id.ts';
import type { Sentence } from '../domain/loop.ts';

interface TellParts {
  readonly db: Database;
  tell(reader: PersonId, sentences: readonly Sentence[]): Promise<readonly string[]>;
}

export async function tellTimeline(
  { db, tell }: TellParts,
  { reader, id }: { readonly reader: PersonId; readonly id: LoopId },
  /** Of the events of that loop's own kind. */
  sentenceOf: (event: never) => Sentence | null,
): Promise<{ readonly at: string; readonly sentence: string }[]> {
  const entries = (await loopTimeline<never>(db, id)).flatMap(({ at, event }) => {
    const sentence = sentenceOf(event);
    return sentence === null ? [] : [{ at, sentence }];
  });
  const told = await tell(
    reader,
    entries.map(({ sentence }) => sentence),
  );
  return entries.map(({ at }, index) => ({
    at: new Date(at).toISOString(),
    sentence: told[index] ?? '',
  }));
}
