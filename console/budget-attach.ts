/** A file beside a request for money, sent by a form of its own. */
import { html } from 'hono/html';
import { z } from 'zod';
import { attachFile } from '../api/budget-requests/attach-file.ts';
import type { BudgetParts } from '../api/budget-requests/parts.ts';
import type { BudgetRequest } from '../api/budget-requests/present.ts';
import { attachmentBody, budgetParams } from '../api/budget-requests/schema.ts';
import { attachmentBytesMax, attachmentTypes } from '../domain/budget/attachment.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { taskPath } from '../locales/links.ts';
import { type Html, type Reader, say } from './html.ts';
import { bodyOf, commandOf, hiddenFields, hiddenShape, readForm } from './loop-form.ts';
import type { SentForm, SignedIn } from './loop-page.ts';
import { type Refused, unlessRefused } from './refused.ts';

export const attachPath = (id: string): string => `${taskPath(id)}/attachments`;

const bytesPerMebibyte = 1_048_576;

/** For whoever may close the request, until it is. */
export const attachForm = (reader: Reader, request: BudgetRequest): Html | string =>
  request.closedAt !== null
    ? ''
    : html`<form
        method="post"
        action="${attachPath(request.id)}"
        enctype="multipart/form-data"
        class="step"
      >
        ${hiddenFields(request, null)}
        <label for="file">
          ${say(reader, 'budget.attach', { mebibytes: attachmentBytesMax / bytesPerMebibyte })}
        </label>
        <input id="file" type="file" name="file" accept="${attachmentTypes.join(',')}" required />
        <div class="choices">
          <button class="quiet">${say(reader, 'budget.choice.attach')}</button>
        </div>
      </form>`;

const formShape = z.object({ ...hiddenShape, file: z.file() });

type AttachParts = SignedIn & { readonly budgets: BudgetParts; readonly publicUrl: string };

/** Null when it is added; the same form sent twice adds it once. */
export async function attachToBudget(
  { budgets, ...reader }: AttachParts,
  { id, form }: SentForm,
): Promise<Refused | null> {
  if (!budgetParams.safeParse({ id }).success) throw new Refusal(problem('request.not_found'));
  const { file, ...read } = readForm(formShape, form);
  const { asked } = commandOf(reader.actor, id, read);
  return unlessRefused({ ...reader, text: '' }, async () => {
    const body = bodyOf(attachmentBody, { name: file.name, content: await contentOf(file) });
    await attachFile(budgets, { ...asked, input: { id, ...body } });
  });
}

/** In the words of files: the body of the API speaks of letters in base64. */
async function contentOf(file: File): Promise<string> {
  if (file.size > attachmentBytesMax) {
    throw new Refusal(problem('budget.attachment_too_large', { max: attachmentBytesMax }));
  }
  if (file.size === 0) {
    throw new Refusal(problem('budget.attachment_type', { types: attachmentTypes.join(', ') }));
  }
  return Buffer.from(await file.arrayBuffer()).toString('base64');
}
