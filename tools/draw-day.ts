/** `npm run picture`: writes the pictures of the documents, as the pages draw them. */
import { writeFileSync } from 'node:fs';
import { drawnDay, readerOfDocuments } from '../test/support/drawn-day.ts';
import { drawnWeeks } from '../test/support/drawn-weeks.ts';

const pictures = {
  'follow-the-sun.svg': drawnDay,
  'assignment-weeks.svg': drawnWeeks,
} as const;

for (const [name, draw] of Object.entries(pictures)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), await draw(readerOfDocuments));
}
