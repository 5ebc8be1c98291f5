/**
 * What a fresh machine needs before anything else: packages, Node 24, the Temporal CLI. It runs
 * under Node 20 without any package, and does nothing when all of it is there.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideTemporal } from './temporal-cli.mjs';

const nodeMajor = 24;
const nodeMajorOldest = 20;
const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = path.join(root, 'node_modules', '.meridian-setup');
const pinnedNode = path.join(root, 'node_modules', '.bin', 'node');
const say = (line) => console.log(line);

class SetupProblem extends Error {}

function demandThisNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= nodeMajorOldest) return;
  throw new SetupProblem(
    `Node ${process.versions.node} is too old even for setting up: install Node ${nodeMajorOldest} or newer.`,
  );
}

function providePackages() {
  const lock = readFileSync(path.join(root, 'package-lock.json'));
  const stamp = createHash('sha256').update(lock).digest('hex');
  if (readStamp() === stamp) return;
  say('Packages: npm ci (once, and again when package-lock.json changes)');
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const done = spawnSync(command, [...first, 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (done.status !== 0) {
    throw new SetupProblem(
      'npm ci failed, for the reason it gives above: see to that (a package registry must be reachable), and run the same command again.',
    );
  }
  demandPinnedNode();
  writeFileSync(stampFile, stamp);
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return undefined;
  }
}

/** npm may hold back the install script that brings Node, depending on its settings. */
function demandPinnedNode() {
  let answer = 'nothing';
  try {
    answer = execFileSync(pinnedNode, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    // said below, whatever it was
  }
  if (answer.startsWith(`v${nodeMajor}.`)) return;
  throw new SetupProblem(
    `node_modules/.bin/node answers ${answer} instead of Node ${nodeMajor}: npm held back the install script of the package "node". ` +
      'Run: npm config delete ignore-scripts && rm -r node_modules && npm ci --ignore-scripts=false',
  );
}

try {
  demandThisNode();
  providePackages();
  demandPinnedNode();
  await provideTemporal(process.env, say);
} catch (error) {
  if (error instanceof SetupProblem || error.message.startsWith('No Temporal CLI')) {
    console.error(error.message);
  } else if (error.code === 'ENOSPC') {
    console.error('The disk is full: free about 2 GB, and run the same command again.');
  } else {
    console.error(error);
  }
  process.exit(1);
}
