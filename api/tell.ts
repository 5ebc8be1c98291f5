import type { PersonId } from '../domain/id.ts';
import type { Sentence } from '../domain/loop.ts';

/** Each sentence in the reader's language, with names for ids and the reader's wall time. */
export type Tell = (reader: PersonId, sentences: readonly Sentence[]) => Promise<readonly string[]>;
