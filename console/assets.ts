/** What pages load, all of it our own: one style sheet, a mark, and letters for every language. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Env, Hono } from 'hono';

/** Which letters a browser loads it finds by itself: each file states the range it is for. */
const fonts = [
  'noto-sans',
  'noto-sans-arabic',
  'noto-sans-devanagari',
  'noto-sans-jp',
  'noto-sans-kr',
  'noto-sans-sc',
] as const;
const fontKeptSeconds = 30 * 86_400;

const own = (name: string): string =>
  readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8');

interface Font {
  readonly css: string;
  /** By file name. */
  readonly files: ReadonlyMap<string, string>;
}

function findFont(name: (typeof fonts)[number]): Font {
  const index = fileURLToPath(import.meta.resolve(`@fontsource-variable/${name}/index.css`));
  const folder = new URL('./files/', new URL(`file://${index}`));
  const css = readFileSync(index, 'utf8').replaceAll('url(./files/', 'url(/assets/fonts/');
  const files = readdirSync(folder).filter((file) => file.endsWith('.woff2'));
  return {
    css,
    files: new Map(files.map((file) => [file, fileURLToPath(new URL(file, folder))])),
  };
}

export function registerAssets<E extends Env>(app: Hono<E>): void {
  const found = fonts.map(findFont);
  const files = new Map(found.flatMap((font) => [...font.files]));
  const style = `${found.map(({ css }) => css).join('')}${own('meridian.css')}`;
  const mark = own('meridian.svg');
  const texts = [
    ['/assets/meridian.css', style, 'text/css; charset=utf-8'],
    ['/assets/meridian.svg', mark, 'image/svg+xml'],
  ] as const;
  for (const [path, text, type] of texts) {
    const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`;
    app.get(path, (c) => {
      const headers = { 'content-type': type, etag, 'cache-control': 'public, no-cache' };
      if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
      return c.body(text, 200, headers);
    });
  }
  app.get('/assets/fonts/:file', async (c) => {
    const path = files.get(c.req.param('file'));
    if (path === undefined) return c.notFound();
    return c.body(await readFile(path), 200, {
      'content-type': 'font/woff2',
      'cache-control': `public, max-age=${fontKeptSeconds}`,
    });
  });
}
