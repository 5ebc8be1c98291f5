/** What the enhanced status of a mail server's answer says (RFC 3463). */

/**
 * No such mailbox, host or person, a mailbox moved or disabled (3.2 and 3.3). A full mailbox, a mail
 * too large or one that looked like spam says nothing of the next one.
 */
export const isAboutAddress = (status: string): boolean =>
  /^5\.(1\.[1-36]|1\.10|2\.1)$/.test(status);

/** Of an answer such as `550 5.1.1 nobody here`, `550-5.1.1 …` or `550 #5.1.1 …`; null without one. */
export const statusOf = (answer: string): string | null =>
  /\b[245]\d\d[ -]#?([245]\.\d{1,3}\.\d{1,3})\b/.exec(answer)?.[1] ?? null;
