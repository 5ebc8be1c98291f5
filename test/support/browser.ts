/** A browser without a window: keeps cookies by host, follows redirects, sends the forms it sees. */
import type { Hono } from 'hono';

export interface Visited {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** As it is encoded where it has a file, or by its fields. */
type SentForm = Readonly<Record<string, string>> | FormData;

const bodyOf = (form: SentForm): URLSearchParams | FormData =>
  form instanceof FormData ? form : new URLSearchParams(form);

export interface Browser {
  visit(url: string, form?: SentForm): Promise<Visited>;
  /** Sends a POST as a page of another site would. */
  post(url: string, form: SentForm, origin: string): Promise<Visited>;
  readonly cookies: ReadonlyMap<string, string>;
}

const redirectsMax = 20;

/** `app` answers for `appUrl`; everything else goes over the network. */
export function testBrowser(app: { request: Hono['request'] }, appUrl: string): Browser {
  const cookies = new Map<string, string>();
  const keep = (url: URL, headers: Headers): void => {
    for (const cookie of headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      const isOver = /max-age=0|expires=thu, 01 jan 1970/i.test(cookie);
      if (isOver) cookies.delete(`${url.host} ${name}`);
      else cookies.set(`${url.host} ${name}`, value);
    }
  };
  const cookieOf = (url: URL): string =>
    [...cookies]
      .filter(([key]) => key.startsWith(`${url.host} `))
      .map(([key, value]) => `${key.split(' ')[1]}=${value}`)
      .join('; ');

  async function once(url: URL, init: RequestInit, origin: string): Promise<Response> {
    const headers = {
      accept: 'text/html',
      cookie: cookieOf(url),
      ...(init.method === 'POST' && { origin }),
    };
    const answer =
      url.origin === appUrl
        ? await app.request(url.href, { ...init, headers })
        : await fetch(url, { ...init, headers, redirect: 'manual' });
    keep(url, answer.headers);
    return answer;
  }

  async function go(to: string, form: SentForm | undefined, origin: string): Promise<Visited> {
    let url = new URL(to, appUrl);
    let init: RequestInit = form ? { method: 'POST', body: bodyOf(form) } : {};
    for (let redirects = 0; redirects < redirectsMax; redirects++) {
      const answer = await once(url, init, origin);
      const next = answer.headers.get('location');
      if (next === null) {
        const { status, headers } = answer;
        return { url: url.href, status, headers, text: await answer.text() };
      }
      url = new URL(next, url);
      init = {};
    }
    throw new Error(`more than ${redirectsMax} redirects to ${url.href}`);
  }

  return {
    cookies,
    visit: (url, form) => go(url, form, new URL(url, appUrl).origin),
    post: go,
  };
}

/** The hidden fields of the first form to `action`. */
export function fieldsOf(page: string, action: string): Record<string, string> {
  const form = page.split('<form').find((part) => part.includes(`action="${action}"`)) ?? '';
  const fields = form.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  return Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value]));
}
