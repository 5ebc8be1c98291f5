/** Asks a machine for the translations that a region misses, where its use is switched on: each once. */
import type { Database } from '../../db/client.ts';
import { insertContent, readContents } from '../../db/contents.ts';
import { derivedId } from '../../db/derived-id.ts';
import { lockedTerms } from '../../db/glossary.ts';
import { insertOpenings } from '../../db/openings.ts';
import {
  keepProposal,
  type WantedProposal,
  wantedProposals,
} from '../../db/translation-proposals.ts';
import {
  practiceContents,
  practiceLimits,
  sourceParts,
  type TranslatedText,
} from '../../domain/exchange/practice.ts';
import type { ContentId, LoopId } from '../../domain/id.ts';
import type { Instant } from '../../domain/loop.ts';
import type { PracticeCommand } from '../../domain/practice/state.ts';
import { proposesNothing, type TranslationProposer } from './translation-proposer.ts';

export interface ProposeParts {
  readonly db: Database;
  readonly clock: { now(): Instant };
  readonly proposer?: TranslationProposer;
}

/** In one round; more wait for the next one. */
const proposalsPerRoundMax = 20;
/** For one text, so that a machine that never answers delays the others by little. */
const answerMsMax = 4_000;

/** Safe to repeat: of two rounds that ask for the same text one is kept. */
export const createProposeTranslations =
  ({ db, clock, proposer = proposesNothing }: ProposeParts) =>
  async (): Promise<{ readonly proposed: number }> => {
    const wanted = await wantedProposals(db, {
      proposer: proposer.name,
      at: clock.now(),
      limit: proposalsPerRoundMax,
    });
    const failures: unknown[] = [];
    let proposed = 0;
    for (const one of wanted) {
      try {
        const text = await askedOnce(db, proposer, one);
        if (await keep(db, { wanted: one, text, proposer, at: clock.now() })) proposed++;
      } catch (error) {
        failures.push(error); // the others are asked for all the same
      }
    }
    if (failures.length > 0) throw failures[0];
    return { proposed };
  };

async function askedOnce(
  db: Database,
  proposer: TranslationProposer,
  { content, from, to }: WantedProposal,
): Promise<TranslatedText | null> {
  const text = (await readContents(db, [content])).get(content)?.body as TranslatedText | null;
  if (!text) return null;
  const asked = { text: textOf(text), from, to, terms: await lockedTerms(db) };
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error('the proposer did not answer')),
    answerMsMax,
  );
  try {
    const answer = await Promise.race([proposer.propose(asked), late.promise]);
    return answer !== null && isTranslation(answer, text) ? textOf(answer) : null;
  } finally {
    clearTimeout(timer);
  }
}

const textOf = (text: TranslatedText): TranslatedText =>
  Object.fromEntries(sourceParts.map((part) => [part, text[part]])) as unknown as TranslatedText;

/** Whatever a machine answers: each part of the source as text that a person could have sent, no other. */
const isTranslation = (answer: TranslatedText, source: TranslatedText): boolean =>
  sourceParts.every((part) => {
    const given: unknown = answer[part];
    const { titleLengthMax, partLengthMax } = practiceLimits;
    if (typeof given !== 'string') return false;
    const isIn = given.length <= (part === 'title' ? titleLengthMax : partLengthMax);
    return isIn && (given.trim() === '') === (source[part].trim() === '');
  });

interface Kept {
  readonly wanted: WantedProposal;
  readonly text: TranslatedText | null;
  readonly proposer: TranslationProposer;
  readonly at: Instant;
}

/** With the command that tells the practice, as a step of another loop would: told once, after a crash too. */
function keep(db: Database, { wanted, text, proposer, at }: Kept): Promise<boolean> {
  const { practice, author, sourceHash, to: locale } = wanted;
  const id = derivedId('machine translation', sourceHash, locale) as LoopId;
  const content = text && (derivedId('content', id, proposer.name) as ContentId);
  return db.transaction().execute(async (tx) => {
    if (content !== null) {
      const kind = practiceContents.translation;
      await insertContent(tx, { id: content, author, kind, body: text, at });
    }
    const isKept = await keepProposal(tx, { ...wanted, proposer: proposer.name, content, at });
    if (!isKept || content === null) return false;
    const command: PracticeCommand = { type: 'translate', locale, content, sourceHash };
    const openings = [{ loop: 'practice', id, command, target: practice }];
    await insertOpenings(tx, { by: practice, at, openings });
    return true;
  });
}
