/** What a browser may do with an answer: show it, with our own style and nothing else. */
import { secureHeaders } from 'hono/secure-headers';
import type { MiddlewareHandler } from 'hono';

/** `formTargets`: where the answer to a form may lead beside ourselves, such as the identity provider. */
export const guardBrowser = (formTargets: readonly string[]): MiddlewareHandler =>
  secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      fontSrc: ["'self'"],
      imgSrc: ["'self'"],
      formAction: ["'self'", ...formTargets],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
    // Without an origin of its own a form of ours could not be told from one of others.
    referrerPolicy: 'same-origin',
    xFrameOptions: 'DENY',
  });

/** Answers are somebody's own: nothing between us keeps a copy. */
export const keepNoCopies: MiddlewareHandler = async (c, next) => {
  await next();
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'no-store');
};
