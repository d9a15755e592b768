/** Whether two runs are of one lab. */
import type { About } from '../core/index.ts';

/** Whether the pictures can go on showing what they show. Documents need not have an id, so their nodes count too. */
export function isSameLab(one: About, other: About): boolean {
  const nodes = (about: About) => JSON.stringify(about.nodes);
  return one.lab.id === other.lab.id && nodes(one) === nodes(other);
}
