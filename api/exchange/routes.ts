/** Looking for practices, and how evenly they are shared. */
import { readBalance, readBalanceRoute } from './read-balance.ts';
import { findPractices, searchPracticesRoute } from './search-practices.ts';

export const exchangeOperations = {
  search: { route: searchPracticesRoute, run: findPractices },
  balance: { route: readBalanceRoute, run: readBalance },
} as const;
