import type { World } from './world.ts';

/** For loops that a story left open time does not go on: nobody looks at them any more. All, where none is named. */
export async function leaveBehind(
  { database }: Pick<World, 'database'>,
  loops: readonly string[] | null = null,
): Promise<void> {
  const open = database.db
    .updateTable('loop_instance')
    .set({ next_moment_at: null })
    .where('closed_at', 'is', null);
  await (loops === null ? open : open.where('id', 'in', loops)).execute();
}
