/** How our own Postgres is reached; known before it runs. */
export const superuser = 'meridian';
export const productDatabase = 'meridian';

export const postgresUrl = (
  port: number,
  password: string,
  database: string = productDatabase,
): string =>
  `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
