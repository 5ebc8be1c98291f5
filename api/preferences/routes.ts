/** Every operation on one's own preferences. */
import { readPreferences, readPreferencesRoute } from './read-preferences.ts';
import { writePreferences, writePreferencesRoute } from './write-preferences.ts';

export const preferenceOperations = {
  read: { route: readPreferencesRoute, run: readPreferences },
  write: { route: writePreferencesRoute, run: writePreferences },
} as const;
