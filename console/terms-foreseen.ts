/** In the forms of terms of an assignment: what they would come to, before anybody is asked to sign them. */
import { html } from 'hono/html';
import type { previewAssignment } from '../api/assignments/preview-assignment.ts';
import { courseTold } from './course-told.ts';
import { type Reader, say } from './html.ts';

export type TermsPreview = Awaited<ReturnType<typeof previewAssignment>>;

export const termsForeseen = (reader: Reader, preview: TermsPreview | null) => ({
  label: say(reader, 'placement.preview'),
  told:
    preview &&
    courseTold(
      reader,
      html`<ul>
        ${[preview.together, ...preview.gates].map((sentence) => html`<li>${sentence}</li>`)}
      </ul>`,
      { course: preview.course, hint: say(reader, 'placement.course_hint') },
    ),
});
