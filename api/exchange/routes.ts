/** Looking for practices, and how evenly they are shared. */
import { readBalance, readBalanceRoute } from './read-balance.ts';
import { readRecognition, readRecognitionRoute } from './read-recognition.ts';
import { readTranslations, readTranslationsRoute } from './read-translations.ts';
import { findPractices, searchPracticesRoute } from './search-practices.ts';

export const exchangeOperations = {
  search: { route: searchPracticesRoute, run: findPractices },
  recognition: { route: readRecognitionRoute, run: readRecognition },
  translations: { route: readTranslationsRoute, run: readTranslations },
  balance: { route: readBalanceRoute, run: readBalance },
} as const;
