/** A page beside those of tasks: where it is, what it shows and, where it has a form, what that does. */
import type { Html } from './html.ts';
import type { SignedIn } from './loop-page.ts';
import type { Refused } from './refused.ts';
import type { TaskPageParts } from './task-pages.ts';

export interface AskedPage {
  /** Of its route, by name. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  /** What became of the form that was sent. */
  readonly refused: Refused | null;
}

export interface ShownPage {
  readonly title: Html;
  readonly body: Html;
}

export interface SentPage {
  readonly params: Readonly<Record<string, string>>;
  readonly form: Readonly<Record<string, unknown>>;
}

export interface SitePage {
  /** Such as `/scorecards/:kind/:id`: no address of the API. */
  readonly route: string;
  show(parts: TaskPageParts, reader: SignedIn, asked: AskedPage): Promise<ShownPage>;
  /** Answers what it was refused for, where to go on, or a page that keeps nothing, as a preview. */
  send?(
    parts: TaskPageParts,
    reader: SignedIn,
    sent: SentPage,
  ): Promise<Refused | string | ShownPage>;
}
