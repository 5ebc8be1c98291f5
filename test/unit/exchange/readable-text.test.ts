import { expect, test } from 'vitest';
import { readableText, type TranslationState } from '../../../domain/exchange/readable-text.ts';

const approved = (locale: string, given: Partial<TranslationState> = {}): TranslationState => ({
  locale,
  status: 'approved',
  sourceHash: 'now',
  approvedFor: ['DE'],
  ...given,
});
const reader = { locale: 'fr', regionLocale: 'de', country: 'DE' };
const read = (...translations: readonly TranslationState[]) =>
  readableText({ sourceLocale: 'pt-BR', sourceHash: 'now', translations }, reader);

test.each([
  ['their own language where it is approved', [approved('fr'), approved('de')], 'fr'],
  ['that of their region before English', [approved('en'), approved('de')], 'de'],
  ['English before the source', [approved('en')], 'en'],
  ['the source where nothing else is approved', [], 'pt-BR'],
  ['nothing that is only proposed', [approved('fr', { status: 'proposed' })], 'pt-BR'],
  ['nothing that a machine proposed', [approved('fr', { status: 'machine' })], 'pt-BR'],
  ['nothing of a source that has changed', [approved('fr', { sourceHash: 'before' })], 'pt-BR'],
  ['nothing approved for another country', [approved('fr', { approvedFor: ['FR'] })], 'pt-BR'],
])('somebody reads %s', (_name, translations, locale) => {
  expect(read(...translations)).toEqual({ locale, isFallback: locale !== 'fr' });
});
