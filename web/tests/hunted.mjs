/** What the command finds with the same seeds. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../..', import.meta.url));

export function hunted(link, first, end) {
  const seeds = ['--seeds', `${first}..${end}`];
  const command = ['run', '--quiet', '--profile', 'test', '--package', 'slowfire-cli', '--', 'hunt', link];
  const { stdout, stderr } = spawnSync('cargo', [...command, ...seeds, '--json'], {
    cwd,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}
