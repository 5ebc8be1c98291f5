import { raw } from 'hono/html';
import { phraseHtml } from '../locales/render.ts';
import type { Html, Reader } from './html.ts';

export const preferencesPath = '/preferences';

export const preferencesTitle = ({ recipient }: Reader): Html =>
  raw(phraseHtml('preferences.title', {}, recipient));
