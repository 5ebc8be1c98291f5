/** How a step of another loop gives a lesson to the exchange: as a draft of whoever learned it. */
import type { Transaction } from 'kysely';
import { insertContent } from '../db/contents.ts';
import { derivedId } from '../db/derived-id.ts';
import { sourceHashes } from '../db/practice-hashes.ts';
import type { DB } from '../db/schema.ts';
import {
  practiceContents,
  type PracticeKind,
  practiceLimits,
  type SourceText,
} from '../domain/exchange/practice.ts';
import type { ContentId, LoopId, PersonId } from '../domain/id.ts';
import type { Instant } from '../domain/loop.ts';
import type { Competency } from '../domain/people/competency.ts';
import type { PracticeCommand } from '../domain/practice/state.ts';
import type { Opening } from './loop-record.ts';

interface Lesson {
  /** The loop that gives it, which begins the draft by this step. */
  readonly by: LoopId;
  readonly at: Instant;
  readonly author: PersonId;
  readonly locale: string;
  readonly kind: PracticeKind;
  readonly competency: Competency;
  readonly title: string;
  /** What was learned, in the words of whoever learned it. */
  readonly text: string;
}

/**
 * Nobody but its author sees the draft; they say for which countries and products it is, complete it
 * and submit it. The same step gives one draft, however often it is repeated.
 */
export async function draftPractice(tx: Transaction<DB>, lesson: Lesson): Promise<Opening> {
  const { by, at, author, locale, kind, competency } = lesson;
  const id = derivedId('practice', by, String(at)) as LoopId;
  const content = derivedId('content', id, practiceContents.source) as ContentId;
  const body: SourceText = {
    title: lesson.title.slice(0, practiceLimits.titleLengthMax),
    situation: '',
    action: '',
    result: lesson.text.slice(0, practiceLimits.partLengthMax),
    indication: '',
    evidence: '',
    notes: {},
  };
  await insertContent(tx, { id: content, author, kind: practiceContents.source, body, at });
  const command: PracticeCommand = {
    type: 'draft',
    openedBy: by,
    author,
    terms: {
      kind,
      competency,
      isAuthorHidden: false,
      locale,
      countries: [],
      products: [],
      roles: [],
      isForPartners: false,
      content,
      hashes: sourceHashes(body, locale),
    },
  };
  return { loop: 'practice', id, command };
}
