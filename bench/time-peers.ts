/** The packages of npm that add working time, each in a process that is stopped when it hangs. */
import { spawnSync } from 'node:child_process';
import { cases } from './time-cases.ts';
import { peers } from './time-peer.ts';

const limitMs = 5_000;

interface Answer {
  readonly answer: string;
  readonly milliseconds: number;
  readonly perSecond: number;
}

function ask(peer: string, { name, zone }: { readonly name: string; readonly zone: string }) {
  const script = new URL('./time-peer.ts', import.meta.url).pathname;
  const child = spawnSync(process.execPath, [script, peer, name], {
    encoding: 'utf8',
    env: { ...process.env, TZ: zone },
    timeout: limitMs,
    killSignal: 'SIGKILL',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.signal === 'SIGKILL') return `hangs (stopped after ${limitMs / 1_000} s)`;
  if (child.status !== 0)
    return `fails: ${child.stderr.split('\n').find((line) => /Error/.test(line))}`;
  return JSON.parse(child.stdout) as Answer;
}

/** A table of answers, and how many times faster than the best of the others we are. */
export function comparedWithPeers(): string {
  const names = Object.keys(peers);
  const first = cases[0];
  const speeds = new Map<string, number>();
  const rows = cases.map((asked) => {
    const cells = names.map((peer) => {
      const found = ask(peer, asked);
      if (typeof found === 'string') return found;
      const isRight = found.answer === asked.end;
      if (asked === first && isRight && found.milliseconds < 1_000) {
        speeds.set(peer, found.perSecond);
      }
      const rate = asked === first ? `, ${Math.round(found.perSecond).toLocaleString('en')}/s` : '';
      return isRight ? `right${rate}` : `wrong: ${found.answer.slice(0, 16)}Z${rate}`;
    });
    return `| ${[`${asked.name}, ${asked.zone}`, asked.end.slice(0, 16), ...cells].join(' | ')} |`;
  });
  const [ours = Number.NaN, ...others] = names.map((name) => speeds.get(name) ?? 0);
  const ratio = Math.round(ours / Math.max(...others)).toLocaleString('en');
  return [
    `| case | end (UTC) | ${names.join(' | ')} |`,
    `|---|---|${names.map(() => '---|').join('')}`,
    ...rows,
    '',
    `40 hours of an office week: ${ratio} times the best package that is right (asked for: 1,000).`,
  ].join('\n');
}
