/**
 * What tells others of the labs: a page, a frame and a card for each; the documentation, the site map, and what oEmbed asks for.
 *
 * A link to a run stands behind the `#`, where no crawler looks. So each lab has a page of its own that says what it is about,
 * with no simulator, for search engines, for previews of links, and for readers without JavaScript.
 */
import { escaped } from '../src/files/markup.ts';
import { words } from '../src/words.ts';
import { docsFiles, docsPaths } from './docs.ts';
import type { Pictured } from './posters.ts';
import { filled, moved, plain, type SiteFile } from './template.ts';

/** The pages as Vite has built them, with marks where a lab is to come in. */
export interface Templates {
  lab: string;
  embed: string;
  docs: string;
  notFound: string;
}

const FRAME = { width: 640, height: 420 };
/** The most letters of a description that are shown. */
const LONGEST = 200;

/** `home` is the address of the site, with a slash at its end; empty where the build does not know it. */
export function siteFiles(labs: readonly Pictured[], templates: Templates, home: string): SiteFile[] {
  const ofLabs = labs.flatMap((lab) => [
    { fileName: `posters/${lab.id}.svg`, source: lab.poster },
    { fileName: `posters/${lab.id}.png`, source: lab.card },
    { fileName: `lab/${lab.id}/index.html`, source: labPage(lab, templates.lab, home) },
    { fileName: `embed/${lab.id}.html`, source: embedPage(lab, templates.embed, home) },
  ]);
  const files = [...ofLabs, ...docsFiles(templates.docs, home), notFound(templates.notFound, home)];
  return home === '' ? files : [...files, ...labs.map((lab) => oembed(lab, home)), siteMap(labs, home)];
}

function labPage(lab: Pictured, template: string, home: string): string {
  const place = '../../';
  const about = [...lab.modified.map(sentence), plain(lab.summary)].join(' ');
  const question = words.site.run(lab.question, ...lab.modified);
  const at = (path: string) => escaped(`${home === '' ? place : home}${path}`);
  const head = [
    `<meta name="description" content="${escaped(shortened(about, LONGEST))}" />`,
    `<link rel="canonical" href="${at(`lab/${lab.id}/`)}" />`,
    property('og:type', 'website'),
    property('og:site_name', 'Slowfire'),
    property('og:title', escaped(question)),
    property('og:description', escaped(shortened(about, LONGEST))),
    property('og:url', at(`lab/${lab.id}/`)),
    property('og:image', at(`posters/${lab.id}.png`)),
    property('og:image:width', '1200'),
    property('og:image:height', '630'),
    property('og:image:alt', escaped(`${lab.title}: the run at the moment that matters`)),
    '<meta name="twitter:card" content="summary_large_image" />',
    ...(home === ''
      ? []
      : [
          `<link rel="alternate" type="application/json+oembed" href="${at(`oembed/${lab.id}.json`)}" title="${escaped(lab.title)}" />`,
        ]),
  ];
  return filled(moved(template, place), {
    head: head.join('\n    '),
    title: escaped(words.site.title(lab.question, ...lab.modified)),
    question: escaped(lab.question),
    about: escaped(about),
    id: lab.id,
    name: escaped(lab.title),
  });
}

/** The frame for one lab: what it shows before it wakes, and where there is no JavaScript, is in its markup. */
function embedPage(lab: Pictured, template: string, home: string): string {
  const place = '../';
  const page = `${home === '' ? place : home}lab/${lab.id}/`;
  const picture = `<img src="${place}posters/${lab.id}.svg" alt="${escaped(lab.title)}" />`;
  const question = escaped(lab.question);
  const title = escaped(words.site.run(lab.question, ...lab.modified));
  const parts: [RegExp, string][] = [
    [
      /<title>.*?<\/title>/,
      `<link rel="canonical" href="${escaped(page)}" />\n    <title>${title}</title>`,
    ],
    [/<h1>.*?<\/h1>/, `<h1>${question}</h1>`],
    [
      /<sf-embed>.*?<\/sf-embed>/s,
      `<sf-embed data-lab="${lab.id}" data-home="${place}">\n        <a class="poster" href="${place}#/${lab.id}" target="_blank" rel="noopener">${picture}</a>\n      </sf-embed>`,
    ],
    [/\s*<noscript>.*?<\/noscript>/s, ''],
  ];
  return parts.reduce((text, [part, other]) => replaced(text, part, other), moved(template, place));
}

/** `other` is taken as it stands, `$&` too. */
function replaced(text: string, part: RegExp, other: string): string {
  if (!part.test(text)) throw new Error(`a page has no ${part.source}`);
  return text.replace(part, () => other);
}

/** What hosts answer with where there is nothing. It may stand at any depth: its links begin where the site does. */
function notFound(template: string, home: string): SiteFile {
  return { fileName: '404.html', source: moved(template, home === '' ? '/' : home) };
}

/** See https://oembed.com, 2.3.4.4. */
function oembed(lab: Pictured, home: string): SiteFile {
  const { width, height } = FRAME;
  const src = `${home}embed/${lab.id}.html`;
  const told = {
    version: '1.0',
    type: 'rich',
    provider_name: 'Slowfire',
    provider_url: home,
    title: words.site.run(lab.question, ...lab.modified),
    html: `<iframe src="${src}" title="${escaped(lab.title)}" width="${width}" height="${height}" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox"></iframe>`,
    width,
    height,
    thumbnail_url: `${home}posters/${lab.id}.png`,
    thumbnail_width: 1200,
    thumbnail_height: 630,
  };
  return { fileName: `oembed/${lab.id}.json`, source: `${JSON.stringify(told, undefined, 2)}\n` };
}

function siteMap(labs: readonly Pictured[], home: string): SiteFile {
  const paths = ['', ...labs.map(({ id }) => `lab/${id}/`), ...docsPaths()];
  const addresses = paths.map((path) => home + path);
  const entries = addresses.map((address) => `  <url><loc>${escaped(address)}</loc></url>\n`).join('');
  const source = `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${entries}</urlset>\n`;
  return { fileName: 'sitemap.xml', source };
}

const property = (name: string, content: string) => `<meta property="${name}" content="${content}" />`;

/** What is modified, as a sentence of its own. */
function sentence(said: string): string {
  return `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

/** The sentences that fit; at least the first. */
export function shortened(text: string, most: number): string {
  const sentences = text.match(/.+?[.?!](?=\s|$)/g) ?? [text];
  let shown = '';
  for (const sentence of sentences) {
    if (shown !== '' && shown.length + sentence.length > most) break;
    shown += sentence;
  }
  return shown.trim();
}
