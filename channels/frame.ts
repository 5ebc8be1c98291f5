/** What stands around the words of a letter: a digest asks nothing of its reader. */
import type { Letter } from './channel.ts';

interface Frame {
  readonly button: string;
  readonly footer: string;
}

export const frameOf = ({ unsubscribe }: Letter): Frame =>
  unsubscribe === undefined
    ? { button: 'message.button', footer: 'message.footer' }
    : { button: 'digest.button', footer: 'digest.footer' };
