import type { PersonId } from '../../domain/id.ts';
import type { Sentence } from '../../domain/loop.ts';
import type { DirectoryParts } from '../directory/parts.ts';

/** What each operation here works with. */
export interface WorkingTimeParts extends DirectoryParts {
  /** Each sentence in the reader's language. */
  tell(reader: PersonId, sentences: readonly Sentence[]): Promise<readonly string[]>;
}
