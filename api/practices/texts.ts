/** The parts of a text as they are shown, also where it has been erased. */
import {
  sourceParts,
  type SourceText,
  type TranslatedText,
} from '../../domain/exchange/practice.ts';

export const emptyText = Object.fromEntries(
  sourceParts.map((part) => [part, '']),
) as unknown as SourceText;

/** Nothing where it has been erased. */
export const sourceOf = (body: unknown): SourceText => ({
  ...emptyText,
  notes: {},
  ...(body as Partial<SourceText> | null),
});

export const partsOf = (text: TranslatedText): TranslatedText =>
  Object.fromEntries(sourceParts.map((part) => [part, text[part]])) as unknown as TranslatedText;
