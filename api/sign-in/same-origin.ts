import type { Context } from 'hono';
import { problem, Refusal } from '../../domain/problem.ts';

/** A form is obeyed only when a page of ours sent it: browsers state where a POST comes from. */
export function fromOurPages(c: Context, publicUrl: string): void {
  if (c.req.header('origin') !== new URL(publicUrl).origin) {
    throw new Refusal(problem('authority.forbidden'));
  }
}
