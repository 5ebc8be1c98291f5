/** `MERIDIAN_PSEUDO_LOCALE=yes npm start`: whoever reads English sees which texts are hard-coded or too tight. */
import type { Environment } from '../config.ts';

/** Asked by the parts of `npm start` alone: nothing that runs in production loads this file. */
export async function pseudoLocaleAsAsked(environment: Environment): Promise<void> {
  if (environment['MERIDIAN_PSEUDO_LOCALE'] !== 'yes') return;
  const { showPseudoLocale } = await import('../../locales/catalogue.ts');
  showPseudoLocale();
}
