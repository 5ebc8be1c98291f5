/** Which operations there are: what an address can be asked for, by method. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { ApiEnvironment } from './environment.ts';

export interface Operations {
  /** The documented path, such as `/handoffs/{id}`; null when there is no such operation. */
  find(method: string, path: string): string | null;
  /** Upper case; empty for an address that does not exist at all. */
  methodsOf(path: string): readonly string[];
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly pattern: RegExp;
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll('.', '\\.').replace(/\{\w+\}/g, '[^/]+')}$`);

/** Read when first asked, after every operation has been registered. */
export function operationsOf(app: OpenAPIHono<ApiEnvironment>): Operations {
  let known: readonly Operation[] | undefined;
  const all = (): readonly Operation[] =>
    (known ??= app.openAPIRegistry.definitions.flatMap((definition) => {
      // The intake of mails is served before anybody is asked who they are, and not everywhere.
      if (definition.type !== 'route' || definition.route.tags?.includes('mail')) return [];
      const { method, path } = definition.route;
      return [{ method: method.toUpperCase(), path, pattern: patternOf(path) }];
    }));
  const at = (path: string): readonly Operation[] =>
    all().filter(({ pattern }) => pattern.test(path));
  return {
    find(method, path) {
      const asked = method === 'HEAD' ? 'GET' : method;
      const found = at(path).filter((one) => one.method === asked);
      // A path without parameters is another operation than the one whose parameter it would fill.
      return (found.find((one) => one.path === path) ?? found[0])?.path ?? null;
    },
    methodsOf: (path) => [...new Set(at(path).map(({ method }) => method))],
  };
}
