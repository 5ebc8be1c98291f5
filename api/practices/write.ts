/** What somebody wrote, kept before the command that refers to it. */
import type { z } from '@hono/zod-openapi';
import { sourceHashes } from '../../db/practice-hashes.ts';
import {
  practiceContents,
  sourceParts,
  type SourceText,
  type TranslatedText,
} from '../../domain/exchange/practice.ts';
import type { ContentId } from '../../domain/id.ts';
import type { Terms } from '../../domain/practice/state.ts';
import type { TextAt } from '../../domain/text/red-flags.ts';
import { writeContent } from '../write-content.ts';
import type { PracticeParts } from './parts.ts';
import type { draftBody } from './schema.ts';

type Writing = Parameters<typeof writeContent>[1];

export const write = (
  parts: Pick<PracticeParts, 'db' | 'clock'>,
  writing: Writing,
  { kind, body }: { readonly kind: keyof typeof practiceContents; readonly body: unknown },
): Promise<ContentId> => writeContent(parts, writing, { kind: practiceContents[kind], body });

export const writeNote = (
  parts: PracticeParts,
  writing: Writing,
  text: string | undefined,
): Promise<ContentId | null> =>
  text === undefined
    ? Promise.resolve(null)
    : write(parts, writing, { kind: 'note', body: { text } });

export const translatedText = (given: TranslatedText): TranslatedText =>
  Object.fromEntries(sourceParts.map((part) => [part, given[part]])) as unknown as TranslatedText;

type Input = z.output<typeof draftBody>;

const sourceText = (given: Input): SourceText => ({ ...translatedText(given), notes: given.notes });

/** Every text of it, each with its place, as the rules read them. */
export const sourceTexts = (source: SourceText): readonly TextAt[] => [
  ...sourceParts.map((part) => ({ place: part, text: source[part] })),
  ...Object.entries(source.notes).map(([country, text]) => ({ place: `notes.${country}`, text })),
];

export async function writeTerms(
  parts: PracticeParts,
  writing: Writing,
  input: Input,
): Promise<{ readonly terms: Terms; readonly source: SourceText }> {
  const source = sourceText(input);
  const content = await write(parts, writing, { kind: 'source', body: source });
  const { kind, competency, locale, isForPartners, isAuthorHidden } = input;
  const terms: Terms = {
    kind,
    competency,
    locale,
    isForPartners,
    isAuthorHidden,
    roles: [...new Set(input.roles)],
    countries: [...new Set(input.countries)],
    products: [...new Set(input.products)],
    content,
    hashes: sourceHashes(source, locale),
  };
  return { terms, source };
}
