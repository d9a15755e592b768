/** Links that ask for much: see `crates/scenario/tests/bounds/links.rs`, and two that once did harm. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Its checks remembered 3.7 GB; its check read all writes again with each. */
const HARMFUL = [
  '#/stale-read?latency=0s&jitter=0s&loss=0&r=2&w=2&pause=1ms&t=25s',
  '#/lease-and-pause?latency=0s&work=0s&prepare=0s&stint=1000&t=30s',
];

/** So many of them, and those that did harm; or what `SLOWFIRE_HEAVY` says: a number, `drawn:20`, `all`, or one link. */
export function heavyLinks(count) {
  const wanted = process.env.SLOWFIRE_HEAVY ?? String(count);
  if (wanted.startsWith('#')) return [wanted];
  const example = ['run', '--quiet', '--profile', 'test', '--package', 'slowfire-scenario'];
  const command = [...example, '--example', 'heavy_links', '--', wanted];
  const output = execFileSync('cargo', command, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
  return [...HARMFUL, ...output.trimEnd().split('\n')];
}
