/** Whether a run is of a published algorithm as it was published: where a rule is off, whatever shows the run says so. */
import type { About, State } from '../core/index.ts';
import { words } from '../words.ts';

export interface Algorithm {
  name: string;
  /** How many rules it has, and how many of them are off. */
  rules: number;
  off: number;
  /** What the rules that are off are called, if the page has a switch for each of them. */
  named: string[];
}

/** The published algorithm that the run follows or modifies, if there is one; each of its rules is a defence. */
export function algorithmOf(about: About, { defences }: State): Algorithm | undefined {
  if (about.algorithm === null) return undefined;
  const rules = Object.values(defences);
  const off = rules.filter((isOn) => !isOn).length;
  const named = about.defences.filter(({ id }) => !defences[id]).map(({ label }) => label);
  return { name: about.algorithm, rules: rules.length, off, named: named.length === off ? named : [] };
}

/** The algorithm, and which of its rules are off, as far as there is room: one is named. */
export function saidOf({ name, rules, off, named }: Algorithm): string {
  const { whole, without, missing } = words.algorithm;
  const [rule, ...others] = named;
  if (off === 0) return whole(name, rules);
  return rule !== undefined && others.length === 0 ? without(name, rule) : missing(name, rules, off);
}

/** The same with the names of all rules that are off, where they are known. */
export function saidInFull(algorithm: Algorithm): string {
  const said = saidOf(algorithm);
  return algorithm.named.length > 1 ? words.algorithm.naming(said, algorithm.named) : said;
}

/** The algorithm, if some of its rules are off; nothing otherwise. */
export function modifiedOf(about: About, state: State): Algorithm[] {
  const algorithm = algorithmOf(about, state);
  return algorithm && algorithm.off > 0 ? [algorithm] : [];
}

/** The lab's title, and what to call the algorithm if it is not the published one. */
export function titledOf(about: About, state: State): string[] {
  return [about.lab.title, ...modifiedOf(about, state).map(({ name }) => words.algorithm.modified(name))];
}
