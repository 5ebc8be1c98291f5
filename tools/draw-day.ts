/** `npm run picture`: writes docs/follow-the-sun.svg, as the page of a rotation draws its day. */
import { writeFileSync } from 'node:fs';
import { drawnDay, readerOfDocuments } from '../test/support/drawn-day.ts';

const file = new URL('../docs/follow-the-sun.svg', import.meta.url);
writeFileSync(file, await drawnDay(readerOfDocuments));
