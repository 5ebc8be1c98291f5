/** Posts a composed message to a chat's incoming webhook, and reads what became of it. */
import type { SendOutcome } from '../channel.ts';
import { type ChatName, isAddressOf } from './hosts.ts';
import { postSafely } from '../safe-request.ts';

export interface ChatOptions {
  /** Development and tests: a chat on this machine. */
  readonly isPrivateAllowed?: boolean;
}

/** Those say "later": a timeout, too early, too many. */
const later: readonly number[] = [408, 425, 429];

/** Those say that there is no such webhook any more. */
const gone: readonly number[] = [404, 410];

interface Chat extends ChatOptions {
  readonly chat: ChatName;
}

export async function sendChat(
  composed: Uint8Array,
  url: string,
  { chat, isPrivateAllowed = false }: Chat,
): Promise<SendOutcome> {
  if (!isPrivateAllowed && !isAddressOf(chat, url)) {
    return { outcome: 'permanent', code: 'address_refused', isAddressGone: true };
  }
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  const answer = await postSafely({ url, body: composed, headers, isPrivateAllowed });
  switch (answer.outcome) {
    case 'refused':
      return { outcome: 'permanent', code: answer.code };
    case 'failed':
      return { outcome: 'temporary', code: answer.code, mayHaveArrived: true };
    case 'answered': {
      const { status } = answer;
      if (status >= 200 && status < 300) return { outcome: 'sent' };
      const isLater = status >= 500 || later.includes(status);
      const code = String(status);
      if (gone.includes(status)) return { outcome: 'permanent', code, isAddressGone: true };
      if (!isLater) return { outcome: 'permanent', code };
      return { outcome: 'temporary', code, mayHaveArrived: status >= 500 };
    }
  }
}
