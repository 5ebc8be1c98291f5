/** Where `npm start` keeps its data and which ports its parts take; nothing else reads these names. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../config.ts';
import { StartProblem } from '../embedded/start-problem.ts';

/** Below the range from which systems hand out ports of their own accord. */
const portDefaults = {
  PORT: 3000,
  MERIDIAN_IDENTITY_PORT: 3001,
  MERIDIAN_MAIL_PORT: 3002,
  MERIDIAN_SMTP_PORT: 3025,
  MERIDIAN_POSTGRES_PORT: 15_432,
  MERIDIAN_TEMPORAL_PORT: 17_233,
} as const;
type PortName = keyof typeof portDefaults;

export interface StartSettings {
  readonly directory: string;
  readonly ports: {
    readonly app: number;
    readonly identity: number;
    readonly mailPage: number;
    readonly smtp: number;
    readonly postgres: number;
    readonly temporal: number;
  };
}

const root = fileURLToPath(new URL('../..', import.meta.url));

export function readSettings(environment: Environment): StartSettings {
  const given = environment['MERIDIAN_DATA_DIRECTORY']?.trim() || path.join(root, '.meridian');
  const ports = {
    app: readPort(environment, 'PORT'),
    identity: readPort(environment, 'MERIDIAN_IDENTITY_PORT'),
    mailPage: readPort(environment, 'MERIDIAN_MAIL_PORT'),
    smtp: readPort(environment, 'MERIDIAN_SMTP_PORT'),
    postgres: readPort(environment, 'MERIDIAN_POSTGRES_PORT'),
    temporal: readPort(environment, 'MERIDIAN_TEMPORAL_PORT'),
  };
  if (new Set(Object.values(ports)).size < Object.keys(ports).length) {
    const names = Object.keys(portDefaults).join(', ');
    throw new StartProblem(
      'configuration',
      `Two parts would share a port: give ${names} different values.`,
    );
  }
  return { directory: path.resolve(given), ports };
}

function readPort(environment: Environment, name: PortName): number {
  const text = environment[name]?.trim() || String(portDefaults[name]);
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new StartProblem(
    'configuration',
    `${name} is ${JSON.stringify(text)}: it must be a whole number from 1 to 65535.`,
  );
}
