/** The accounts one may see, and one of them: who owns it, what is open, and what lies ahead. */
import { html } from 'hono/html';
import { type Action } from '../api/accounts/present.ts';
import { listActions } from '../api/accounts/list-actions.ts';
import { pageLimitByDefault } from '../api/cursor.ts';
import { listAccounts } from '../api/directory/list-accounts.ts';
import { readAccount } from '../api/directory/read-account.ts';
import { readCustody } from '../api/directory/read-custody.ts';
import type { HandoffParts } from '../api/handoffs/parts.ts';
import { listHandoffs } from '../api/handoffs/list-handoffs.ts';
import { readOutlook } from '../api/outlook/read-outlook.ts';
import { findAccount } from '../db/accounts.ts';
import { accountSubject } from '../db/actors.ts';
import { type OpenBeside, openBeside } from '../db/open-beside.ts';
import { type Actor, may } from '../domain/authority.ts';
import type { AccountId } from '../domain/id.ts';
import type { AccountSubject } from '../domain/subjects.ts';
import { accountPath, taskPath } from '../locales/links.ts';
import { type Html, instant, nameOf, passes, type Reader, say } from './html.ts';
import { facts, type SignedIn } from './loop-page.ts';
import { wayName, wayTo } from './navigation.ts';
import { scorecardPath } from './scorecard.ts';
import type { SitePage } from './site-page.ts';

/** The newest periods of custody; the API has them all. */
const periodsShownMax = 10;

const link = ({ id, name }: { readonly id: string; readonly name: string }): Html =>
  html`<a href="${accountPath(id)}">${nameOf({ name })}</a>`;

export const accountsPage: SitePage = {
  route: wayTo('accounts'),
  async show({ handoffs }, reader, { query }) {
    const input = { cursor: query['cursor'], limit: pageLimitByDefault };
    const { items, next } = await listAccounts(handoffs, { actor: reader.actor, input });
    const title = wayName(reader, 'accounts');
    const more = `${wayTo('accounts')}?cursor=${next}`;
    return {
      title,
      body: html`<h1>${title}</h1>
        ${items.length === 0 ? html`<p class="muted">${say(reader, 'account.none')}</p>` : ''}
        <ul class="list">
          ${items.map(
            (account) =>
              html`<li>
                ${link(account)}<br />
                <span class="muted">
                  ${say(reader, 'account.owner')}:
                  ${account.custodian ? nameOf(account.custodian) : ''}
                </span>
              </li>`,
          )}
        </ul>
        ${next === null ? '' : html`<p><a href="${more}">${say(reader, 'more')}</a></p>`}`,
    };
  },
};

export const accountPage: SitePage = {
  route: `${wayTo('accounts')}/:account`,
  async show(parts, reader, { params }) {
    const { handoffs, outlooks } = parts;
    const { actor } = reader;
    const id = params['account'] ?? '';
    const account = await readAccount(handoffs, { actor, input: { id } });
    const input = { limit: pageLimitByDefault };
    const [custody, open, actions, ahead, others] = await Promise.all([
      readCustody(handoffs, { actor, input: { id, limit: periodsShownMax } }),
      listHandoffs(handoffs, { actor, input: { ...input, account: id, open: true } }),
      listActions(handoffs, { actor, input: { ...input, id, open: true } }),
      readOutlook(outlooks, { actor, input: { id } }),
      openBeside(handoffs.db, actor, id as AccountId),
    ]);
    const { custodian, sites } = account;
    const subject = await accountSubject(handoffs.db, id as AccountId);
    const ways = subject === null || account.closedAt !== null ? [] : waysOf(actor, subject);
    return {
      title: nameOf(account),
      body: html`<h1>${nameOf(account)}</h1>
        ${facts([
          [say(reader, 'account.owner'), custodian && nameOf(custodian)],
          [
            say(reader, 'account.closed'),
            account.closedAt === null ? null : instant(reader, account.closedAt),
          ],
          [
            say(reader, 'account.part_of'),
            await partOf(handoffs, reader, account.mergedInto as AccountId | null),
          ],
          [say(reader, 'account.sites'), sites.length === 0 ? null : list(sites.map(siteName))],
        ])}
        ${ways.length === 0 ? '' : waysOn(reader, id, ways)} ${handoffsOpen(reader, open.items)}
        ${
          others.length === 0
            ? ''
            : section(
                reader,
                'beside',
                others.map((loop) => beside(reader, loop)),
              )
        }
        ${toDo(reader, actions.items)} ${section(reader, 'ahead', ahead.items.map(finding))}
        ${section(
          reader,
          'owners',
          custody.items.map((period) => owned(reader, period)),
        )}
        <p><a href="${scorecardPath('account', id)}">${say(reader, 'account.scorecard')}</a></p>`,
    };
  },
};

/** Its name and the way to it are for those who may see it. */
async function partOf(
  { db, clock }: HandoffParts,
  { actor }: SignedIn,
  into: AccountId | null,
): Promise<Html | null> {
  if (into === null) return null;
  const account = await findAccount(db, { actor, id: into, at: clock.now() });
  return account ? link(account) : html`<bdi>${into}</bdi>`;
}

/** What may be asked about an account, by the page that asks it. */
const asks = [
  { path: 'offer', action: 'handoff.start', words: 'offer.title' },
  { path: 'cover', action: 'cover.request', words: 'request_cover.title' },
  { path: 'rotation', action: 'rotation.start', words: 'start_rotation.title' },
  { path: 'alert', action: 'alert.raise', words: 'raise.title' },
] as const;
type Way = (typeof asks)[number];

const waysOf = (actor: Actor, subject: AccountSubject): readonly Way[] =>
  asks.filter(({ action }) => may(actor, action, subject));

const waysOn = (reader: Reader, id: string, ways: readonly Way[]): Html =>
  html`<p class="choices">
    ${ways.map(
      ({ path, words }, index) =>
        html`<a class="button${index === 0 ? '' : ' quiet'}" href="${accountPath(id)}/${path}"
          >${say(reader, words)}</a
        >`,
    )}
  </p>`;

const siteName = ({ name, zone }: { readonly name: string; readonly zone: string }): Html =>
  html`<bdi>${name}</bdi> (<bdi>${zone}</bdi>)`;

const list = (items: readonly Html[]): Html =>
  html`${items.map((item, index) => html`${index > 0 ? ' · ' : ''}${item}`)}`;

/** Says so where there is nothing, since that is what somebody came to know. */
const section = (reader: Reader, key: string, items: readonly Html[]): Html =>
  html`<h2>${say(reader, `account.${key}`)}</h2>
    ${
      items.length === 0
        ? html`<p class="muted">${say(reader, 'account.nothing')}</p>`
        : html`<ul class="timeline">
            ${items.map((item) => html`<li>${item}</li>`)}
          </ul>`
    }`;

type Handoffs = Awaited<ReturnType<typeof listHandoffs>>['items'];

const handoffsOpen = (reader: Reader, open: Handoffs): Html =>
  section(
    reader,
    'handoffs',
    open.map(
      ({ id, giver, receiver, status }) =>
        html`<a href="${taskPath(id)}">${passes(reader, giver, receiver)}</a><br />
          <span class="muted">${say(reader, `status_of.${status}`)}</span>`,
    ),
  );

const beside = (reader: Reader, { id, loop }: OpenBeside): Html =>
  html`<a href="${taskPath(id)}">${say(reader, `${loop}.${loop}`)}</a>`;

const toDo = (reader: Reader, actions: readonly Action[]): Html =>
  section(
    reader,
    'actions',
    actions.map(
      ({ text, owner, dueAt }) =>
        html`<span dir="auto">${text ?? say(reader, 'erased')}</span><br />
          <span class="muted">${nameOf(owner)} · ${instant(reader, dueAt)}</span>`,
    ),
  );

type Outlook = Awaited<ReturnType<typeof readOutlook>>;

const finding = ({ sentence, asked }: Outlook['items'][number]): Html =>
  asked === null ? html`${sentence}` : html`<a href="${taskPath(asked.id)}">${sentence}</a>`;

type Custody = Awaited<ReturnType<typeof readCustody>>;

const owned = (reader: Reader, { custodian, from, by }: Custody['items'][number]): Html =>
  html`${by === null ? nameOf(custodian) : html`<a href="${taskPath(by.id)}">${nameOf(custodian)}</a>`}<br />
    <span class="muted"
      >${say(reader, 'account.since', { at: { instant: Date.parse(from) } })}</span
    >`;
