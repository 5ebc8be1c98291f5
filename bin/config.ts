/** The configuration: read from the environment once, checked whole, every bad value named. */
import { readFileSync } from 'node:fs';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { StartProblem } from './embedded/start-problem.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Variable<T> {
  readonly schema: z.ZodType<T>;
  /** Completes the sentence "NAME must …". */
  readonly must: string;
  readonly byDefault?: string;
  /** Never shown again, and readable from the file that NAME_FILE names. */
  readonly isSecret?: true;
}

const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
const sessionSecretLengthMin = 32;
const intakeSecretLengthMin = 24;

const wholeNumber = (min: number, max: number): z.ZodType<number> =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((number) => number >= min && number <= max);

const urlOf = (...protocols: readonly string[]): z.ZodType<string> =>
  z.string().refine((text) => {
    const url = URL.parse(text);
    return url !== null && url.hostname !== '' && protocols.includes(url.protocol);
  });

const isLocal = (url: URL): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);

/** Sign-in and sessions are worth nothing over a connection that others can read. */
const safeWebUrl = z
  .string()
  .refine((text) => {
    const url = URL.parse(text);
    return (
      url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url)))
    );
  })
  .transform((text) => text.replace(/\/+$/, ''));

const mailbox = z
  .string()
  .regex(/^[^\p{Cc}<>"]{1,100} <[^\p{Cc}\s<>",;]+@[^\p{Cc}\s<>",;]+>$/u)
  .transform((text) => {
    const [name = '', address = ''] = text.split(/ <|>/);
    return { name, address };
  });

const webUrlRule = 'be an https URL, or http on localhost';

const variables = {
  NODE_ENV: {
    schema: z.enum(['development', 'production']),
    must: 'be development or production',
    byDefault: 'development',
  },
  LOG_LEVEL: {
    schema: z.enum(logLevels),
    must: `be one of ${logLevels.join(', ')}`,
    byDefault: 'info',
  },
  DATABASE_URL: {
    schema: urlOf('postgres:', 'postgresql:'),
    must: 'be a URL such as postgres://user:password@host:5432/meridian',
    isSecret: true,
  },
  DATABASE_CONNECTIONS_MAX: {
    schema: wholeNumber(2, 200),
    must: 'be a whole number from 2 to 200',
    byDefault: '10',
  },
  TASK_QUEUE: {
    schema: z.string().regex(/^[\w.-]{1,100}$/),
    must: 'be up to 100 letters, digits, dots, dashes and underscores',
    byDefault: 'meridian',
  },
  SMTP_URL: {
    schema: urlOf('smtp:', 'smtps:'),
    must: 'be a URL such as smtps://user:password@host:465',
    isSecret: true,
  },
  MAIL_FROM: {
    schema: mailbox,
    must: 'be a name and an address, such as Meridian <meridian@example.com>',
  },
  MAIL_INTAKE_SECRET: {
    schema: z.string().min(intakeSecretLengthMin).max(1_000).optional(),
    must: `be at least ${intakeSecretLengthMin} characters that nobody can guess, or left out`,
    isSecret: true,
  },
  MAIL_REPLY_ADDRESS: {
    schema: z
      .string()
      .regex(/^[a-z0-9._-]{1,13}@[^\p{Cc}\s<>",;@]+$/u)
      .optional(),
    must: 'be an address whose name has at most 13 small letters, digits, dots, dashes or underscores, such as reply@replies.example.com, or left out',
  },
  MAIL_REPLY_CHECKED_BY: {
    schema: z
      .string()
      .regex(/^[\w.-]{1,255}$/)
      .optional(),
    must: 'be the name by which your receiving mail server begins its Authentication-Results, such as mx.example.com, or left out',
  },
  MAIL_REPLY_SECRET: {
    schema: z.string().min(intakeSecretLengthMin).max(1_000).optional(),
    must: `be at least ${intakeSecretLengthMin} characters that nobody can guess, or left out`,
    isSecret: true,
  },
  OIDC_ISSUER: { schema: safeWebUrl, must: webUrlRule },
  OIDC_CLIENT_ID: {
    schema: z.string().max(200),
    must: 'be the name by which the provider knows us',
  },
  OIDC_CLIENT_SECRET: {
    schema: z.string().max(1_000),
    must: 'be the secret that the provider gave us',
    isSecret: true,
  },
  OIDC_AUDIENCE: {
    schema: z.string().max(200),
    must: 'be the audience of the access tokens, such as https://meridian.example.com/api',
  },
  PUBLIC_URL: {
    schema: safeWebUrl,
    must: `${webUrlRule}: the address people reach the product by`,
  },
  HOST: {
    schema: z.string().regex(/^[\w.:-]+$/),
    must: 'be an address to listen on',
    byDefault: '127.0.0.1',
  },
  PORT: {
    schema: wholeNumber(1, 65_535),
    must: 'be a whole number from 1 to 65535',
    byDefault: '3000',
  },
  PROXIES_IN_FRONT: {
    schema: wholeNumber(0, 10),
    must: 'be how many proxies of your own every request comes through, from 0 to 10',
    byDefault: '0',
  },
  SESSION_SECRET: {
    schema: z.string().min(sessionSecretLengthMin).max(1_000),
    must: `be at least ${sessionSecretLengthMin} characters that nobody can guess`,
    isSecret: true,
  },
} as const satisfies Record<string, Variable<unknown>>;

type VariableName = keyof typeof variables;
type ValueOf<Name extends VariableName> = z.output<(typeof variables)[Name]['schema']>;
type Read = <Name extends VariableName>(name: Name) => ValueOf<Name>;

interface Reading {
  readonly read: Read;
  readonly environment: Environment;
  readonly problems: string[];
}

/** What one part of the product needs to know; a process reads only the sections it uses. */
const sections = {
  process: ({ read }: Reading) => ({
    environment: read('NODE_ENV'),
    logLevel: read('LOG_LEVEL'),
  }),
  database: ({ read }: Reading) => ({
    url: read('DATABASE_URL'),
    connectionsMax: read('DATABASE_CONNECTIONS_MAX'),
  }),
  temporal: (reading: Reading) => ({
    ...readTemporal(reading),
    taskQueue: reading.read('TASK_QUEUE'),
  }),
  mail: (reading: Reading) => ({
    smtpUrl: reading.read('SMTP_URL'),
    from: reading.read('MAIL_FROM'),
    replies: readReplies(reading),
  }),
  identity: ({ read }: Reading) => ({
    issuer: read('OIDC_ISSUER'),
    clientId: read('OIDC_CLIENT_ID'),
    clientSecret: read('OIDC_CLIENT_SECRET'),
    audience: read('OIDC_AUDIENCE'),
  }),
  site: ({ read }: Reading) => ({ publicUrl: read('PUBLIC_URL') }),
  /** Signs sessions, and links that need none: whoever sends them knows it too. */
  links: ({ read }: Reading) => ({ secret: read('SESSION_SECRET') }),
  http: ({ read }: Reading) => ({
    host: read('HOST'),
    port: read('PORT'),
    proxiesInFront: read('PROXIES_IN_FRONT'),
    mailIntakeSecret: read('MAIL_INTAKE_SECRET'),
  }),
} as const;

type Section = keyof typeof sections;
export type Config = { readonly [Name in Section]: Readonly<ReturnType<(typeof sections)[Name]>> };

const secretNames: readonly string[] = Object.entries<Variable<unknown>>(variables)
  .filter(([, variable]) => variable.isSecret)
  .map(([name]) => name);
/** Every name the product reads itself; `TEMPORAL_*` belongs to Temporal's own client configuration. */
export const variableNames: readonly string[] = [
  ...Object.keys(variables),
  ...secretNames.map((name) => `${name}_FILE`),
];
export const variableDefaults: Environment = Object.fromEntries(
  Object.entries<Variable<unknown>>(variables).map(([name, { byDefault }]) => [name, byDefault]),
);

export const everySection = Object.keys(sections) as readonly Section[];

/** Throws one StartProblem with a sentence for every bad value. */
export function readConfig(environment: Environment): Config;
export function readConfig<Name extends Section>(
  environment: Environment,
  names: readonly Name[],
): Pick<Config, Name>;
export function readConfig(
  environment: Environment,
  names: readonly Section[] = everySection,
): Partial<Config> {
  const problems: string[] = [];
  // An absent value only lives until the problems below are thrown.
  const read = ((name: VariableName) => readVariable(environment, name, problems)) as Read;
  const reading = { read, environment, problems };
  const config = Object.fromEntries(names.map((name) => [name, sections[name](reading)]));
  if (problems.length > 0) throw new StartProblem('configuration', problems.join('\n'));
  return config;
}

function readVariable(environment: Environment, name: VariableName, problems: string[]): unknown {
  const variable: Variable<unknown> = variables[name];
  const source = findText(environment, name);
  if ('problem' in source) {
    problems.push(source.problem);
    return undefined;
  }
  const text = source.text ?? variable.byDefault;
  const parsed = variable.schema.safeParse(text);
  if (parsed.success) return parsed.data;
  const shown = variable.isSecret ? 'has a value that does not fit' : `is ${JSON.stringify(text)}`;
  const found = text === undefined ? 'is missing' : shown;
  problems.push(`${name} ${found}: it must ${variable.must}.`);
  return undefined;
}

/** An empty variable counts as absent, as compose files and shells leave them. */
function findText(
  environment: Environment,
  name: VariableName,
): { readonly text: string | undefined } | { readonly problem: string } {
  const text = environment[name]?.trim() || undefined;
  const file = secretNames.includes(name) ? environment[`${name}_FILE`]?.trim() : undefined;
  if (!file) return { text };
  if (text !== undefined) return { problem: `${name} and ${name}_FILE are both set: keep one.` };
  try {
    return { text: readFileSync(file, 'utf8').trim() || undefined };
  } catch {
    return { problem: `${name}_FILE names ${file}, which cannot be read.` };
  }
}

/** Undefined where replies are not taken. */
function readReplies({ read, problems }: Reading) {
  const [address, secret] = [read('MAIL_REPLY_ADDRESS'), read('MAIL_REPLY_SECRET')];
  const checkedBy = read('MAIL_REPLY_CHECKED_BY');
  if (address !== undefined && secret !== undefined) return { address, secret, checkedBy };
  if (address !== undefined || secret !== undefined) {
    problems.push('MAIL_REPLY_ADDRESS and MAIL_REPLY_SECRET go together: set both or neither.');
  }
  return undefined;
}

function readTemporal({ environment, problems }: Reading): {
  readonly address: string;
  readonly namespace: string;
  readonly connection: ReturnType<typeof loadClientConnectConfig>['connectionOptions'];
} {
  try {
    const set = Object.entries(environment).filter(([, value]) => Boolean(value));
    const overrideEnvVars = Object.fromEntries(set) as Record<string, string>;
    // Only a file that the environment names: somebody's own profile is not the product's.
    const disableFile = overrideEnvVars['TEMPORAL_CONFIG_FILE'] === undefined;
    const { connectionOptions, namespace } = loadClientConnectConfig({
      overrideEnvVars,
      disableFile,
    });
    const address = connectionOptions.address ?? '';
    if (!/^[^\s/]+:\d{1,5}$/.test(address)) {
      const found = address === '' ? 'is missing' : `is ${JSON.stringify(address)}`;
      problems.push(
        `TEMPORAL_ADDRESS ${found}: it must be a host and a port, such as temporal:7233.`,
      );
    }
    return { address, namespace: namespace ?? 'default', connection: connectionOptions };
  } catch (error) {
    problems.push(`TEMPORAL_* cannot be used: ${(error as Error).message}.`);
    return { address: '', namespace: '', connection: {} };
  }
}
