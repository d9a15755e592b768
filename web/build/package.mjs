// Makes the npm package slow-fire of dist/: node build/package.mjs <folder>. It holds the element, what that loads, and its types.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const WEB = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(WEB, '../dist');
const PLACE = resolve(process.argv[2]);
const FOLDER = join(PLACE, 'slow-fire');
const { version, license } = JSON.parse(readFileSync(join(WEB, 'package.json'), 'utf8'));

const ENTRY = `import './slow-fire.js';

/** The class of the element: of the first copy, if a page has several. */
export const SlowFire = customElements.get('slow-fire');
`;

/** The assets that a script names, and those that they name. */
function reached(script, all, found = new Set()) {
  const text = readFileSync(join(DIST, script), 'utf8');
  for (const name of all) {
    if (found.has(name) || !text.includes(name)) continue;
    found.add(name);
    if (name.endsWith('.js')) reached(`assets/${name}`, all, found);
  }
  return found;
}

/** The types of the element alone: a run's session is of use to tests, which ask for its digest. */
function types() {
  const out = join(PLACE, 'types');
  const config = join(WEB, 'tsconfig.package.json');
  execFileSync(join(WEB, 'node_modules/.bin/tsc'), ['-p', config, '--outDir', out], { stdio: 'inherit' });
  const read = (name) => readFileSync(join(out, name), 'utf8');
  const element = read('slow-fire.d.ts')
    .replace(/import type \{ FigureEvents \}.*\n/, `${read('element/events.d.ts')}\n`)
    .replace(/import type \{ Session \}.*\n/, 'interface Session {\n    digest(): string;\n}\n');
  rmSync(out, { recursive: true });
  if (/^import /m.test(element))
    throw new Error('the types of the element name a file that the package lacks');
  return element;
}

/** A bundler gives files other names: what is loaded ahead by name would be missing. */
const withoutPreloads = (script) => script.replaceAll(/__vite__mapDeps\(\[[\d,]*\]\)/g, '[]');

function copyScript(name) {
  writeFileSync(join(FOLDER, name), withoutPreloads(readFileSync(join(DIST, name), 'utf8')));
}

const manifest = {
  name: 'slow-fire',
  version,
  description:
    'A distributed system that fails: slowly, on purpose, and the same way every time. An element for any page.',
  license,
  type: 'module',
  exports: {
    '.': { types: './slow-fire.d.ts', default: './index.js' },
    './slow-fire.js': './slow-fire.js',
  },
  types: './slow-fire.d.ts',
  sideEffects: true,
};

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(join(FOLDER, 'assets'), { recursive: true });
const assets = readdirSync(join(DIST, 'assets')).filter((name) => !/\.(?:br|gz)$/.test(name));
for (const name of reached('slow-fire.js', assets)) {
  if (name.endsWith('.js')) copyScript(`assets/${name}`);
  else cpSync(join(DIST, 'assets', name), join(FOLDER, 'assets', name));
}
copyScript('slow-fire.js');
for (const file of ['THIRD-PARTY-NOTICES.txt', 'posters']) {
  const filter = (from) => !/\.(?:br|gz|png)$/.test(from);
  cpSync(join(DIST, file), join(FOLDER, file), { recursive: true, filter });
}
cpSync(join(WEB, '../LICENSE'), join(FOLDER, 'LICENSE'));
cpSync(join(WEB, 'hosting/package.md'), join(FOLDER, 'README.md'));
writeFileSync(join(FOLDER, 'index.js'), ENTRY);
writeFileSync(join(FOLDER, 'slow-fire.d.ts'), types());
writeFileSync(join(FOLDER, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
const said = execFileSync('npm', ['pack', '--silent', '--pack-destination', PLACE, FOLDER], {
  encoding: 'utf8',
});
console.log(join(PLACE, basename(said.trim())));
