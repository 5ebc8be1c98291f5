/** What a loop asks of whom now, and who was told what. */
import type { World } from './world.ts';

/** Such as `berlin-lead plan.agree`. */
export async function tasksOf(
  { database }: Pick<World, 'database'>,
  loop: string,
): Promise<readonly string[]> {
  const open = await database.db
    .selectFrom('task')
    .select(['person_id', 'kind'])
    .where('loop_id', '=', loop)
    .where('closed_at', 'is', null)
    .orderBy('kind')
    .orderBy('person_id')
    .execute();
  return open.map(({ person_id: who, kind }) => `${who} ${kind}`);
}

export async function toldOf(
  { database }: Pick<World, 'database'>,
  loop: string,
  key: string,
): Promise<readonly string[]> {
  const notices = await database.db
    .selectFrom('notice')
    .select('recipient_id')
    .where('loop_id', '=', loop)
    .where('key', '=', key)
    .orderBy('recipient_id')
    .execute();
  return notices.map(({ recipient_id: to }) => to);
}
