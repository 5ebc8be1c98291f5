/** What would happen to a practice if nobody did anything: `GET /practices/{id}/preview` as a page. */
import { html } from 'hono/html';
import { previewPractice } from '../api/practices/preview-practice.ts';
import { practiceParams } from '../api/practices/schema.ts';
import { problem, Refusal } from '../domain/problem.ts';
import { practicesPath, taskPath } from '../locales/links.ts';
import { instant, say } from './html.ts';
import type { SitePage } from './site-page.ts';

export const previewPath = (practice: string): string => `${practicesPath}/preview/${practice}`;

export const practicePreviewPage: SitePage = {
  route: previewPath(':id'),
  async show({ practices }, reader, { params }) {
    const read = practiceParams.safeParse(params);
    if (!read.success) throw new Refusal(problem('request.not_found'));
    const { id } = read.data;
    const preview = await previewPractice(practices, { actor: reader.actor, input: { id } });
    const title = say(reader, 'practice.preview.title');
    const isQuiet = preview.course.length === 0;
    return {
      title,
      body: html`<h1>${title}</h1>
        <p class="muted">${say(reader, 'practice.preview.hint')}</p>
        ${preview.isHeld ? html`<p>${say(reader, 'held')}</p>` : ''}
        ${
          preview.redFlags.length === 0
            ? ''
            : html`<h2 id="red-flags">${say(reader, 'red_flags')}</h2>
                <ul aria-labelledby="red-flags">
                  ${preview.redFlags.map(
                    ({ sentence, place }) =>
                      html`<li>
                        ${sentence}
                        <span class="muted">${say(reader, 'place')}: <bdi>${place}</bdi></span>
                      </li>`,
                  )}
                </ul>`
        }
        ${isQuiet ? html`<p>${say(reader, 'practice.preview.nothing')}</p>` : ''}
        <ol class="timeline">
          ${preview.course.map(
            ({ at, sentence }) =>
              html`<li>${sentence}<br /><span class="muted">${instant(reader, at)}</span></li>`,
          )}
        </ol>
        ${preview.hasMore ? html`<p>${say(reader, 'practice.preview.more')}</p>` : ''}
        <p><a href="${taskPath(id)}">${say(reader, 'practice.practice')}</a></p>`,
    };
  },
};
