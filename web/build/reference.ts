/** The tables of the documentation that the schema of documents fills: every field with its form, its default and its range. */
import { readFileSync } from 'node:fs';
import { escaped } from '../src/files/markup.ts';

/** The parts of a schema that the tables use. */
export interface Node {
  description?: string;
  default?: unknown;
  enum?: unknown[];
  type?: string;
  pattern?: string;
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
  allOf?: Case[];
  $ref?: string;
}

/** Fields that only one protocol, or one kind of check, has. */
interface Case {
  if: { properties: Record<string, { const: string }> };
  then: { properties: Record<string, Node> };
}

const SCHEMA = new URL('../../crates/scenario/schema/document.schema.json', import.meta.url);

interface Defined {
  Lab: Node;
  Scenario: Node;
}

export function readSchema(): Defined {
  return (JSON.parse(readFileSync(SCHEMA, 'utf8')) as { $defs: Defined }).$defs;
}

/** The form of a text, by the end of its pattern, with an example. */
const FORMS: readonly [end: RegExp, form: string, example: string][] = [
  [/\(ns\|.*\)/, 'time', '80ms'],
  [/ppm/, 'clock error', '200ppm'],
  [/GB\)\/s/, 'rate', '64kB/s'],
  [/GB\)/, 'size', '64kB'],
  [/%\?/, 'share', '0.1'],
];

/** The tables, by their names in the documentation's `<!-- table: … -->`. */
export function tables(): Record<string, () => string> {
  const { Lab, Scenario } = readSchema();
  const part = (name: string) => Scenario.properties?.[name] ?? {};
  const nodes = part('nodes').items ?? {};
  return {
    lab: () => described('', Lab),
    scenario: () => described('scenario.', Scenario, 'links') + links(Scenario),
    protocols: () => (Scenario.allOf ?? []).map(protocol).join(''),
    checks: () => checks(part('checks').items ?? {}),
    'settings-of-links': () => table(fieldsOf(part('network'), ['preset'])),
    'settings-of-nodes': () => table(fieldsOf(nodes, ['count', 'name', 'ntp', 'position', 'role'])),
  };
}

function fieldsOf({ properties = {} }: Node, without: readonly string[] = []): [string, Node][] {
  return Object.entries(properties).filter(([name]) => !without.includes(name));
}

/** A table of an object's fields, followed by one for each nested object, except `elsewhere`. */
function described(path: string, node: Node, elsewhere?: string): string {
  const fields = fieldsOf(node);
  const inner = fields.flatMap(([name, field]) => {
    if (name === elsewhere) return [];
    const object = field.properties ? field : field.items;
    if (!object?.properties) return [];
    const title = `<h3 id="${path}${name}"><code>${path}${name}</code></h3>`;
    const says = field.description === undefined ? '' : `<p>${escaped(field.description)}</p>`;
    return [title + says + described(`${path}${name}.`, object)];
  });
  return table(fields, path) + inner.join('');
}

/** The fields of links that the network does not have. */
function links({ properties = {} }: Node): string {
  const { links: list, network } = properties;
  const own = fieldsOf(list?.items ?? {}, Object.keys(network?.properties ?? {}));
  const all = '<a href="#scenario.network"><code>scenario.network</code></a>';
  return `<h3 id="scenario.links"><code>scenario.links</code></h3><p>${escaped(list?.description ?? '')} Besides these fields, all settings of ${all}.</p>${table(own, 'scenario.links.')}`;
}

function protocol({ if: when, then }: Case): string {
  const name = when.properties.protocol?.const ?? '';
  const { defences, nodes, parameters, plan } = then.properties;
  const roles = nodes?.items?.properties?.role?.enum ?? [];
  const facts = [
    `Roles: ${codes(roles)}.`,
    defences?.items?.enum ? `Defences: ${codes(defences.items.enum)}.` : 'No defences.',
    escaped(plan?.description ?? ''),
  ];
  return `<h3 id="protocol.${name}"><code>${name}</code></h3><p>${facts.join(' ')}</p>${table(fieldsOf(parameters ?? {}))}`;
}

function checks({ properties = {}, allOf = [] }: Node): string {
  const fields = new Map(allOf.map((each) => [each.if.properties.kind?.const, each.then.properties]));
  const kinds = (properties.kind?.enum ?? []).map(String);
  const rows = kinds.map((kind) => {
    const own = Object.entries(fields.get(kind) ?? {});
    const said = own.map(([name, field]) => `<code>${name}</code>: ${line(field)}`);
    return `<tr><td><code>${kind}</code></td><td>${said.join('<br />') || 'none'}</td></tr>`;
  });
  return framed('<tr><th scope="col">Kind</th><th scope="col">Its own fields</th></tr>', rows, 'Checks');
}

function line(field: Node): string {
  const standard = field.default === undefined ? '' : ` If left out, ${shown(field.default)}.`;
  return `${form(field)}. ${escaped(field.description ?? '')}${standard}`;
}

/** Fields get an id if there is a `path`, their prefix. */
function table(fields: [string, Node][], path?: string): string {
  if (fields.length === 0) return '';
  const rows = fields.map(([name, field]) => {
    const id = path === undefined ? '' : ` id="${path}${name}.field"`;
    const standard = field.default === undefined ? '' : shown(field.default);
    return `<tr${id}><td><code>${name}</code></td><td>${form(field)}</td><td>${standard}</td><td>${escaped(field.description ?? '')}</td></tr>`;
  });
  const heads = ['Field', 'Form', 'If left out', 'What it says'];
  const head = `<tr>${heads.map((each) => `<th scope="col">${each}</th>`).join('')}</tr>`;
  return framed(head, rows, path === undefined ? 'Settings' : `Fields of ${path.slice(0, -1) || 'lab'}`);
}

/** A table that is wider than the page scrolls in its own frame, which takes the keyboard's focus. */
export function framed(head: string, rows: readonly string[], name: string): string {
  return `<div class="table" role="group" tabindex="0" aria-label="${escaped(name)}"><table><thead>${head}</thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function form(field: Node): string {
  if (field.enum) {
    // A switch is written as a word; JSON may say true and false.
    return codes(field.enum.filter((word) => typeof word === 'string'));
  }
  if (field.$ref !== undefined || field.properties) return 'table';
  if (field.type === 'array') return `list: ${form(field.items ?? {})}`;
  if (field.type === 'object') return 'table';
  // A protocol is a name, or a table with a script.
  const isEither = field.anyOf?.some(({ type }) => type === 'object') ?? false;
  if (isEither) return (field.anyOf ?? []).map(form).join(', or a ');
  const all = [field, ...(field.anyOf ?? [])];
  const pattern = all.find((each) => each.pattern !== undefined)?.pattern ?? '';
  const found = FORMS.find(([end]) => end.test(pattern));
  if (found) return `${found[1]}, <code>${found[2]}</code>`;
  if (all.some(({ type }) => type === 'integer')) return 'whole number';
  return pattern === '' ? 'text' : 'number';
}

const codes = (words: readonly unknown[]) =>
  words.map((word) => `<code>${escaped(String(word))}</code>`).join(', ');

const shown = (value: unknown) => `<code>${escaped(String(value))}</code>`;
