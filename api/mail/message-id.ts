/** Of a Message-ID that we wrote, the part that is the message's own. */
export const bareId = (messageId: string): string =>
  messageId.replace(/^<|>$/g, '').split('@')[0] ?? '';
