/** Where each chat takes messages. Nothing is sent anywhere else, whatever address somebody gives. */

/** With a dot in front, whatever lies beneath it. As the providers document their webhooks. */
const hosts = {
  slack: ['hooks.slack.com', 'hooks.slack-gov.com'],
  teams: ['.webhook.office.com', '.logic.azure.com', '.api.powerplatform.com'],
} as const;
export type ChatName = keyof typeof hosts;

export function isAddressOf(chat: ChatName, address: string): boolean {
  const url = URL.parse(address);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') return false;
  return hosts[chat].some((host) =>
    host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host,
  );
}
