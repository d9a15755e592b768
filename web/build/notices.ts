/** The licences of what others wrote and `dist/` ships: of the crates in the module, and of the npm packages in the scripts. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Work {
  name: string;
  version: string;
  license: string;
  /** Where its sources are. */
  folder: string;
}

const HEADER = `Slowfire is under the MIT licence, and made with these works. What each is under, and its notices, follow.
`;

/** The text of the file; `modules` are all that went into the scripts. */
export function thirdPartyNotices(modules: readonly string[]): string {
  const works = [...crates(), ...packages(modules), standardLibrary()];
  works.sort((a, b) => a.name.localeCompare(b.name, 'en') || a.version.localeCompare(b.version, 'en'));
  return [HEADER, ...byText(works)].join(`\n${'-'.repeat(80)}\n\n`);
}

/** Each text once, below the works that it is of: one under several licences stands at each. */
function byText(works: readonly Work[]): string[] {
  const texts = new Map<string, Work[]>();
  for (const work of works) {
    for (const text of noticesIn(work.folder)) texts.set(text, [...(texts.get(text) ?? []), work]);
  }
  return [...texts].map(([text, those]) => {
    const names = those.map(({ name, version, license }) => `${name} ${version} (${license})\n`);
    return `${names.join('')}\n${text}\n`;
  });
}

/** The texts of a work's licences and notices. */
function noticesIn(folder: string): string[] {
  const isNotice = (name: string) => /^(?:licen[cs]e|copying|copyright|notice|unlicense)/i.test(name);
  // Vite adds the notices of all that it bundles to its own; none of that is shipped.
  const own = (text: string) => text.split('# Licenses of bundled dependencies')[0] ?? text;
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && isNotice(entry.name))
    .map(({ name }) => name)
    .sort();
  if (files.length === 0) throw new Error(`${folder} has no licence in a file of its own`);
  return files.map((name) =>
    own(readFileSync(join(folder, name), 'utf8'))
      .replaceAll('\r\n', '\n')
      .trim(),
  );
}

interface Metadata {
  packages: {
    name: string;
    version: string;
    license: string | null;
    source: string | null;
    manifest_path: string;
  }[];
}

/** What cargo says. It fetches what it lacks: a build fetches the packages of its own target alone, this asks of all. */
function cargo(...asked: string[]): string {
  const [command = '', ...more] = asked;
  return execFileSync('cargo', [command, '--locked', ...more], {
    cwd: ROOT,
    maxBuffer: 1 << 28,
    encoding: 'utf8',
  });
}

/** The crates that the modules are linked from: not what only builds or tests need. */
function crates(): Work[] {
  const edges = ['-e', 'normal,no-proc-macro', '--target', 'wasm32-unknown-unknown'];
  const modules = ['-p', 'slowfire-wasm', '-p', 'slowfire-judge'];
  const tree = cargo('tree', ...modules, ...edges, '--prefix', 'none', '--format', '{p}');
  // `serde v1.0.229`, and after the workspace's own crates their folder.
  const linked = new Set(tree.split('\n').map((line) => line.replace(/ \(\*\)$/, '')));
  const all = (JSON.parse(cargo('metadata', '--format-version', '1')) as Metadata).packages;
  return all
    .filter(({ name, version, source }) => source !== null && linked.has(`${name} v${version}`))
    .map(({ name, version, license, manifest_path }) => ({
      name,
      version,
      license: license ?? 'see below',
      folder: dirname(manifest_path),
    }));
}

/** What every module of Rust holds. No toolchain has to bring its notices, so they stand here. */
function standardLibrary(): Work {
  const folder = fileURLToPath(new URL('rust-standard-library', import.meta.url));
  return {
    name: 'the Rust standard library',
    version: 'of the build',
    license: 'MIT OR Apache-2.0',
    folder,
  };
}

/** The npm packages that some of the bundled modules belong to, and Vite, whose loader is among them. */
function packages(modules: readonly string[]): Work[] {
  const inPackage = /^(?<folder>.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;
  const folders = modules.map((module) => inPackage.exec(module.replaceAll('\\', '/'))?.groups?.folder);
  const loader = join(ROOT, 'web/node_modules/vite');
  return [...new Set([...folders, loader])].flatMap((folder) => {
    if (folder === undefined) return [];
    const text = readFileSync(join(folder, 'package.json'), 'utf8');
    const { name, version, license } = JSON.parse(text) as Omit<Work, 'folder'>;
    return [{ name, version, license, folder }];
  });
}
