/** `npm run picture`: writes the pictures of the documents, as the pages draw them. */
import { writeFileSync } from 'node:fs';
import { drawnDay, readerOfDocuments } from '../test/support/drawn-day.ts';
import { drawnPlan, drawnReview } from '../test/support/drawn-growth.ts';
import { drawnHeatMap } from '../test/support/drawn-heat-map.ts';
import { drawnWeeks } from '../test/support/drawn-weeks.ts';

const pictures = {
  'follow-the-sun.svg': drawnDay,
  'assignment-weeks.svg': drawnWeeks,
  'heat-map.svg': drawnHeatMap,
  'development-plan.svg': drawnPlan,
  'quarterly-review.svg': drawnReview,
} as const;

for (const [name, draw] of Object.entries(pictures)) {
  writeFileSync(new URL(`../docs/${name}`, import.meta.url), await draw(readerOfDocuments));
}
