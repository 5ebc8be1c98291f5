/** A delegation as the two in it read it, with the form that ends it. */
import { html, raw } from 'hono/html';
import { z } from 'zod';
import {
  type Delegation,
  delegationOperations,
  type DelegationParts,
} from '../api/delegations/operations.ts';
import { phraseHtml } from '../locales/render.ts';
import { type Html, instant, nameOf, type Reader } from './html.ts';
import { commandOf, hiddenShape, readForm } from './loop-form.ts';
import {
  type Asked,
  choiceButtons,
  facts,
  loopForm,
  loopPage,
  type SentForm,
  type Shown,
  type SignedIn,
  statusFact,
  timeline,
} from './loop-page.ts';
import { type Refused, unlessRefused } from './refused.ts';

export const say = ({ recipient }: Reader, key: string): Html =>
  raw(phraseHtml(`delegation.${key}`, {}, recipient));

export async function showDelegation(
  parts: DelegationParts,
  reader: SignedIn,
  { id, refused }: Asked,
): Promise<Shown> {
  const { actor } = reader;
  const delegation = await delegationOperations.read.run(parts, { actor, input: { id } });
  const { principal, delegate, scope, status, from, until } = delegation;
  return loopPage(parts, reader, refused, {
    loop: delegation,
    subject: principal.name,
    title: html`${say(reader, 'title')}: ${nameOf(principal)}`,
    told: [
      facts([
        statusFact(reader, delegation, say(reader, `status_of.${status}`)),
        [say(reader, 'principal'), nameOf(principal)],
        [say(reader, 'delegate'), nameOf(delegate)],
        [say(reader, 'what'), say(reader, `scope.${scope}`)],
        [say(reader, 'from'), instant(reader, from.at)],
        [say(reader, 'until'), instant(reader, until.at)],
      ]),
    ],
    form: () => '',
    ownForms: [endForm(reader, delegation)],
    more: [timeline(reader, delegation.timeline)],
  });
}

function endForm(reader: Reader, delegation: Delegation): Html | string {
  if (delegation.status === 'ended' || delegation.source === 'directory') return '';
  const button = { choice: 'end', label: say(reader, 'end'), isQuiet: true };
  return loopForm(delegation, null, choiceButtons([button]));
}

const formShape = z.object(hiddenShape);

type SettleParts = SignedIn & { readonly delegations: DelegationParts; readonly publicUrl: string };

/** Null when it has ended; else what the page says of it. */
export async function settleDelegation(
  { delegations, ...reader }: SettleParts,
  { id, form }: SentForm,
): Promise<Refused | null> {
  const { asked } = commandOf(reader.actor, id, readForm(formShape, form));
  return unlessRefused({ ...reader, text: '' }, async () => {
    await delegationOperations.end.run(delegations, { ...asked, input: { id } });
  });
}
