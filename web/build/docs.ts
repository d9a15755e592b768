/**
 * The documentation, as pages of the site: `docs/*.md` in the page's look.
 *
 * The files read as they are, too. What GitHub does not know:
 * - code that is the link of a run, `#/double-charge?seed=11`, opens it;
 * - `<!-- figure: lab="double-charge" -->` is a figure with these attributes;
 * - `<!-- table: checks -->` is a table that the schema fills (see `reference.ts`);
 * - `your.host` is this site, where the build knows its address.
 */
import { readFileSync } from 'node:fs';
import { Marked, type Tokens } from 'marked';
import { framed, tables } from './reference.ts';
import { escaped } from '../src/files/markup.ts';
import { filled, moved, plain, type SiteFile } from './template.ts';

/** In the order in which they are offered. */
export const DOCS = ['embed', 'links', 'scenario', 'teach', 'cite'] as const;

/** The address of a site in the files. */
const ANY_HOME = 'https://your.host/slowfire/';

interface Page {
  /** The folder of the page below `docs/`; empty for the list of all. */
  name: string;
  title: string;
  /** Its first paragraph. */
  about: string;
  body: string;
}

/** Their folders, from the site's on. */
export function docsPaths(): string[] {
  return ['docs/', ...DOCS.map((name) => `docs/${name}/`)];
}

/** `template` is `docs.html` as Vite has built it; `home` the address of the site, empty where nobody knows it. */
export function docsFiles(template: string, home: string): SiteFile[] {
  const pages = DOCS.map((name) => readPage(name, home));
  return [listOf(pages), ...pages].map((page) => {
    const folder = page.name === '' ? 'docs/' : `docs/${page.name}/`;
    const place = folder.replaceAll(/[^/]+\//g, '../');
    const canonical = `${home === '' ? place : home}${folder}`;
    const head = [
      `<meta name="description" content="${escaped(page.about)}" />`,
      `<link rel="canonical" href="${escaped(canonical)}" />`,
    ];
    const source = filled(moved(template, place), {
      head: head.join('\n    '),
      title: escaped(`${page.title} · Slowfire`),
      nav: pages.map((other) => entry(other, page.name, place)).join(''),
      body: page.body,
    });
    return { fileName: `${folder}index.html`, source };
  });
}

function entry({ name, title }: Page, current: string, place: string): string {
  const is = name === current ? ' aria-current="page"' : '';
  return `<li><a href="${place}docs/${name}/"${is}>${escaped(title)}</a></li>`;
}

function listOf(pages: readonly Page[]): Page {
  const title = 'Documentation';
  const items = pages.map(
    (page) =>
      `<dt><a href="./${page.name}/">${escaped(page.title)}</a></dt><dd>${escaped(page.about)}</dd>`,
  );
  return {
    name: '',
    title,
    about: 'How to embed a run of Slowfire, link to it, write one of your own, teach with it, and cite it.',
    body: `<h1>${title}</h1><dl>${items.join('')}</dl>`,
  };
}

export function readPage(name: string, home: string): Page {
  const file = readFileSync(new URL(`../docs/${name}.md`, import.meta.url), 'utf8');
  const text = file.replaceAll(ANY_HOME, home === '' ? ANY_HOME : home);
  const [, title = '', about = ''] = /^# (.+)\n\n((?:.+\n)+)/.exec(text) ?? [];
  if (title === '') throw new Error(`docs/${name}.md does not begin with its title and what it is about`);
  return { name, title: plain(title), about: plain(about), body: rendered(text, name) };
}

function rendered(text: string, name: string): string {
  const ids = new Set<string>();
  const marked = new Marked({ renderer: renderer(ids, name) });
  const body = marked.parse(text, { async: false });
  const missing = [...body.matchAll(/href="#([^"/]+)"/g)].filter(
    ([, id = '']) => !body.includes(`id="${id}"`),
  );
  if (missing.length > 0) throw new Error(`docs/${name}.md links to ${missing.map(String).join(' ')}`);
  return body;
}

function renderer(ids: Set<string>, name: string) {
  let heading = '';
  return {
    heading(this: { parser: Parser }, { tokens, depth, text }: Tokens.Heading): string {
      heading = plain(text);
      const id = idOf(heading);
      if (ids.has(id)) throw new Error(`docs/${name}.md has two headings “${heading}”`);
      ids.add(id);
      return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    codespan({ text }: Tokens.Codespan): string {
      const code = `<code>${escaped(text)}</code>`;
      return isRun(text) ? `<a href="../../${escaped(text)}">${code}</a>` : code;
    },
    link(this: { parser: Parser }, { href, tokens }: Tokens.Link): string {
      return `<a href="${escaped(addressOf(href, name))}">${this.parser.parseInline(tokens)}</a>`;
    },
    table(this: { parser: Parser }, { header, rows }: Tokens.Table): string {
      const cells = (tag: string, all: Tokens.TableCell[]) =>
        `<tr>${all.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag.slice(0, 2)}>`).join('')}</tr>`;
      return framed(
        cells('th scope="col"', header),
        rows.map((row) => cells('td', row)),
        heading,
      );
    },
    html({ text }: Tokens.HTML | Tokens.Tag): string {
      return marked(text.trim(), name);
    },
  };
}

interface Parser {
  parseInline: (tokens: Tokens.Generic[]) => string;
}

const TABLES = tables();

/** What a comment of ours stands for; other HTML is none of ours. */
function marked(comment: string, name: string): string {
  const [, kind = '', what = ''] = /^<!-- (\w+): (.+) -->$/s.exec(comment) ?? [];
  const table = TABLES[what];
  if (kind === 'table' && table) return table();
  if (kind !== 'figure') throw new Error(`docs/${name}.md has HTML: ${comment}`);
  const [, lab = ''] = /lab="([^"]+)"/.exec(what) ?? [];
  const picture = `<a href="../../#/${lab}"><img src="../../posters/${lab}.svg" alt="${lab}" width="480" height="270" /></a>`;
  return `<script type="module" src="../../slow-fire.js"></script>\n<slow-fire ${what}>${picture}</slow-fire>\n`;
}

/** Whether a text is the link of a run or of a path, and no pattern of one. */
export function isRun(text: string): boolean {
  return /^#(?:\/[a-z]|path)/.test(text) && !text.includes('…');
}

function addressOf(href: string, name: string): string {
  const [, page, rest = ''] = /^([a-z]+)\.md(#.*)?$/.exec(href) ?? [];
  if (page !== undefined && DOCS.some((other) => other === page)) return `../${page}/${rest}`;
  if (/^(?:#|https:)/.test(href)) return href;
  throw new Error(`docs/${name}.md links to ${href}, which is on no site`);
}

/** As GitHub names headings. */
const idOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(/\s/g, '-');
