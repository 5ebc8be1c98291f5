/** A way to reach a person. Composing is done once; what was composed is sent as it is, however often. */
import type { Recipient, Rendered } from '../locales/render.ts';

export interface Letter {
  /** The same for the same message, so that a repeat is recognised as one. */
  readonly messageId: string;
  readonly to: { readonly name: string; readonly address: string };
  /** In their language, and their zone. */
  readonly recipient: Recipient;
  readonly rendered: Rendered;
  /** Other languages of parts of it, which say so themselves. */
  readonly alsoIn?: readonly string[];
  readonly link: string;
  readonly at: number;
  /** Where an answer goes; absent, to whom it is from. */
  readonly replyTo?: string;
  /** Messages with the same one belong together. */
  readonly thread?: string;
  /** For the reader's calendar. */
  readonly event?: LetterEvent;
  /** What is in it already and is called off, or ends earlier. */
  readonly withdrawn?: readonly LetterEvent[];
  /** Of digests only, which are framed as such: a task is never unsubscribed from. */
  readonly unsubscribe?: { readonly url: string };
}

export interface LetterEvent {
  readonly uid: string;
  /** Of two about the same the higher one counts (RFC 5545, 3.8.7.4). */
  readonly sequence: number;
  /** It does not take place. */
  readonly isCancelled?: boolean;
  /** Without an end it is a deadline. Days are whole ones, both included. */
  readonly time:
    | { readonly from: number; readonly until?: number }
    | { readonly firstDay: string; readonly lastDay: string };
  /** False where their calendar shows them as free. */
  readonly isBusy: boolean;
  readonly summary: string;
}

export type SendOutcome =
  | { readonly outcome: 'sent' }
  | {
      readonly outcome: 'temporary';
      readonly code: string;
      /** False where whoever was to take it has said no, or was never reached. */
      readonly mayHaveArrived: boolean;
    }
  | {
      readonly outcome: 'permanent';
      /** Of mail with its enhanced status, such as `550 5.7.1`. */
      readonly code: string;
      /** The address reaches nobody: nothing is sent there any more. */
      readonly isAddressGone?: true;
    };

export interface Channel {
  readonly name: string;
  /** Who else reads where it leads, nobody here knows. */
  readonly isRoom?: true;
  /** Characters of a letter that are shown; the rest is cut. Absent: all. */
  readonly textLengthMax?: number;
  compose(letter: Letter): Promise<Uint8Array>;
  send(composed: Uint8Array, address: string): Promise<SendOutcome>;
  close(): void;
}
