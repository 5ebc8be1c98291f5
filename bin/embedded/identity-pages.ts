/** The two pages of the demo provider: choose who to be, and confirm signing out. */
import { html } from 'hono/html';

export interface DemoPerson {
  readonly id: string;
  readonly name: string;
}

type Html = ReturnType<typeof html>;

const page = (title: string, body: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          body {
            font:
              1rem/1.5 system-ui,
              sans-serif;
            max-width: 40rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          button {
            font: inherit;
            padding: 0.5rem 1rem;
            margin: 0.25rem 0;
            width: 100%;
            text-align: start;
          }
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;

export const choosePersonPage = (uid: string, people: readonly DemoPerson[]): Html =>
  page(
    'Who are you today?',
    html`<p>This sign-in is for development: anyone can be anyone of the demo organisation.</p>
      <form method="post" action="/interaction/${uid}">
        ${people.map(
          (person) =>
            html`<button name="person" value="${person.id}"><bdi>${person.name}</bdi></button>`,
        )}
      </form>`,
  );

/** `form` is the provider's own, complete with its token. */
export const signOutPage = (form: Html): Html =>
  page(
    'Sign out',
    html`${form}<button type="submit" form="op.logoutForm" name="logout" value="yes">
        Sign out
      </button>`,
  );

export const failedPage = (sentence: string): Html =>
  page('Sign-in did not work', html`<p>${sentence}</p>`);
