/** The types of `temporal-cli.mjs`, which must stay plain JavaScript. */
export const temporalCli: string;
export function provideTemporal(
  environment: Readonly<Record<string, string | undefined>>,
  say: (line: string) => void,
): Promise<void>;
