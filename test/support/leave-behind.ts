import type { World } from './world.ts';

/** For loops that a story left open time does not go on: nobody looks at them any more. */
export async function leaveBehind({ database }: Pick<World, 'database'>): Promise<void> {
  await database.db
    .updateTable('loop_instance')
    .set({ next_moment_at: null })
    .where('closed_at', 'is', null)
    .execute();
}
