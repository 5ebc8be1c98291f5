/** How a step of another loop gives a lesson to the exchange: as a draft of whoever learned it. */
import type { Transaction } from 'kysely';
import { insertContent } from '../db/contents.ts';
import { derivedId } from '../db/derived-id.ts';
import { addressee } from '../db/notices.ts';
import { sourceHashes } from '../db/practice-hashes.ts';
import type { DB } from '../db/schema.ts';
import { present } from '../domain/assert.ts';
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
import { excerpt } from '../locales/reading.ts';
import { recipientFor } from '../locales/render.ts';
import { paragraphsOf } from '../locales/words.ts';
import type { Opening } from './loop-record.ts';

export interface Lesson {
  /** The loop that gives it, which begins the draft by this step. */
  readonly by: LoopId;
  readonly at: Instant;
  readonly author: PersonId;
  readonly kind: PracticeKind;
  readonly competency: Competency;
  /** What was learned, in the words of whoever learned it. */
  readonly text: string;
}

/** Words, as a title has them; more is no title. */
const titleMinutesMax = 0.1;

/**
 * Nobody but its author sees the draft; they say for which countries and products it is and whether
 * readers know who wrote it, complete it and submit it. Until they do they are named to nobody. The
 * same step gives one draft, however often it is repeated.
 */
export async function draftPractice(tx: Transaction<DB>, lesson: Lesson): Promise<Opening> {
  const { by, at, author, kind, competency } = lesson;
  const { locale } = recipientFor(present(await addressee(tx, author), 'who learned it'));
  const id = derivedId('practice', by, String(at)) as LoopId;
  const content = derivedId('content', id, practiceContents.source) as ContentId;
  const body: SourceText = {
    title: titleOf(lesson.text, locale),
    // What finds no place under the result: nothing of it is lost.
    situation: lesson.text
      .slice(practiceLimits.partLengthMax)
      .slice(0, practiceLimits.partLengthMax),
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
      isAuthorHidden: true,
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

/** Its first sentence, or the beginning of it. */
const titleOf = (text: string, locale: string): string =>
  excerpt(paragraphsOf(text).slice(0, 1), { locale, minutesMax: titleMinutesMax })
    .paragraphs.join('')
    .slice(0, practiceLimits.titleLengthMax);
