/** `/openapi.json`, and the same to read: `/docs` and, for each code, `/docs/problems`. No script. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import manifest from '../package.json' with { type: 'json' };
import { type ProblemCode, problems } from '../domain/problem.ts';
import { phrase, type Recipient } from '../locales/render.ts';
import { type ApiDocument, apiDocument } from './documents.ts';
import type { ApiEnvironment, ApiParts } from './environment.ts';
import { problemStatus } from './problem.ts';

type App = OpenAPIHono<ApiEnvironment>;
type Html = ReturnType<typeof html>;

export function registerDocuments(app: App, { publicUrl }: Pick<ApiParts, 'publicUrl'>): void {
  let made: ApiDocument | undefined;
  const document = (): ApiDocument => (made ??= apiDocument(app, manifest.version));
  app.get('/openapi.json', (c) => c.json({ ...document(), servers: [{ url: publicUrl }] }));
  app.get('/docs', (c) => c.html(page('The API', operationsOf(document()))));
  app.get('/docs/problems', (c) => c.html(page('Problems', problemsFor(c.var.recipient))));
}

const page = (title: string, body: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title} · Meridian</title>
        <link rel="stylesheet" href="/assets/meridian.css" />
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Operation {
  readonly summary?: string;
  readonly description?: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly required?: boolean;
    readonly description?: string;
  }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Content }>
  >;
}

function operationsOf({ paths = {}, components = {} }: ApiDocument): Html {
  const all = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) =>
      operationOf(`${method.toUpperCase()} ${path}`, operation as Operation),
    ),
  );
  const schemas = Object.entries((components.schemas ?? {}) as Record<string, Schema>);
  return html`<p>
      As a document for programs: <a href="/openapi.json">OpenAPI 3.1</a>. What a refusal means:
      <a href="/docs/problems">problems</a>.
    </p>
    ${all}
    <h2>Shapes</h2>
    ${schemas.map(
      ([name, schema]) =>
        html`<h3 id="${name}">${name}</h3>
          ${fieldsOf(schema)}`,
    )}`;
}

const operationOf = (title: string, operation: Operation): Html =>
  html`<section>
    <h2>${title}</h2>
    <p>
      ${operation.summary ?? ''}${operation.description ? html`<br />${operation.description}` : ''}
    </p>
    ${
      operation.parameters?.length
        ? html`<dl>
            ${operation.parameters.map(
              (one) =>
                html`<dt>
                    <code>${one.name}</code> (${one.in}${one.required ? ', required' : ''})
                  </dt>
                  <dd>${one.description ?? ''}</dd>`,
            )}
          </dl>`
        : ''
    }
    ${operation.requestBody ? html`<p>Takes ${contentOf(operation.requestBody.content)}.</p>` : ''}
    <ul>
      ${Object.entries(operation.responses).map(
        ([status, { description, content }]) =>
          html`<li>${status}: ${description} ${content ? contentOf(content) : ''}</li>`,
      )}
    </ul>
  </section>`;

const contentOf = (content: Content): Html =>
  html`${Object.entries(content).map(
    ([type, { schema }]) => html`<code>${type}</code> ${schema ? typeOf(schema) : ''} `,
  )}`;

const refOf = (schema: Schema): string | undefined => schema.$ref?.split('/').at(-1);

function typeOf(schema: Schema): Html {
  const ref = refOf(schema);
  if (ref !== undefined) return html`<a href="#${ref}">${ref}</a>`;
  const options = schema.anyOf ?? schema.oneOf;
  if (options)
    return html`${options.map((one, index) => html`${index > 0 ? ' or ' : ''}${typeOf(one)}`)}`;
  if (schema.items) return html`list of ${typeOf(schema.items)}`;
  if (schema.properties) return fieldsOf(schema);
  if (schema.enum) return html`${schema.enum.join(' | ')}`;
  return html`${[schema.type ?? 'any value'].flat().join(' or ')}`;
}

const fieldsOf = (schema: Schema): Html =>
  html`<dl>
    ${Object.entries(schema.properties ?? {}).map(
      ([name, field]) =>
        html`<dt><code>${name}</code>${schema.required?.includes(name) ? '' : ' (optional)'}</dt>
          <dd>${typeOf(field)} ${field.description ?? ''}</dd>`,
    )}
  </dl>`;

/** In the reader's language; a sentence's values show as their names. */
const problemsFor = (recipient: Recipient): Html =>
  html`<p>A program decides by the code; the title and the detail are for people.</p>
    ${(Object.keys(problems) as ProblemCode[]).map(
      (code) =>
        html`<section id="${code}">
          <h2><code>${code}</code></h2>
          <p>${problemStatus(code)} · ${phrase(`problems.${code}.title`, {}, recipient)}</p>
        </section>`,
    )}`;
