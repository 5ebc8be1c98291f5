/** Numbers as the API answers them: each with its sentence in the reader’s language. */
import { z } from '@hono/zod-openapi';
import { present } from '../domain/assert.ts';
import type { Figure } from '../domain/fairness/figures.ts';
import type { PersonId } from '../domain/id.ts';
import type { WorkingTimeParts } from './working-time/parts.ts';

export const sentence = z.string().openapi({ description: 'In your language.' });

export const figure = z
  .object({
    value: z
      .number()
      .nullable()
      .openapi({ description: 'Null where there is none to show; the sentence says why.' }),
    sentence,
  })
  .openapi('Figure');

type Told = z.input<typeof figure>;

/** Under the names they came with. */
export async function tellFigures<Name extends string>(
  { tell }: Pick<WorkingTimeParts, 'tell'>,
  reader: PersonId,
  figures: Readonly<Record<Name, Figure>>,
): Promise<Record<Name, Told>> {
  const named = Object.entries<Figure>(figures);
  const sentences = await tell(
    reader,
    named.map(([, one]) => one.sentence),
  );
  const told = named.map(([name, { value }], index) => [
    name,
    { value, sentence: present(sentences[index], 'the sentence') },
  ]);
  return Object.fromEntries(told) as Record<Name, Told>;
}
